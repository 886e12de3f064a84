"""The wizard, its questions and keys, and where a folder stands."""

TEXTS: dict[str, tuple[str, str]] = {
    # keys and answers
    "keys_select": ("↑↓, Enter", "↑↓ 选择，回车确认"),
    "keys_filter": ("type to filter, ↑↓, Enter", "输入可筛选，↑↓ 选择，回车确认"),
    "keys_confirm": ("y or n", "y 是，n 否"),
    "keys_text": ("Enter", "回车确认"),
    "keys_path": ("Tab completes, Enter", "Tab 补全，回车确认"),
    "key_explain": ("? explains", "? 说明"),
    "key_back": ("Esc goes back", "Esc 返回"),
    "key_separator": ("; ", "，"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "none": ("none", "无"),
    "number": ("Number", "请输入编号"),
    "number_wrong": ("Please type a number from 1 to {count}.", "请输入 1 至 {count} 之间的编号。"),
    "no_terminal": (
        "There is no terminal to ask in: {question}?",
        "没有可供提问的终端：{question}？",
    ),
    "no_terminal.hint": (
        "Answer with flags: xtgui init --yes --set model.path=DIR --set data.path=FILE "
        "(or --answers FILE.toml)",
        "请用选项作答：xtgui init --yes --set model.path=DIR --set data.path=FILE"
        "（或 --answers FILE.toml）",
    ),
    # steps
    "welcome": ("xtgui · fine-tune a model in six steps", "xtgui · 六步微调模型"),
    "leave": ("Ctrl-C leaves; your answers are kept", "Ctrl-C 退出，答案会保留"),
    "step_1": ("1 of 6 · Paths", "第 1 步，共 6 步 · 路径"),
    "step_2": ("2 of 6 · Method, model, data", "第 2 步，共 6 步 · 方法、模型、数据"),
    "step_3": ("3 of 6 · Parameters", "第 3 步，共 6 步 · 参数"),
    "folder": (
        "  Project folder {path} · {free} free",
        "  项目文件夹 {path} · 剩余 {free}",
    ),
    "room": ("  {free} free", "  剩余 {free}"),
    "going_on": ("  Going on with your answers: {facts}", "  继续之前的答案：{facts}"),
    "kept": (
        "Your answers are kept. To continue:  {command}",
        "答案已保留。继续请运行：  {command}",
    ),
    "nothing_before": (
        "There is no question before this one; the project folder is {path}. For another one press "
        "Ctrl-C and run: xtgui init --root DIR",
        "前面没有问题了；项目文件夹为 {path}。要换一个，请按 Ctrl-C，再运行 "
        "xtgui init --root 文件夹",
    ),
    "root_is_file": ("{path} is a file, not a folder.", "{path} 是文件，不是文件夹。"),
    "root_is_file.hint": ("Name another folder.", "请另选一个文件夹。"),
    "root_not_utf8": (
        "The name of the folder {path} contains bytes that are not UTF-8, and a project's files "
        "are UTF-8.",
        "文件夹 {path} 的名称含有非 UTF-8 字节，而项目的文件是 UTF-8 文件。",
    ),
    "root_not_utf8.hint": (
        "Rename it, or name another folder: --root DIR",
        "请重命名，或另选文件夹：--root DIR",
    ),
    "root_no_rights": (
        "Nothing can be written in {path}: {reason}.",
        "无法写入 {path}：{reason}。",
    ),
    "root_no_rights.hint": (
        "Choose a folder of your own, for instance below your home folder.",
        "请选择你有权限的文件夹，例如你的主目录之下。",
    ),
    "answers_missing": ("There is no file {path}.", "文件 {path} 不存在。"),
    "answers_missing.hint": (
        "--answers takes a file written like xtgui.toml.",
        "--answers 需要一个格式同 xtgui.toml 的文件。",
    ),
    "missing_answers": ("These answers are missing: {keys}", "缺少以下答案：{keys}"),
    "missing_answers.hint": (
        "Give each with --set key=value or in --answers FILE.toml; or leave out --yes and be "
        "asked.",
        "请用 --set key=value 或 --answers FILE.toml 给出；或去掉 --yes 逐项回答。",
    ),
    # step 2
    "method_lora": (
        "a small adapter on top of the model; suits nearly always",
        "在模型上附加小适配器，几乎总是合适",
    ),
    "method_qlora": (
        "the same on a model squeezed to 4 bits; for little GPU memory",
        "同上，模型压缩到 4 比特，适合显存较小时",
    ),
    "method_full": (
        "every weight; several times the memory, more data",
        "训练全部权重，需数倍显存和更多数据",
    ),
    "own_model": ("a model folder on this computer", "本机上的模型文件夹"),
    "demo_model": ("{name}, the demo's small model (270 MB)", "{name}，演示用的小模型（270 MB）"),
    "path_of_model.path": ("Folder of the model", "模型文件夹"),
    "own_data": (
        "a file or folder of your own (JSON, CSV, parquet, text ...)",
        "自己的文件或文件夹（JSON、CSV、parquet、文本等）",
    ),
    "demo_data": (
        "the demo's: who the assistant is, in English and Chinese",
        "演示数据：助手的身份，中英双语",
    ),
    "path_of_data.path": ("Data file or folder", "数据文件或文件夹"),
    "no_match": ('Nothing matches "{typed}".', "没有匹配“{typed}”的项。"),
    "path_needed": ("Please type a path.", "请输入路径。"),
    "path_missing": ("There is nothing at {path}.", "{path} 不存在。"),
    "model_seen": ("  {name} · {size} parameters · {dtype}", "  {name} · {size} 参数 · {dtype}"),
    "reading_data": ("Reading every row...", "正在逐行检查数据……"),
    "data_seen": (
        "  {rows|1 row, readable|{rows} rows, all readable}",
        "  共 {rows} 行，格式全部正确",
    ),
    "comparing_templates": (
        "Finding the prompt template, token by token...",
        "正在逐个 token 匹配对话模板……",
    ),
    "template_exact": (
        "  prompt template {name}: matches exactly",
        "  对话模板 {name}：完全一致",
    ),
    "template_differs": (
        "No prompt template of xtuner matches exactly. The nearest is {name}: where the model's "
        "own writes {chat}, it writes {xtuner}.",
        "xtuner 没有完全一致的对话模板。最接近的是 {name}：模型自己的模板写 {chat} 之处，"
        "它写作 {xtuner}。",
    ),
    "template_unknown": (
        "This model says nothing about its prompt template, so you must: its model card names "
        "it. For a bare base model, default is right.",
        "该模型没有说明自己的对话模板，需要你来选择，请查看模型说明。纯基座模型选 default 即可。",
    ),
    "template_suggested": (
        "This model says nothing about its prompt template, so you must. The one chosen below is "
        "usual for {like}; its model card has the last word.",
        "该模型没有说明自己的对话模板，需要你来选择。下面预选的是 {like} 常用的模板，"
        "请以模型说明为准。",
    ),
    "template_usual": ("{name}  (usual for this family)", "{name}（该系列常用）"),
    "template_nearest": ("{name}  (nearest)", "{name}（最接近）"),
    # step 3
    "counting": ("Counting tokens, planning the run...", "正在统计 token 并规划训练……"),
    "parameters": ("Parameters", "参数"),
    "parameters_explained": (
        "These values suit your data and your machine. Choose one to change it (there, ? says "
        "what it does), or go on. Those from your data are counted anew when it changes.",
        "这些取值适合你的数据和机器。选中一项即可修改（进入后按 ? 查看说明），或直接继续。"
        "来自数据的取值会随数据变化重新计算。",
    ),
    "go_on": ("Go on with these", "就用这些，继续"),
    "show_advanced": ("Show the advanced ones too", "显示高级参数"),
    "from_you": ("yours", "你的设置"),
    "from_config": ("your edit of the config", "你在配置中的修改"),
    "edited": (
        "{name} = {value} in the config, edited by hand: kept. xtgui.toml: {answered}",
        "配置文件中手动修改的 {name} = {value} 会保留。xtgui.toml 中为：{answered}",
    ),
    "nothing_set": ("not set", "未设置"),
    "system_data": ("as in your data: {text}", "与数据一致：{text}"),
    "system_model": ("the model's own: {text}", "模型自带的：{text}"),
    "system_none": ("none", "不使用"),
    "system_other": ("another, typed now", "另外输入"),
    "from_data": ("from your data", "根据数据"),
    "let_data_decide": ("let your data decide", "由数据决定"),
    "texts_count": ("{count} {count|question|questions}", "{count} 个问题"),
    "one_of_texts": ("{name} {number}", "{name} {number}"),
    "texts_end": ("An empty line ends the list.", "空行表示结束。"),
    # ready
    "ready": ("Ready to write", "准备写入"),
    "differing": ("differs from defaults: {count}", "与默认值不同：{count} 项"),
    "row_model": ("model", "模型"),
    "row_data": ("data", "数据"),
    "row_general": ("general questions", "通用问题"),
    "general_row": (
        "{count} mixed in, answered by the base model first, so that it keeps what it knows",
        "混入 {count} 个，先由基座模型回答，以免训练后忘记原有的知识",
    ),
    "general_none": (
        "none mixed in: the model may forget what it knew",
        "不混入：模型可能会忘记原有的知识",
    ),
    "general_short": (
        "not {wanted}: answering may take a tenth of the run's time at most",
        "没有用到 {wanted} 个：回答所用的时间不超过训练时间的十分之一",
    ),
    "row_held_out": ("held out", "留出"),
    "held_out": (
        "{count} {count|row|rows}, never trained: their loss shows whether it learns more than the "
        "rows by heart",
        "{count} 行不参与训练：看它们的 loss 就知道模型是否只是在背数据",
    ),
    "row_training": ("training", "训练"),
    "row_memory_cpu": ("memory", "内存"),
    "row_memory_cuda": ("memory", "显存"),
    "row_disk": ("disk", "磁盘"),
    "row_folder": ("folder", "文件夹"),
    "row_yours": ("yours", "你的设置"),
    "exactly": ("(matches exactly)", "（完全一致）"),
    "data_row": ("{name} · {rows:,} {rows|row|rows}", "{name} · {rows:,} 行"),
    "training": (
        "{method} · lr {lr} · {epochs} {epochs|epoch|epochs}",
        "{method} · 学习率 {lr} · {epochs} 轮",
    ),
    "plan": (
        "{samples} {samples|sample|samples} × {epochs} {epochs|epoch|epochs} → {iterations} "
        "{iterations|iteration|iterations}, {updates} {updates|update|updates}",
        "{samples} 个样本 × {epochs} 轮 → {iterations} 次迭代，{updates} 次更新",
    ),
    "until_learned": (
        "at most: it ends early once the rows are known, or if it forgets",
        "以上为上限：学会后提前结束，出现遗忘也会结束",
    ),
    "folder_row": ("{path} · {free} free", "{path} · 剩余 {free}"),
    "differs": ("{name} = {value}  (default: {default})", "{name} = {value}（默认：{default}）"),
    "ready_question": ("What now?", "接下来？"),
    "ready_train": ("Write and train", "写入并开始训练"),
    "ready_write": ("Write only", "只写入"),
    "ready_change": ("Change an answer", "修改答案"),
    "ready_show": ("Show the config", "查看配置文件"),
    "ready_explained": (
        "Writing makes work_dir/xtuner_config.py, a plain xtuner config that you may edit. "
        "Nothing else is touched.",
        "写入会生成 work_dir/xtuner_config.py，这是普通的 xtuner 配置文件，可以自行编辑。"
        "其他文件都不会改动。",
    ),
    "change_question": ("Which answer?", "修改哪一项？"),
    "written": ("Written: {path}", "已写入：{path}"),
    "system_untrained": (
        "Your rows have no system text, so the one you gave is not trained: the model only gets it "
        "when it is asked. To train it, put it into the rows.",
        "你的数据中没有 system 文本，因此你填写的 system 不参与训练，只在提问时使用。"
        "如需训练它，请写进数据。",
    ),
    "thoughts_behind_block": (
        "Thoughts (<think>) stand before {count} {count|answer|answers}, but this template writes "
        "an empty thinking block before each: the model would learn to think after it. To train "
        "the thoughts as they stand: --set model.prompt_template=qwen_chat. To train answers "
        "alone, take the thoughts out of them.",
        "{count} 条回答以思考内容（<think>）开头，而这个模板会在每个回答前写一个空的思考块，"
        "模型会学成在空块之后再思考。要照原样训练思考内容：--set "
        "model.prompt_template=qwen_chat；只训练回答，请从中去掉思考内容。",
    ),
    "rows_have_other_system": (
        "Your rows have another system text than the one you gave: theirs is trained, yours is "
        "only used when the model is asked.",
        "数据中的 system 文本与你填写的不同：训练用的是数据里的，你填写的只在提问时使用。",
    ),
    "taken_over": (
        "  taken over from {file}: {names}",
        "  已沿用 {file} 中的设置：{names}",
    ),
    "next_train": (
        "Next:\n{command}",
        "下一步：\n{command}",
    ),
    "what_next": ("What next?", "接下来？"),
    "next_results": ("5  See the curves and the answers", "5  查看曲线和回答"),
    "next_convert": ("6  Convert the model", "6  转换模型"),
    "next_chat": ("6  Chat: base and fine-tuned side by side", "6  对话：基座与微调后并排比较"),
    "next_runs": ("5  Compare with the run before it", "5  与上一次训练比较"),
    "leave_now": ("Leave", "退出"),
    # where a folder stands
    "no_project_title": ("xtgui · nothing here yet", "xtgui · 这里还没有项目"),
    "gone": ("no longer there: {paths}", "已不存在：{paths}"),
    "do_find": ("choose the model and the data again", "重新选择模型和数据"),
    "do_enter": ("open your project {name}", "打开你的项目 {name}"),
    "start_init": (
        "fine-tune a model, asked step by step",
        "逐步引导，开始微调模型",
    ),
    "start_demo": (
        "see the whole road first, on a small model, in minutes",
        "先用小模型走一遍全程，只需几分钟",
    ),
    "next": ("Next", "下一步"),
    "or": ("Or", "或者"),
    "stage_paths": ("Paths", "路径"),
    "stage_sources": ("Sources", "模型与数据"),
    "stage_parameters": ("Parameters", "参数"),
    "stage_train": ("Train", "训练"),
    "stage_results": ("Results", "结果"),
    "stage_convert": ("Convert, chat", "转换与对话"),
    "free": ("{path} · {free} free", "{path} · 剩余 {free}"),
    "epochs": ("{count} {count|epoch|epochs}", "{count} 轮"),
    "iterations": ("{count:,} {count|iteration|iterations}", "{count:,} 次迭代"),
    "missing": ("missing: {names}", "缺少：{names}"),
    "unreadable_answers": (
        "{count} {count|problem|problems} in xtgui.toml",
        "xtgui.toml 有 {count} 处错误",
    ),
    "broken_config": ("xtuner_config.py cannot be read", "无法读取 xtuner_config.py"),
    "run_running": (
        "running · {done} of {total} {total|iteration|iterations}",
        "训练中 · {done}/{total} 次迭代",
    ),
    "run_starting": ("starting", "正在启动"),
    "run_finished": ("finished · {checkpoint}", "已完成 · {checkpoint}"),
    "run_stopped": (
        "stopped by you · {checkpoint} · {left} {left|iteration|iterations} to go",
        "已由你停止 · {checkpoint} · 还剩 {left} 次迭代",
    ),
    "run_failed": ("failed · {checkpoint}", "失败 · {checkpoint}"),
    "run_died": ("ended without a word · {checkpoint}", "意外中止 · {checkpoint}"),
    "run_other": ("trained elsewhere · {checkpoint}", "在别处训练 · {checkpoint}"),
    "no_checkpoint": ("no checkpoint", "没有检查点"),
    "answers_at": ("answers at {count} {count|checkpoint|checkpoints}", "{count} 个检查点的回答"),
    "do_init": ("answer what is missing", "回答缺少的问题"),
    "do_mend": ("see what is wrong in xtgui.toml", "查看 xtgui.toml 中的错误"),
    "do_see_config": ("see what is wrong in the config", "查看配置文件中的错误"),
    "do_train": ("start the training", "开始训练"),
    "do_attach": ("watch it", "查看进度"),
    "do_stop": ("stop it, with a checkpoint", "停止并保存检查点"),
    "do_runs": (
        "compare with {count|an earlier run|{count} earlier runs}",
        "与之前的 {count} 次训练比较",
    ),
    "do_results": ("curves and answers so far", "查看目前的曲线和回答"),
    "do_convert": ("make a model of {checkpoint}", "把 {checkpoint} 转换为模型"),
    "do_chat": ("ask both models side by side", "让两个模型并排回答"),
    "do_logs": ("see why", "查看原因"),
}
