"""Texts of the wizard, and of the overview of a folder."""

TEXTS: dict[str, tuple[str, str]] = {
    # keys and answers
    "keys_select": ("↑↓, Enter", "↑↓ 选择，回车确认"),
    "keys_filter": ("type to filter, ↑↓, Enter", "输入可筛选，↑↓ 选择，回车确认"),
    "keys_confirm": ("y or n", "y 是，n 否"),
    "keys_text": ("Enter", "回车确认"),
    "keys_path": ("Tab completes, Enter", "Tab 补全，回车确认"),
    "key_explain": ("? help", "? 说明"),
    "key_back": ("Esc back", "Esc 返回"),
    "key_back_typed": ("< back", "< 返回"),
    "key_separator": ("; ", "，"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "none": ("none", "无"),
    "number": ("Number", "请输入编号"),
    "number_wrong": ("Type a number from 1 to {count}.", "请输入 1 至 {count} 之间的编号。"),
    "no_terminal": (
        "xtgui needs an answer but runs without a terminal: {question}?",
        "没有终端，无法提问：{question}？",
    ),
    "no_terminal.hint": (
        "Answer on the command line: xtgui init --yes --set model.path=DIR --set data.path=FILE "
        "(or --answers FILE.toml)",
        "请在命令行中给出答案：xtgui init --yes --set model.path=DIR --set data.path=FILE（或 "
        "--answers FILE.toml）",
    ),
    # steps
    "welcome": ("xtgui · fine-tune a model in six steps", "xtgui · 六步微调大模型"),
    "leave": ("Ctrl-C quits and keeps your answers", "Ctrl-C 退出，答案会保留"),
    "step_1": ("Step 1 of 6 · Paths", "第 1 步，共 6 步 · 路径"),
    "step_2": ("Step 2 of 6 · Method, model, data", "第 2 步，共 6 步 · 方法、模型、数据"),
    "step_3": ("Step 3 of 6 · Parameters", "第 3 步，共 6 步 · 参数"),
    "folder": ("  Project folder {path} · {free} free", "  项目文件夹 {path} · 剩余 {free}"),
    "room": ("  {free} free", "  剩余 {free}"),
    "going_on": ("  Continuing with your answers: {facts}", "  沿用之前的答案：{facts}"),
    "kept": (
        "Your answers are saved. To continue, run:  {command}",
        "答案已保存。要继续，请运行：  {command}",
    ),
    "nothing_before": (
        "This is the first question. The project folder is {path}. To use another one, press "
        "Ctrl-C and run: xtgui init --root DIR",
        "这是第一个问题。项目文件夹为 {path}。要换一个，请按 Ctrl-C，然后运行："
        "xtgui init --root 文件夹",
    ),
    "root_is_file": ("{path} is a file, not a folder.", "{path} 是文件，不是文件夹。"),
    "root_is_file.hint": ("Choose another folder.", "请换一个文件夹。"),
    "root_not_utf8": (
        "The name of the folder {path} is not valid UTF-8, but project files must be UTF-8.",
        "文件夹 {path} 的名称不是有效的 UTF-8，而项目文件必须使用 UTF-8。",
    ),
    "root_not_utf8.hint": (
        "Rename the folder, or choose another one: --root DIR",
        "请重命名该文件夹，或另选一个：--root DIR",
    ),
    "root_no_rights": ("Cannot write to {path}: {reason}.", "无法写入 {path}：{reason}。"),
    "root_no_rights.hint": (
        "Choose a folder that you can write to, such as one in your home folder.",
        "请选择你有写入权限的文件夹，例如主目录下的文件夹。",
    ),
    "answers_missing": ("The file {path} does not exist.", "文件 {path} 不存在。"),
    "answers_missing.hint": (
        "--answers takes a file in the format of xtgui.toml.",
        "--answers 需要一个与 xtgui.toml 格式相同的文件。",
    ),
    "missing_answers": ("Missing answers: {keys}", "缺少以下答案：{keys}"),
    "missing_answers.hint": (
        "Pass each with --set key=value or in --answers FILE.toml, or leave out --yes to be asked.",
        "请用 --set key=value 或 --answers FILE.toml 给出；或去掉 --yes，逐项回答。",
    ),
    # step 2
    "method_lora": (
        "trains a small adapter on top of the model; the usual choice",
        "在模型上附加小适配器，适合绝大多数情况",
    ),
    "method_qlora": (
        "same, with the model quantized to 4 bits; for little GPU memory",
        "同上，但把模型量化到 4 比特，适合显存较小时",
    ),
    "method_full": (
        "trains all weights; needs several times the memory and more data",
        "训练全部权重，需要数倍显存和更多数据",
    ),
    "own_model": ("a model folder on this computer", "本机上的模型文件夹"),
    "demo_model": (
        "{name}, the small model of the demo (270 MB)",
        "{name}，演示用的小模型（270 MB）",
    ),
    "path_of_model.path": ("Model folder", "模型文件夹"),
    "own_data": (
        "your own file or folder (JSON, CSV, Parquet, text ...)",
        "自己的文件或文件夹（JSON、CSV、Parquet、文本等）",
    ),
    "demo_data": (
        "the demo data: who the assistant is, in English and Chinese",
        "演示数据：助手的身份，中英双语",
    ),
    "path_of_data.path": ("Data file or folder", "数据文件或文件夹"),
    "no_match": ('Nothing matches "{typed}".', "没有匹配“{typed}”的项。"),
    "path_needed": ("Type a path.", "请输入路径。"),
    "path_missing": ("{path} does not exist.", "{path} 不存在。"),
    "model_seen": ("  {name} · {size} parameters · {dtype}", "  {name} · {size} 参数 · {dtype}"),
    "reading_data": ("Checking every row...", "正在逐行检查数据……"),
    "data_seen": ("  {rows|1 row, no errors|{rows} rows, no errors}", "  共 {rows} 行，没有错误"),
    "comparing_templates": (
        "Matching prompt templates, token by token...",
        "正在逐个 token 匹配提示词模板……",
    ),
    "template_exact": (
        "  prompt template {name}: identical to the model's own",
        "  提示词模板 {name}：与模型自带的逐 token 一致",
    ),
    "template_differs": (
        "No prompt template of xtuner matches the model's own exactly. The closest is {name}: it "
        "writes {xtuner} where the model's template writes {chat}.",
        "xtuner 没有与模型完全一致的提示词模板。最接近的是 {name}："
        "模型自带的模板写 {chat} 的地方，它写 {xtuner}。",
    ),
    "template_unknown": (
        "This model does not come with a chat template, so choose a prompt template yourself. The "
        "model card names the right one. For a model without chat training, choose default.",
        "该模型没有自带对话模板（chat template），需要你来选择提示词模板，请参考模型说明。"
        "未经对话训练的基座模型选 default 即可。",
    ),
    "template_suggested": (
        "This model does not come with a chat template, so choose a prompt template yourself. The "
        "one selected below is usual for {like}; check the model card.",
        "该模型没有自带对话模板（chat template），需要你来选择提示词模板。"
        "下面预选的是 {like} 常用的模板，请以模型说明为准。",
    ),
    "template_usual": ("{name}  (usual for this family)", "{name}（该系列常用）"),
    "template_nearest": ("{name}  (closest)", "{name}（最接近）"),
    # step 3
    "counting": ("Counting tokens and planning the run...", "正在统计 token 并规划训练……"),
    "parameters": ("Parameters", "参数"),
    "parameters_explained": (
        "These values suit your data and your machine. Continue with them, or choose one to "
        "change it (? then explains it). Values planned from your data are updated when it "
        "changes.",
        "这些取值适合你的数据和机器，可以直接继续，也可以选中一项修改（按 ? 查看说明）。"
        "按数据推算的取值会随数据变化而更新。",
    ),
    "go_on": ("Accept and continue", "采用这些参数，继续"),
    "show_advanced": ("Show advanced parameters", "显示高级参数"),
    "from_you": ("set by you", "你的设置"),
    "from_config": ("edited in the config", "你在配置文件中的修改"),
    "edited": (
        "Kept {name} = {value}, edited by hand in the config. xtgui.toml says: {answered}",
        "保留配置文件中手动修改的 {name} = {value}。xtgui.toml 中为：{answered}",
    ),
    "nothing_set": ("not set", "未设置"),
    "system_data": ("same as in your data: {text}", "与数据一致：{text}"),
    "system_model": ("the model's own: {text}", "模型自带的：{text}"),
    "system_none": ("none", "不使用"),
    "system_other": ("enter another", "另外输入"),
    "from_data": ("from your data", "根据数据"),
    "let_data_decide": ("choose from your data", "根据数据选择"),
    "texts_count": ("{count} {count|question|questions}", "{count} 个问题"),
    "one_of_texts": ("{name} {number}", "{name} {number}"),
    "texts_end": ("Enter an empty line to finish.", "输入空行结束。"),
    # ready
    "ready": ("Ready to write", "准备写入"),
    "differing": (
        "{count} {count|value differs|values differ} from the defaults",
        "{count} 项与默认值不同",
    ),
    "row_model": ("model", "模型"),
    "row_data": ("data", "数据"),
    "row_general": ("general questions", "通用问题"),
    "general_row": (
        "{count} mixed in, so that the model keeps what it knows; the base model answers them "
        "first",
        "混入 {count} 个，先由基座模型回答，以免训练后忘记原有知识",
    ),
    "general_none": (
        "none mixed in, so the model may forget what it knew",
        "不混入，模型可能会忘记原有知识",
    ),
    "general_short": (
        "fewer than {wanted}: answering may take at most a tenth of the training time",
        "少于计划的 {wanted} 个：回答所用的时间不超过训练时间的十分之一",
    ),
    "row_held_out": ("held-out rows", "验证集"),
    "held_out": (
        "{count} {count|row|rows}, never trained: {count|its|their} loss shows whether the model "
        "learns or memorizes",
        "留出 {count} 行，不参与训练：看这些行的 loss 就知道模型是学会了还是在死记硬背",
    ),
    "row_training": ("training", "训练"),
    "row_memory_cpu": ("memory", "内存"),
    "row_memory_cuda": ("memory", "显存"),
    "row_disk": ("disk", "磁盘"),
    "row_folder": ("folder", "文件夹"),
    "row_yours": ("your settings", "你的设置"),
    "exactly": (" (identical to the model's own)", "（与模型自带的一致）"),
    "data_row": ("{name} · {rows:,} {rows|row|rows}", "{name} · {rows:,} 行"),
    "training": (
        "{method} · lr {lr} · {epochs} {epochs|epoch|epochs}",
        "{method} · 学习率 {lr} · {epochs} 轮",
    ),
    "plan": (
        "{samples} {samples|sample|samples} × {epochs} {epochs|epoch|epochs} → {iterations} "
        "{iterations|iteration|iterations}, {updates} {updates|update|updates}",
        "{samples} 个样本 × {epochs} 轮 → {iterations} 次迭代，{updates} 次参数更新",
    ),
    "until_learned": (
        "at most: training stops early once the rows are known, or if the model forgets",
        "以上为上限：学会后提前结束，出现遗忘也会结束",
    ),
    "folder_row": ("{path} · {free} free", "{path} · 剩余 {free}"),
    "differs": ("{name} = {value}  (default: {default})", "{name} = {value}（默认：{default}）"),
    "ready_question": ("What do you want to do?", "接下来做什么？"),
    "ready_train": ("Write the config and train", "写出配置文件并开始训练"),
    "ready_write": ("Write the config only", "只写出配置文件"),
    "ready_change": ("Change an answer", "修改答案"),
    "ready_show": ("Show the config", "查看配置文件"),
    "ready_explained": (
        "xtgui writes work_dir/xtuner_config.py, a normal xtuner config that you can edit. It "
        "changes no other file.",
        "xtgui 会写出 work_dir/xtuner_config.py，这是普通的 xtuner 配置文件，可以自行编辑。"
        "其他文件都不会改动。",
    ),
    "change_question": ("Which answer?", "修改哪一项？"),
    "written": ("Wrote {path}", "已写入：{path}"),
    "system_untrained": (
        "Your rows have no system text, so training does not use the one you set. The model gets "
        "it only when it answers. To train it, add it to the rows.",
        "数据中没有系统提示，因此你设置的系统提示不参与训练，只在模型回答时使用。如需训练它，"
        "请写进数据。",
    ),
    "thoughts_behind_block": (
        "{count} {count|answer begins|answers begin} with thoughts (<think>), but this template "
        "puts an empty thinking block before every answer, so the model would learn to think "
        "after that block. To train the thoughts as they are: --set "
        "model.prompt_template=qwen_chat. To train only the answers, remove the thoughts from the "
        "data.",
        "{count} 条回答以思考内容（<think>）开头，而这个模板会在每条回答前写一个空的思考块，"
        "模型会学成在空块之后再思考。要原样训练思考内容：--set model.prompt_template=qwen_chat；"
        "只训练回答，请从数据中去掉思考内容。",
    ),
    "rows_have_other_system": (
        "Your rows have a different system text from the one you set. Training uses the one in "
        "the rows; yours is used only when the model answers.",
        "数据中的系统提示与你设置的不同：训练时用数据里的，你设置的只在模型回答时使用。",
    ),
    "taken_over": ("  taken from {file}: {names}", "  已沿用 {file} 中的设置：{names}"),
    "next_train": (
        "Next:\n{command}",
        "下一步：\n{command}",
    ),
    "what_next": ("What do you want to do next?", "接下来做什么？"),
    "next_results": ("5  Show the curves and the answers", "5  查看曲线和回答"),
    "next_convert": ("6  Convert the model", "6  转换模型"),
    "next_chat": (
        "6  Chat with the base and the fine-tuned model side by side",
        "6  对话：基座与微调后的模型并排比较",
    ),
    "next_runs": ("5  Compare with the previous run", "5  与上一次训练比较"),
    "leave_now": ("Quit", "退出"),
    # the overview of a folder
    "no_project_title": ("xtgui · no project here yet", "xtgui · 这里还没有项目"),
    "gone": ("no longer exists: {paths}", "已不存在：{paths}"),
    "do_find": ("Choose the model and the data again", "重新选择模型和数据"),
    "do_enter": ("Open your project {name}", "打开你的项目 {name}"),
    "start_init": ("Fine-tune a model, step by step", "一步步微调你的模型"),
    "start_demo": (
        "Try the full workflow on a small model first, in minutes",
        "先用小模型走完整个流程，只需几分钟",
    ),
    "next": ("Next", "下一步"),
    "or": ("Or", "或者"),
    "stage_paths": ("Paths", "路径"),
    "stage_sources": ("Model and data", "模型与数据"),
    "stage_parameters": ("Parameters", "参数"),
    "stage_train": ("Train", "训练"),
    "stage_results": ("Results", "结果"),
    "stage_convert": ("Convert and chat", "转换与对话"),
    "free": ("{path} · {free} free", "{path} · 剩余 {free}"),
    "epochs": ("{count} {count|epoch|epochs}", "{count} 轮"),
    "iterations": ("{count:,} {count|iteration|iterations}", "{count:,} 次迭代"),
    "missing": ("missing: {names}", "缺少：{names}"),
    "unreadable_answers": (
        "{count} {count|problem|problems} in xtgui.toml",
        "xtgui.toml 中有 {count} 处错误",
    ),
    "broken_config": ("xtuner_config.py cannot be read", "无法读取 xtuner_config.py"),
    "run_running": (
        "running · {done} of {total} {total|iteration|iterations}",
        "训练中 · {done}/{total} 次迭代",
    ),
    "run_starting": ("starting", "正在启动"),
    "run_finished": ("finished · {checkpoint}", "已完成 · {checkpoint}"),
    "run_stopped": (
        "stopped by you · {checkpoint} · {left} {left|iteration|iterations} left",
        "已由你停止 · {checkpoint} · 还剩 {left} 次迭代",
    ),
    "run_failed": ("failed · {checkpoint}", "失败 · {checkpoint}"),
    "run_died": ("ended unexpectedly · {checkpoint}", "意外中止 · {checkpoint}"),
    "run_other": ("trained elsewhere · {checkpoint}", "在别处训练 · {checkpoint}"),
    "no_checkpoint": ("no checkpoint", "没有检查点"),
    "answers_at": ("answers at {count} {count|checkpoint|checkpoints}", "{count} 个检查点的回答"),
    "do_init": ("Answer the remaining questions", "回答剩下的问题"),
    "do_mend": ("Show what is wrong in xtgui.toml", "查看 xtgui.toml 中的错误"),
    "do_see_config": ("Show what is wrong in the config", "查看配置文件中的错误"),
    "do_train": ("Start training", "开始训练"),
    "do_attach": ("Watch the training", "查看训练进度"),
    "do_stop": ("Save a checkpoint and stop", "保存检查点并停止"),
    "do_runs": (
        "Compare with {count|an earlier run|{count} earlier runs}",
        "与之前的 {count} 次训练比较",
    ),
    "do_results": ("Show the curves and answers so far", "查看目前的曲线和回答"),
    "do_convert": ("Convert {checkpoint} to a model", "把 {checkpoint} 转换为模型"),
    "do_chat": ("Chat with both models side by side", "与两个模型对话，并排比较"),
    "do_logs": ("Show the log", "查看日志，找出原因"),
}
