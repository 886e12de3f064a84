"""The command line: commands, flags, and what can be wrong with them."""

TEXTS: dict[str, tuple[str, str]] = {
    "usage_title": ("Usage:", "用法："),
    "usage_options": ("[OPTIONS]", "[选项]"),
    "usage_command": ("COMMAND [ARGS]...", "命令 [参数]..."),
    "usage_optional_command": ("[COMMAND]", "[命令]"),
    "about": (
        "Fine-tune a language model with XTuner, in six steps.\n\n"
        "Without a command: where this folder stands, and what to do next.",
        "用 XTuner 微调语言模型，共六步。\n\n"
        "不带命令：显示当前文件夹进行到哪一步，以及下一步做什么。",
    ),
    "panel.steps": ("The six steps", "六个步骤"),
    "panel.sources": ("Models and data", "模型与数据"),
    "panel.run": ("The run of this folder", "本文件夹中的训练"),
    "panel.machine": ("This machine", "本机"),
    "panel.commands": ("Commands", "命令"),
    "panel.options": ("Options", "选项"),
    "panel.common": ("Everywhere", "通用选项"),
    "init": (
        "Steps 1 to 3: asks for paths, model, data and parameters; writes the config.",
        "第 1 至 3 步：询问路径、模型、数据和参数，并写出配置文件。",
    ),
    "train": (
        "Step 4: trains, with live curves; goes on by itself when you close the terminal.",
        "第 4 步：开始训练并实时显示曲线；关闭终端后训练仍会继续。",
    ),
    "results": (
        "Step 5: the curves, and the answers at every checkpoint.",
        "第 5 步：查看曲线，以及每个检查点的评测回答。",
    ),
    "convert": (
        "Step 6: turns a checkpoint into a Hugging Face model, merged with its base if you like.",
        "第 6 步：把检查点转换为 Hugging Face 格式，并可与基座模型合并。",
    ),
    "chat": (
        "Step 6: talk to the fine-tuned model, alone or beside its base.",
        "第 6 步：与微调后的模型对话，也可与基座模型并排比较。",
    ),
    "attach": (
        "Follow the training of this folder on the live screen.",
        "在实时界面中查看正在进行的训练。",
    ),
    "status": ("Whether it trains, and how far it is.", "查看是否正在训练、进行到哪里。"),
    "logs": ("The last lines that the training printed.", "查看训练日志的最后几行。"),
    "runs": (
        "The runs of this folder, old ones too; NAME compares one with the current run, or two.",
        "列出本文件夹的各次训练（包括旧的）；给出名称则与当前训练比较，也可比较两次。",
    ),
    "stop": (
        "Stop the training; a checkpoint is saved first.",
        "停止训练；停止前会先保存检查点。",
    ),
    "download": (
        "Get a model or a data set from Hugging Face or ModelScope, resumed and checked.",
        "从 Hugging Face 或魔搭下载模型或数据集，支持断点续传和校验。",
    ),
    "download_model": (
        "Get a model: its weights, tokenizer, templates and licence.\n\n"
        "ID is its name on the hub, such as Qwen/Qwen2.5-0.5B-Instruct, or the address of its "
        "page. It comes into download_cache/model_download/ of this folder, or where paths.cache "
        "says. Interrupted, the same command goes on from what has come.",
        "下载模型：权重、分词器、模板和许可证。\n\n"
        "ID 是模型在站点上的名称，例如 Qwen/Qwen2.5-0.5B-Instruct，也可以是页面地址。"
        "保存到当前文件夹的 download_cache/model_download/，或 paths.cache 指定的位置。"
        "中断后再次运行同一条命令即可续传。",
    ),
    "download_dataset": (
        "Get a data set.\n\n"
        "ID is its name on the hub, such as tatsu-lab/alpaca, or the address of its page. It comes "
        "into download_cache/data_download/ of this folder, or where paths.cache says. "
        "Interrupted, the same command goes on from what has come.",
        "下载数据集。\n\n"
        "ID 是数据集在站点上的名称，例如 tatsu-lab/alpaca，也可以是页面地址。"
        "保存到当前文件夹的 download_cache/data_download/，或 paths.cache 指定的位置。"
        "中断后再次运行同一条命令即可续传。",
    ),
    "source": (
        "The hub to ask (default: both, in your order)",
        "从哪个站点下载（默认按你的顺序依次尝试）",
    ),
    "endpoint": (
        "Another address of the hub: a mirror, such as https://hf-mirror.com",
        "站点的其他地址，例如镜像 https://hf-mirror.com",
    ),
    "check": (
        "Look a model or a data file over before training.",
        "训练前检查模型或数据文件。",
    ),
    "check_model": (
        "Whether a model folder is complete, what it needs, and which prompt template it has.",
        "检查模型文件夹是否完整、需要什么，以及使用哪个对话模板。",
    ),
    "check_data": (
        "Name every fault of a data file, with row, line and field.",
        "列出数据文件的每一处问题，精确到条、行和字段。",
    ),
    "accept_changes": (
        "Train what is there now, even if it is not what the run began with, or was checked",
        "即使内容与训练开始时或检查时不同，也按现在的内容训练",
    ),
    "no_disk_check": (
        "Train also where the disk may not hold all checkpoints",
        "磁盘可能放不下全部检查点时也照样训练",
    ),
    "estimate": (
        "What a run needs of memory and disk, term by term, and what to change if it is too big.",
        "逐项估算训练所需的显存和磁盘；放不下时给出改法。",
    ),
    "estimate_model": (
        "A model folder (its config.json is enough) or a name of the catalogue; default: the "
        "project's",
        "模型文件夹（有 config.json 即可）或目录中的名称；默认用项目的模型",
    ),
    "estimate_method": ("Instead of the project's method", "代替项目的微调方法"),
    "gpu": (
        'A card that is not in this machine: "RTX 3090", "4060 8g", 24GB',
        '按别的显卡估算："RTX 3090"、"4060 8g"、24GB',
    ),
    "data": (
        "See data as the model will, or turn other formats into ours.",
        "查看模型眼中的数据，或转换其他格式。",
    ),
    "data_preview": (
        "Show rows as the model will see them: what is trained, what is masked, what is cut.",
        "按模型看到的样子显示数据：哪些参与训练，哪些被屏蔽，哪些被截断。",
    ),
    "data_convert": (
        "Turn alpaca, sharegpt, question and answer, csv, parquet or plain text into OpenAI "
        "messages.",
        "把 alpaca、sharegpt、问答对、csv、parquet 或纯文本转换为 OpenAI messages 格式。",
    ),
    "models": (
        "The models that xtgui knows: all, those with some words, or one in full.",
        "xtgui 收录的模型：列出全部、按关键词筛选，或查看其中一个。",
    ),
    "datasets": (
        "The data sets that xtgui knows: all, those with some words, or one in full.",
        "xtgui 收录的数据集：列出全部、按关键词筛选，或查看其中一个。",
    ),
    "templates": (
        "The prompt templates of xtuner, or one of them, as it writes a conversation.",
        "列出 xtuner 的对话模板，或查看其中一个如何书写对话。",
    ),
    "fix": (
        "Write a repaired file; the original stays",
        "写出修复后的文件，原文件保持不变",
    ),
    "with_model": (
        "The model whose tokenizer is used (default: the project's)",
        "使用哪个模型的分词器（默认：项目的模型）",
    ),
    "template": (
        "The prompt template (default: the project's, else the model's own)",
        "对话模板（默认：项目的模板，否则为模型自带的）",
    ),
    "max_length": (
        "The longest sample, in tokens (default: the project's)",
        "样本的最大长度，以 token 计（默认：项目的设置）",
    ),
    "rows": ("How many rows are shown", "显示多少条"),
    "row": ("Show this row", "显示这一条"),
    "cut": ("Only rows that are cut at the longest length", "只看会被截断的数据"),
    "column": (
        "Which column is which, e.g. assistant=reply; may be given again",
        "指定列的含义，例如 assistant=reply；可重复使用",
    ),
    "known_set": (
        "Read it as this data set of `xtgui datasets`: its columns and its system text",
        "按 `xtgui datasets` 中的这个数据集读取：使用其列和系统提示",
    ),
    "setup": (
        "Install the training engine, or name one you have.",
        "安装训练引擎，或指定已有的环境。",
    ),
    "stack": (
        "classic: for models that bring older code (InternLM 2, Baichuan, ChatGLM, Qwen 1)",
        "classic：用于自带较旧代码的模型（InternLM 2、Baichuan、ChatGLM、Qwen 1）",
    ),
    "doctor": (
        "What this machine can train, what is missing, and the command that mends it.",
        "检查本机能否训练、缺少什么，并给出解决问题的命令。",
    ),
    "deep": (
        "Also quantise and train a tiny model for two steps (half a minute)",
        "同时量化一个极小的模型并训练两步（约半分钟）",
    ),
    "trust_command": (
        "Trust a folder: training may run its configs, or a model's own code.",
        "信任一个文件夹：训练可以运行其中的配置（它们是代码）或模型自带的代码。",
    ),
    "demo": (
        "The whole road on a small real model, on this machine, in minutes.",
        "在本机上用一个真实的小模型走完全程，只需几分钟。",
    ),
    "option.root": (
        "The project's folder (default: the nearest one upwards with an xtgui.toml)",
        "项目文件夹（默认：向上最近的含 xtgui.toml 的文件夹）",
    ),
    "option.lang": (
        "Language (default: XTGUI_LANG, then the locale)",
        "界面语言（默认取 XTGUI_LANG，其次取系统区域设置）",
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
        "Completion is in {path}. It works in the next shell you open.",
        "补全脚本已写入 {path}，新打开的终端即可使用。",
    ),
    "set": (
        "Change one setting, e.g. train.lr=1e-4; may be given again",
        "修改一项设置，例如 train.lr=1e-4；可重复使用",
    ),
    "yes": ("Ask nothing; take the defaults", "不提问，其余全部采用默认值"),
    "json": ("Give the data as JSON", "以 JSON 输出数据"),
    "plain": (
        "Lines instead of the live screen (the default without a terminal)",
        "逐行输出，不使用实时界面（没有终端时默认如此）",
    ),
    "trust": (
        "Trust the files of this folder, as answering yes would",
        "信任此文件夹中的文件，等同于回答“是”",
    ),
    "answers": (
        "Take answers from a file written like xtgui.toml",
        "从文件读取答案，格式同 xtgui.toml",
    ),
    "no_train": ("Write the config and stop there", "只写出配置，不开始训练"),
    "step": (
        "Change the answers of one step: 1 paths, 2 sources, 3 parameters",
        "只修改某一步的答案：1 路径，2 模型与数据，3 参数",
    ),
    "argument.config": ("Another xtuner config", "另一个 xtuner 配置文件"),
    "resume": (
        "Go on from a checkpoint, e.g. iter_300.pth (alone: the latest)",
        "从检查点继续，例如 iter_300.pth（不写名字：最新的一个）",
    ),
    "more": (
        "N more epochs from the latest checkpoint, also after the end",
        "从最新的检查点起再训练 N 轮，训练完成后也可以",
    ),
    "fresh": ("Start anew; the old run moves to runs/", "重新开始；旧的训练移到 runs/ 下"),
    "now": ("End it at once, without saving a checkpoint", "立即终止，不保存检查点"),
    "detach": ("Start, and give the terminal back", "在后台启动，立即返回终端"),
    "results_checkpoint": ("Only the answers at this checkpoint", "只看该检查点的回答"),
    "png": ("Draw the curves into this picture (.png)", "把曲线画成图片（.png）"),
    "epoch": ("The checkpoint at the end of this epoch", "该轮（epoch）结束时的检查点"),
    "iter": ("The checkpoint at this iteration", "该迭代处的检查点"),
    "checkpoint": (
        "This checkpoint (default: the recommended one; without a check, the latest)",
        "指定检查点（默认：推荐的；没有做过检查时为最新的）",
    ),
    "merge": ("Also merge the adapter into its base", "同时把适配器合并进基座模型"),
    "base_model": (
        "Where the base model lies, if it has moved since the training",
        "基座模型所在位置（如果训练之后移动过）",
    ),
    "dtype": ("float32, float16 or bfloat16", "权重精度：float32、float16 或 bfloat16"),
    "base": ("Talk to the base model instead", "改为与基座模型对话"),
    "compare": ("Both models, side by side", "两个模型并排回答"),
    "prompt": ("Answer this and exit", "回答这一句后退出"),
    "prompts": ("Answer every line of a file and exit", "回答文件中的每一行后退出"),
    "max_new_tokens": ("The longest answer, in tokens", "回答的最大长度（token 数）"),
    "temperature": (
        "0: always the likeliest word; higher: more varied",
        "0：总取最可能的词；越大越多样",
    ),
    "top_k": ("Choose among this many likeliest tokens", "只在概率最高的若干个 token 中选择"),
    "top_p": (
        "Choose among the likeliest, up to this probability",
        "只在累计概率达到该值的 token 中选择",
    ),
    "num_beams": ("Beams of a beam search; 1: none", "集束搜索的束数；1 表示不用"),
    "repetition_penalty": ("Above 1: repeats itself less", "大于 1 时减少重复"),
    "seed": ("The same number gives the same answer", "相同的种子给出相同的回答"),
    "system_text": (
        "The system text (default: the one trained with)",
        "系统提示（默认：训练时所用的）",
    ),
    "run": ("An earlier run, as xtgui runs lists it", "指定以前的某次训练，名称见 xtgui runs"),
    "lines": ("How many lines", "显示的行数"),
    "follow": ("Go on as lines come", "持续显示新内容"),
    "python": ("The Python of an environment that has xtuner", "已装有 xtuner 的环境中的 Python"),
    "method": ("How to fine-tune", "微调方法"),
    "with_default": ("{text} (default: {default})", "{text}（默认：{default}）"),
    "usage": ("{message}", "{message}"),
    "usage.hint": ("All that is possible: {command}", "查看全部用法：{command}"),
    "contradiction": ("These exclude each other: {flags}", "这些选项不能同时使用：{flags}"),
    "contradiction.hint": ("Give only one of them.", "请只保留其中一个。"),
    "not_a_checkpoint_name": (
        "Expected the name of a checkpoint, got {value!r}.",
        "这里应为检查点的名字，而 {value!r} 不是。",
    ),
    "not_a_checkpoint_name.hint": (
        "For example 300, iter_300 or a path to iter_300.pth. --resume alone takes the latest; "
        "a config comes before it: xtgui train CONFIG --resume",
        "例如 300、iter_300 或 iter_300.pth 的路径。只写 --resume 则取最新的；"
        "配置文件写在前面：xtgui train CONFIG --resume",
    ),
    "no_project": (
        "There is no xtgui project in {path} or above it.",
        "{path} 及其上级文件夹中没有 xtgui 项目。",
    ),
    "no_project.hint": (
        "Start one with `xtgui init`, or name its folder with --root DIR.",
        "用 `xtgui init` 新建一个，或用 --root DIR 指定文件夹。",
    ),
    "no_project.recent": (
        "Your latest projects:\n{commands}\nOr start one with `xtgui init`, or name its folder "
        "with --root DIR.",
        "你最近的项目：\n{commands}\n也可以用 `xtgui init` 新建一个，或用 --root DIR 指定文件夹。",
    ),
    "root_missing": ("There is no folder {path}.", "文件夹 {path} 不存在。"),
    "root_missing.hint": (
        "Check the spelling of --root; `xtgui init --root DIR` makes a new project.",
        "请检查 --root 的拼写；新建项目用 `xtgui init --root DIR`。",
    ),
    "interrupted": ("Interrupted.", "已中断。"),
    "folder_gone": ("The folder you are in no longer exists.", "当前所在的文件夹已不存在。"),
    "folder_gone.hint": ("Change to one that does: cd ~", "请换到别的文件夹：cd ~"),
    "system": ("{path}: {reason}.", "{path}：{reason}。"),
    "system.hint": (
        "Check that the path exists, that you may read and write it, and that the disk has room.",
        "请检查该路径是否存在、是否有读写权限，以及磁盘是否还有空间。",
    ),
    "unexpected": (
        "Something went wrong that xtgui did not foresee: {kind}: {message}",
        "出现了 xtgui 没有预料到的错误：{kind}: {message}",
    ),
    "unexpected.hint": (
        "Your files are as they were. Please report it with what the same command prints with "
        "--debug, and with `xtgui --version`.",
        "你的文件没有被改动。请加上 --debug 重新运行，"
        "并连同 `xtgui --version` 的输出一起反馈给我们。",
    ),
}
