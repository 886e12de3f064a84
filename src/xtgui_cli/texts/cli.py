"""Texts of the command line: commands, options and their errors."""

TEXTS: dict[str, tuple[str, str]] = {
    "usage_title": ("Usage: ", "用法："),
    "usage_options": ("[OPTIONS]", "[选项]"),
    "usage_command": ("COMMAND [ARGS]...", "命令 [参数]..."),
    "usage_optional_command": ("[COMMAND]", "[命令]"),
    "about": (
        "Fine-tune a language model with XTuner, in six steps.\n\n"
        "Without a command: show how far this folder is and what to do next.",
        "用 XTuner 微调语言模型，共六步。\n\n"
        "不带命令：显示当前文件夹进行到哪一步，以及下一步做什么。",
    ),
    "panel.steps": ("The six steps", "六个步骤"),
    "panel.sources": ("Models and data", "模型与数据"),
    "panel.run": ("Training in this folder", "本文件夹中的训练"),
    "panel.machine": ("This machine", "本机"),
    "panel.commands": ("Commands", "命令"),
    "panel.options": ("Options", "选项"),
    "panel.common": ("Global options", "通用选项"),
    "init": (
        "Steps 1 to 3: choose the paths, model, data and parameters, and write the config.",
        "第 1 至 3 步：选择路径、模型、数据和参数，并写出配置文件。",
    ),
    "train": (
        "Step 4: train with live curves. Training continues if you close the terminal.",
        "第 4 步：训练，并实时显示曲线。关闭终端后训练仍会继续。",
    ),
    "results": (
        "Step 5: show the curves and the answers at each checkpoint.",
        "第 5 步：查看曲线，以及各检查点对评估问题的回答。",
    ),
    "convert": (
        "Step 6: convert a checkpoint to Hugging Face format, merged into the base model if you "
        "want.",
        "第 6 步：把检查点转换为 Hugging Face 格式，并可合并进基座模型。",
    ),
    "chat": (
        "Step 6: chat with the fine-tuned model, alone or side by side with the base model.",
        "第 6 步：与微调后的模型对话，也可与基座模型并排比较。",
    ),
    "attach": (
        "Follow the training in this folder on the live screen.",
        "在训练界面中查看本文件夹中的训练。",
    ),
    "status": ("Show training status and progress.", "查看训练状态和进度。"),
    "logs": ("Show the last lines of the training log.", "查看训练日志的最后几行。"),
    "runs": (
        "List the runs in this folder, including archived ones. With NAME, compare that run with "
        "the current one; with two names, compare these two.",
        "列出本文件夹的各次训练（包括已归档的）；给出一个名称，则与当前训练比较，给出两个，"
        "则互相比较。",
    ),
    "stop": ("Stop training after saving a checkpoint.", "保存检查点后停止训练。"),
    "download": (
        "Download a model or a dataset from Hugging Face or ModelScope, with resume and checksums.",
        "从 Hugging Face 或魔搭下载模型或数据集，支持断点续传和校验。",
    ),
    "download_model": (
        "Download a model: its weights, tokenizer, templates and license.\n\n"
        "ID is the name on the hub, such as Qwen/Qwen2.5-0.5B-Instruct, or the address of the "
        "model's page. The model goes into download_cache/model_download/ in this folder, or into "
        "the folder set by paths.cache. If the download is interrupted, run the same command "
        "again to resume it.",
        "下载模型：权重、分词器、模板和许可证。\n\n"
        "ID 是模型在模型社区的名称，例如 Qwen/Qwen2.5-0.5B-Instruct，也可以是页面网址。"
        "模型保存到当前文件夹的 download_cache/model_download/，或 paths.cache 指定的文件夹。"
        "中断后再次运行同一条命令即可继续下载。",
    ),
    "download_dataset": (
        "Download a dataset.\n\n"
        "ID is the name on the hub, such as tatsu-lab/alpaca, or the address of the dataset's "
        "page. The dataset goes into download_cache/data_download/ in this folder, or into the "
        "folder set by paths.cache. If the download is interrupted, run the same command again to "
        "resume it.",
        "下载数据集。\n\n"
        "ID 是数据集在模型社区的名称，例如 tatsu-lab/alpaca，也可以是页面网址。"
        "数据集保存到当前文件夹的 download_cache/data_download/，或 paths.cache 指定的文件夹。"
        "中断后再次运行同一条命令即可继续下载。",
    ),
    "source": (
        "Hub to download from (default: both, in your order)",
        "从哪个模型社区下载（默认按你设定的顺序依次尝试）",
    ),
    "endpoint": (
        "Another address for the hub: a mirror, such as https://hf-mirror.com",
        "模型社区的其他地址，例如镜像 https://hf-mirror.com",
    ),
    "check": ("Check a model or a data file before training.", "训练前检查模型或数据文件。"),
    "check_model": (
        "Check a model folder: whether it is complete, what it needs, and which prompt template "
        "it uses.",
        "检查模型文件夹是否完整、需要什么，以及使用哪个提示词模板。",
    ),
    "check_data": (
        "List every problem in a data file, with row, line and field.",
        "列出数据文件的每一处问题，精确到行和字段。",
    ),
    "accept_changes": (
        "Accept files that have changed since the run began, or since they were checked",
        "接受训练开始后或检查之后改动过的文件",
    ),
    "no_disk_check": (
        "Train even if the disk may be too small for all checkpoints",
        "即使磁盘可能放不下全部检查点，也开始训练",
    ),
    "estimate": (
        "Estimate the memory and disk space that a run needs, item by item, and suggest changes "
        "if it does not fit.",
        "逐项估算训练所需的显存（内存）和磁盘空间；放不下时给出建议。",
    ),
    "estimate_model": (
        "Model folder (config.json is enough) or a name from `xtgui models`; default: the "
        "project's model",
        "模型文件夹（有 config.json 即可）或 `xtgui models` 中的名称；默认为项目的模型",
    ),
    "estimate_method": ("Method to use instead of the project's", "改用这种微调方法来估算"),
    "gpu": (
        'Estimate for a GPU that this machine does not have: "RTX 3090", "4060 8g", 24GB',
        '按其他显卡估算："RTX 3090"、"4060 8g"、24GB',
    ),
    "data": (
        "Preview data as the model sees it, or convert it from other formats.",
        "按模型看到的样子预览数据，或转换其他格式。",
    ),
    "data_preview": (
        "Show rows as the model sees them: what is trained, what is masked and what is cut off.",
        "按模型看到的样子显示数据：哪些参与训练，哪些不参与，哪些被截断。",
    ),
    "data_convert": (
        "Convert Alpaca, ShareGPT, questions and answers, CSV, Parquet or plain text to OpenAI "
        "messages.",
        "把 Alpaca、ShareGPT、问答对、CSV、Parquet 或纯文本转换为 OpenAI messages 格式。",
    ),
    "models": (
        "List the models that xtgui knows, filter them by words, or show one in full.",
        "列出 xtgui 收录的模型、按关键词筛选，或查看其中一个的详情。",
    ),
    "datasets": (
        "List the datasets that xtgui knows, filter them by words, or show one in full.",
        "列出 xtgui 收录的数据集、按关键词筛选，或查看其中一个的详情。",
    ),
    "templates": (
        "List xtuner's prompt templates, or show how one of them formats a conversation.",
        "列出 xtuner 的提示词模板，或查看其中一个怎样写出一段对话。",
    ),
    "fix": ("Write a repaired copy; the original is kept", "写出修复后的副本，原文件保持不变"),
    "with_model": (
        "Model whose tokenizer is used (default: the project's)",
        "使用哪个模型的分词器（默认为项目的模型）",
    ),
    "template": (
        "Prompt template (default: the project's, or else the model's own)",
        "提示词模板（默认为项目的模板，没有则用模型自带的）",
    ),
    "max_length": (
        "Maximum length of a sample, in tokens (default: the project's)",
        "样本的最大长度（token 数，默认为项目的设置）",
    ),
    "rows": ("How many rows to show", "显示多少行"),
    "row": ("Show this row", "显示这一行"),
    "cut": ("Show only rows that are too long and get cut off", "只显示会被截断的行"),
    "column": (
        "Assign a column, e.g. assistant=reply; can be repeated",
        "指定列的用途，例如 assistant=reply；可重复使用",
    ),
    "known_set": (
        "Read the file as this dataset from `xtgui datasets`, with its columns and system text",
        "按 `xtgui datasets` 中的这个数据集读取，沿用其列和系统提示",
    ),
    "setup": (
        "Install the training engine, or choose an existing one.",
        "安装训练引擎，或指定已有的环境。",
    ),
    "stack": (
        "classic: for models that ship older code (InternLM 2, Baichuan, ChatGLM, Qwen 1)",
        "classic：旧版训练引擎，用于自带旧代码的模型（InternLM 2、Baichuan、ChatGLM、Qwen 1）",
    ),
    "doctor": (
        "Check what this machine can train and what is missing, and suggest commands to fix it.",
        "检查本机能训练什么、缺少什么，并给出修复命令。",
    ),
    "deep": (
        "Also quantize and train a tiny model for two steps (about half a minute)",
        "另外量化一个极小的模型，并训练两步（约半分钟）",
    ),
    "trust_command": (
        "Trust a folder, so that training may run its configs or a model's own code.",
        "信任一个文件夹，允许训练运行其中的配置（它们是代码）或模型自带的代码。",
    ),
    "demo": (
        "Run the full workflow on a small real model, on this machine, in minutes.",
        "在本机上用一个真实的小模型走完整个流程，只需几分钟。",
    ),
    "option.root": (
        "Project folder (default: this folder or the nearest one above it with an xtgui.toml)",
        "项目文件夹（默认：向上最近的含 xtgui.toml 的文件夹）",
    ),
    "option.lang": (
        "Language (default: XTGUI_LANG, then the locale)",
        "界面语言（默认依次取 XTGUI_LANG 和系统区域设置）",
    ),
    "option.debug": ("Show tracebacks", "出错时显示完整的调用栈"),
    "option.version": ("Show the version and exit", "显示版本后退出"),
    "option.help": ("Show this help and exit", "显示本帮助后退出"),
    "install_completion": (
        "Set up Tab completion: bash, zsh or fish",
        "安装 Tab 补全：bash、zsh 或 fish",
    ),
    "show_completion": ("Print the completion script", "输出补全脚本"),
    "completion_installed": (
        "The completion script is in {path}. It takes effect in the next shell you open.",
        "补全脚本已写入 {path}，在新打开的终端中生效。",
    ),
    "set": (
        "Change a setting, e.g. train.lr=1e-4; can be repeated",
        "修改一项设置，例如 train.lr=1e-4；可重复使用",
    ),
    "yes": ("Do not ask; use the defaults", "不提问，全部采用默认值"),
    "json": ("Print the data as JSON", "以 JSON 格式输出"),
    "plain": (
        "Print lines instead of the live screen (default without a terminal)",
        "逐行输出，不使用训练界面（没有终端时的默认方式）",
    ),
    "trust": (
        "Trust the files in this folder without asking",
        "信任此文件夹中的文件，不再询问",
    ),
    "answers": (
        "Read answers from a file in the format of xtgui.toml",
        "从文件读取答案，格式与 xtgui.toml 相同",
    ),
    "no_train": ("Write the config, but do not train", "只写出配置文件，不开始训练"),
    "step": (
        "Change the answers of one step: 1 paths, 2 sources, 3 parameters",
        "只修改某一步的答案：1 路径，2 模型与数据，3 参数",
    ),
    "argument.config": ("Another xtuner config", "另一个 xtuner 配置文件"),
    "resume": (
        "Resume from a checkpoint, e.g. iter_300.pth (no name: the latest)",
        "从检查点续训，例如 iter_300.pth（不写名称则用最新的）",
    ),
    "more": (
        "Train N more epochs from the latest checkpoint, even if the run is finished",
        "从最新的检查点起再训练 N 轮，训练完成后也可以",
    ),
    "fresh": ("Start over; the old run is archived in runs/", "重新开始；旧的训练归档到 runs/"),
    "now": ("Stop at once, without saving a checkpoint", "立即终止，不保存检查点"),
    "detach": ("Train in the background and return to the shell", "在后台训练，立即返回终端"),
    "results_checkpoint": ("Show only the answers at this checkpoint", "只显示该检查点的回答"),
    "png": ("Save the curves as a picture (.png)", "把曲线保存为图片（.png）"),
    "epoch": ("Checkpoint at the end of this epoch", "这一轮（epoch）结束时的检查点"),
    "iter": ("Checkpoint at this iteration", "这次迭代时的检查点"),
    "checkpoint": (
        "Checkpoint to use (default: the recommended one, or the latest if none was checked)",
        "使用哪个检查点（默认为推荐的，未检查过时为最新的）",
    ),
    "merge": ("Also merge the adapter into the base model", "同时把适配器合并进基座模型"),
    "base_model": (
        "Folder of the base model, if it has moved since training",
        "基座模型的文件夹（训练后移动过时使用）",
    ),
    "dtype": ("float32, float16 or bfloat16", "权重精度：float32、float16 或 bfloat16"),
    "base": ("Chat with the base model instead", "改为与基座模型对话"),
    "compare": ("Show answers of both models side by side", "两个模型的回答并排显示"),
    "prompt": ("Answer this prompt and exit", "回答这个问题后退出"),
    "prompts": ("Answer each line of a file and exit", "逐行回答文件中的问题后退出"),
    "max_new_tokens": ("Maximum length of an answer, in tokens", "回答的最大长度（token 数）"),
    "temperature": (
        "0: always the most likely token; higher: more varied",
        "0：总取概率最高的 token；越大回答越多样",
    ),
    "top_k": (
        "Sample from this many of the most likely tokens",
        "只从概率最高的若干个 token 中采样",
    ),
    "top_p": (
        "Sample from the most likely tokens, up to this total probability",
        "只从累计概率达到该值的 token 中采样",
    ),
    "num_beams": ("Number of beams in beam search; 1 turns it off", "束搜索的束数；1 表示不使用"),
    "repetition_penalty": ("Above 1: less repetition", "大于 1 时减少重复"),
    "seed": ("The same seed gives the same answer", "种子相同，回答就相同"),
    "system_text": (
        "System text (default: the one from training)",
        "系统提示（默认为训练时所用的）",
    ),
    "run": ("An earlier run, by its name in `xtgui runs`", "以前的某次训练，名称见 `xtgui runs`"),
    "lines": ("How many lines to show", "显示多少行"),
    "follow": ("Keep showing new lines", "持续显示新内容"),
    "python": ("Python of an environment that has xtuner", "已装有 xtuner 的环境中的 Python"),
    "method": ("Fine-tuning method", "微调方法"),
    "with_default": ("{text} (default: {default})", "{text}（默认：{default}）"),
    "usage": ("{message}", "{message}"),
    "usage.hint": ("For help, run: {command}", "查看用法：{command}"),
    "contradiction": (
        "These options cannot be used together: {flags}",
        "这些选项不能同时使用：{flags}",
    ),
    "contradiction.hint": ("Use only one of them.", "请只保留其中一个。"),
    "not_a_checkpoint_name": (
        "Expected the name of a checkpoint, got {value!r}.",
        "应为检查点名称，当前输入：{value!r}。",
    ),
    "not_a_checkpoint_name.hint": (
        "Examples: 300, iter_300, or a path to iter_300.pth.",
        "例如 300、iter_300 或 iter_300.pth 的路径。",
    ),
    "no_project": (
        "No xtgui project in {path} or the folders above it.",
        "{path} 及其上级文件夹中没有 xtgui 项目。",
    ),
    "no_project.hint": (
        "Create one with `xtgui init`, or choose a project folder with --root DIR.",
        "用 `xtgui init` 新建项目，或用 --root DIR 指定项目文件夹。",
    ),
    "no_project.recent": (
        "Your latest projects:\n"
        "{commands}\n"
        "Or create one with `xtgui init`, or choose a project folder with --root DIR.",
        "你最近的项目：\n"
        "{commands}\n"
        "也可以用 `xtgui init` 新建项目，或用 --root DIR 指定项目文件夹。",
    ),
    "root_missing": ("The folder {path} does not exist.", "文件夹 {path} 不存在。"),
    "root_missing.hint": (
        "Check the spelling. To create a new project, run `xtgui init --root DIR`.",
        "请检查拼写。要新建项目，请运行 `xtgui init --root DIR`。",
    ),
    "interrupted": ("Interrupted.", "已中断。"),
    "folder_gone": ("The folder you are in no longer exists.", "当前所在的文件夹已不存在。"),
    "folder_gone.hint": ("Change to another folder: cd ~", "请换到别的文件夹：cd ~"),
    "system": ("{path}: {reason}.", "{path}：{reason}。"),
    "system.hint": (
        "Check that the path exists, that you have permission to read and write it, and that the "
        "disk has free space.",
        "请检查该路径是否存在、你是否有读写权限，以及磁盘是否有剩余空间。",
    ),
    "unexpected": ("Unexpected error: {kind}: {message}", "发生意外错误：{kind}: {message}"),
    "unexpected.hint": (
        "Your files are unchanged. Run the same command with --debug and report the output, "
        "together with that of `xtgui --version`.",
        "你的文件没有改动。请加上 --debug 重新运行同一条命令，"
        "把输出连同 `xtgui --version` 的输出一起反馈给我们。",
    ),
}
