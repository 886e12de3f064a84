"""Texts of `xtgui data preview`: rows as the model sees them, and the figures of the file."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("What is to be shown? Missing: {names}", "不知道要显示什么，缺少：{names}"),
    "missing.hint": (
        "xtgui data preview FILE --model DIR. In a project's folder both come from xtgui.toml.",
        "xtgui data preview FILE --model DIR；在项目文件夹里，两者都取自 xtgui.toml。",
    ),
    "no_such_template": (
        "There is no prompt template {name}; the nearest name is {near}.",
        "没有名为 {name} 的对话模板；最接近的是 {near}。",
    ),
    "no_such_template.hint": (
        "`xtgui templates` lists them all.",
        "`xtgui templates` 会列出全部。",
    ),
    "unknown_template": (
        "The model in {path} has no chat template that could be compared.",
        "{path} 的模型没有可以比对的对话模板。",
    ),
    "unknown_template.hint": (
        "Say which one to use: --template NAME (base models: default)",
        "请指定模板：--template 名称（基座模型用 default）",
    ),
    "no_such_row": (
        "{path} has {rows} {rows|row|rows}; there is no row {row}.",
        "{path} 只有 {rows} 条数据，没有第 {row} 条。",
    ),
    "template_needed": (
        "{path} has no tokenizer.json: which prompt template is its own cannot be found out.",
        "{path} 没有 tokenizer.json，无法判断它用的是哪个对话模板。",
    ),
    "template_needed.hint": (
        "Say which one to use: --template NAME (base models: default)",
        "请指定模板：--template 名称（基座模型用 default）",
    ),
    "tokenizer_failed": (
        "The engine cannot load the tokenizer of {path}: {reason}",
        "训练引擎无法加载 {path} 的分词器：{reason}",
    ),
    "tokenizer_failed.hint": (
        "Its code may be written for older libraries than the engine has. All it said: {log}",
        "它的代码可能是为更旧的库写的，与当前引擎不兼容。完整日志：{log}",
    ),
    "asking_engine": (
        "{model} has no tokenizer.json: the engine counts its tokens, which takes longer.",
        "{model} 没有 tokenizer.json：改由训练引擎统计 token，会慢一些。",
    ),
    "remote_code": (
        "The tokenizer of {path} is Python code that came with the model, and would be run.",
        "{path} 的分词器是模型自带的 Python 代码，使用时会执行。",
    ),
    "remote_code.hint": (
        "If you trust it, agree in the wizard (xtgui init) and preview in that project's folder.",
        "如果你信任它，请在向导（xtgui init）里同意，再在该项目文件夹里预览。",
    ),
    "title": ("What the model sees", "模型看到的数据"),
    "settings": (
        "{data} · {model} · template {template} · max_length {max_length:,}",
        "{data} · {model} · 模板 {template} · max_length {max_length:,}",
    ),
    "legend_trained": ("trained", "参与训练"),
    "legend_masked": ("read, not trained", "只读入，不训练"),
    "legend_special": ("special token", "特殊 token"),
    "legend_newline": ("line break", "换行"),
    "legend_cut": ("cut off", "被截断"),
    "row": ("Row {number:,}", "第 {number:,} 条"),
    "row_counts": (
        "{tokens:,} {tokens|token|tokens}, {trained:,} trained",
        "{tokens:,} 个 token，训练其中 {trained:,} 个",
    ),
    "row_cut": ("{count:,} cut off", "截断 {count:,} 个"),
    "row_nothing": (
        "No token of this row is trained: it is left out.",
        "这一条没有参与训练的 token，会被丢弃。",
    ),
    "row_dropped": (
        "Left out of it: {count} {count|message|messages} before the first question or after the "
        "last answer.",
        "这一条里有 {count} 条消息被丢弃：在第一个问题之前，或在最后一个回答之后。",
    ),
    "row_empty": ("Nothing of it is trained: it has no answer.", "这一条没有回答，不参与训练。"),
    "cut_here": (
        "max_length {max_length:,} · {tokens:,} {tokens|token|tokens} cut off, {trained:,} of them "
        "answers",
        "max_length {max_length:,} · 截断 {tokens:,} 个 token，其中回答 {trained:,} 个",
    ),
    "lines_left_out": (
        "… {count:,} more {count|line|lines}: --row {number} shows them",
        "…… 还有 {count:,} 行，用 --row {number} 查看",
    ),
    "none_cut": (
        "No row is longer than {max_length:,} tokens.",
        "没有超过 {max_length:,} 个 token 的数据。",
    ),
    "more_cut": (
        "… {count:,} more {count|row is|rows are} cut: --rows {all} shows them all",
        "…… 还有 {count:,} 条会被截断，用 --rows {all} 全部显示",
    ),
    "counting": ("counting tokens: {rows:,} {rows|row|rows}", "正在统计 token：{rows:,} 条"),
    "lengths_title": ("The whole file", "整个文件"),
    "lengths_unit": ("tokens", "token 数"),
    "lengths_rows": ("rows", "条数"),
    "limit": ("max_length {max_length:,}", "max_length {max_length:,}"),
    "limit_above": (
        "max_length {max_length:,}: every row fits",
        "max_length {max_length:,}：每一条都放得下",
    ),
    "name_rows": ("rows", "数据"),
    "name_length": ("length", "长度"),
    "name_cut": ("cut", "截断"),
    "name_vanishing": ("left out", "丢弃"),
    "name_packing": ("packing", "打包"),
    "name_epoch": ("an epoch", "一轮"),
    "name_run": ("the run", "整个训练"),
    "rows_line": (
        "{rows:,} {rows|row|rows}, {tokens:,} {tokens|token|tokens}; {trained:,} of them "
        "({percent} %) are trained",
        "共 {rows:,} 条、{tokens:,} 个 token；参与训练 {trained:,} 个（{percent} %）",
    ),
    "length_line": (
        "half up to {median:,} · 90 % up to {p90:,} · 99 % up to {p99:,} · longest {longest:,}",
        "半数不超过 {median:,} · 90 % 不超过 {p90:,} · 99 % 不超过 {p99:,} · 最长 {longest:,}",
    ),
    "cut_none": ("nothing: every row fits", "无：每一条都放得下"),
    "cut_line": (
        "{rows:,} of {all:,} {all|row|rows} ({percent} %), with {share} % of the trained tokens",
        "{all:,} 条中的 {rows:,} 条（{percent} %），损失 {share} % 的训练 token",
    ),
    "vanishing_none": ("none", "无"),
    "vanishing_line": (
        "{count:,} of {all:,} {all|row|rows} ({percent} %) {count|has|have} nothing to train: "
        "{names}",
        "{all:,} 条中的 {count:,} 条（{percent} %）没有可训练的内容：{names}",
    ),
    "and_more": ("{names}, …", "{names}……"),
    "packed_line": (
        "samples of {length:,} tokens; {percent} % of the tokens fill none and are never trained",
        "每个样本 {length:,} 个 token；{percent} % 的 token 填不满样本，不会参与训练",
    ),
    "packed_all_line": (
        "samples of {length:,} tokens; nothing is lost",
        "每个样本 {length:,} 个 token，没有损失",
    ),
    "packed_shorter": (
        "(shorter than {limit:,}, for enough samples with little loss; set train.max_length to "
        "keep another)",
        "（比 {limit:,} 短，这样样本够多、损失也少；想用别的长度请设置 train.max_length）",
    ),
    "apart_line": (
        "off: one sample a row, so that nothing is lost here",
        "关闭：一条一个样本，打包不造成损失",
    ),
    "repeated": (
        "(each of your rows {count} {count|time|times})",
        "（你的每行数据各 {count} 次）",
    ),
    "general": (
        "({count:,} of them general questions that the base model answers first)",
        "（其中 {count:,} 个是先由基座模型回答的通用问题）",
    ),
    "held_out": (
        "({count:,} {count|row is|rows are} held out: not trained, only looked at)",
        "（{count:,} 行留出，不参与训练，只用于检验）",
    ),
    "epoch_line": (
        "{samples:,} {samples|sample|samples}, {iters:,} {iters|iteration|iterations}, {steps} "
        "optimizer {steps|step|steps}",
        "{samples:,} 个样本，{iters:,} 次迭代，权重更新 {steps} 次",
    ),
    "accumulated": (
        "batch_size {batch}, accumulative_counts {accumulation}",
        "batch_size {batch}，accumulative_counts {accumulation}",
    ),
    "run_line": (
        "max_epochs {epochs}: {iters:,} {iters|iteration|iterations}, {steps:,} optimizer "
        "{steps|step|steps}",
        "max_epochs {epochs}：{iters:,} 次迭代，权重更新 {steps:,} 次",
    ),
    "advice_nothing": (
        "Nothing is left to train on: no row has an answer within {max_length:,} tokens.",
        "没有可训练的内容：没有一条数据在前 {max_length:,} 个 token 里有回答。",
    ),
    "advice_longer": (
        "The longest row has {longest:,} tokens: --set train.max_length={length} would keep all "
        "of it, and needs more memory.",
        "最长的一条有 {longest:,} 个 token：--set train.max_length={length} 可以全部保留，"
        "但需要更多显存。",
    ),
    "advice_too_long": (
        "The longest row has {longest:,} tokens, the model reads {limit:,} at most: shorten or "
        "split the rows that --cut shows.",
        "最长的一条有 {longest:,} 个 token，而模型最多读 {limit:,} 个：请缩短或拆分 --cut "
        "显示的数据。",
    ),
    "advice_vanishing": (
        "Rows without a trained answer teach nothing; `xtgui check data` says why.",
        "没有训练内容的数据不起作用；`xtgui check data` 会说明原因。",
    ),
    "advice_packing": (
        "Packing loses {percent} % of the tokens: --set train.pack_to_max_length=false loses none.",
        "打包会丢失 {percent} % 的 token：--set train.pack_to_max_length=false 不会丢失。",
    ),
    "advice_few_steps": (
        "Only {steps} optimizer {steps|step|steps}: hardly anything is learned below {few}. More "
        "rows, more epochs or a lower train.accumulative_counts help.",
        "权重只更新 {steps} 次：少于 {few} 次几乎学不到东西。请增加数据或轮数，或调低 "
        "train.accumulative_counts。",
    ),
}
