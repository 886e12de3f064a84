"""Texts of `xtgui data preview`: rows as the model sees them, and statistics of the file."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("Nothing to preview. Missing: {names}", "没有可预览的内容，缺少：{names}"),
    "missing.hint": (
        "Run: xtgui data preview FILE --model DIR. In a project folder, both come from xtgui.toml.",
        "请运行：xtgui data preview FILE --model DIR。在项目文件夹中，两者都取自 xtgui.toml。",
    ),
    "no_such_template": (
        "Unknown prompt template {name}. Did you mean {near}?",
        "没有名为 {name} 的提示词模板。是不是想用 {near}？",
    ),
    "no_such_template.hint": (
        "To list all templates, run `xtgui templates`.",
        "运行 `xtgui templates` 列出全部模板。",
    ),
    "unknown_template": (
        "The model in {path} has no chat template to compare with.",
        "{path} 中的模型没有可供比对的对话模板（chat template）。",
    ),
    "unknown_template.hint": (
        "Choose a prompt template: --template NAME (base models: default)",
        "请指定提示词模板：--template 名称（基座模型用 default）",
    ),
    "no_such_row": (
        "{path} has {rows} {rows|row|rows}, but no row {row}.",
        "{path} 只有 {rows} 行数据，没有第 {row} 行。",
    ),
    "template_needed": (
        "{path} has no tokenizer.json, so xtgui cannot find out which prompt template it uses.",
        "{path} 没有 tokenizer.json，无法判断它使用哪个提示词模板。",
    ),
    "template_needed.hint": (
        "Choose a prompt template: --template NAME (base models: default)",
        "请指定提示词模板：--template 名称（基座模型用 default）",
    ),
    "tokenizer_failed": (
        "The engine cannot load the tokenizer of {path}: {reason}",
        "训练引擎无法加载 {path} 的分词器：{reason}",
    ),
    "tokenizer_failed.hint": (
        "Its code may need older libraries than the engine has. Full log: {log}",
        "它的代码可能依赖更旧的库，与当前引擎不兼容。完整日志：{log}",
    ),
    "asking_engine": (
        "{model} has no tokenizer.json, so the engine counts its tokens. This takes longer.",
        "{model} 没有 tokenizer.json，改由训练引擎统计 token，会慢一些。",
    ),
    "remote_code": (
        "The tokenizer of {path} is Python code that came with the model. Using it would run that "
        "code.",
        "{path} 的分词器是模型自带的 Python 代码，使用时会执行这些代码。",
    ),
    "remote_code.hint": (
        "If you trust it, allow it in the wizard (xtgui init) and run the preview in that project "
        "folder.",
        "如果你信任它，请先在向导（xtgui init）中允许，再到该项目文件夹中预览。",
    ),
    "title": ("What the model sees", "模型看到的数据"),
    "settings": (
        "{data} · {model} · template {template} · max_length {max_length:,}",
        "{data} · {model} · 模板 {template} · max_length {max_length:,}",
    ),
    "legend_trained": ("trained", "参与训练"),
    "legend_special": ("special token", "特殊 token"),
    "legend_newline": ("line break", "换行"),
    "legend_cut": ("cut off", "被截断"),
    "row": ("Row {number:,}", "第 {number:,} 行"),
    "row_counts": (
        "{tokens:,} {tokens|token|tokens}, {trained:,} trained",
        "{tokens:,} 个 token，训练其中 {trained:,} 个",
    ),
    "row_cut": ("{count:,} cut off", "截断 {count:,} 个"),
    "row_nothing": (
        "This row has no token to train, so it is left out.",
        "这一行没有参与训练的 token，训练时会丢弃。",
    ),
    "row_dropped": (
        "Left out of this row: {count} {count|message|messages} before the first question or "
        "after the last answer.",
        "这一行丢弃了 {count} 条消息：在第一个问题之前，或在最后一个回答之后。",
    ),
    "row_empty": ("This row has no answer, so it is not trained.", "这一行没有回答，不参与训练。"),
    "cut_here": (
        "max_length {max_length:,} · {tokens:,} {tokens|token|tokens} cut off, including "
        "{trained:,} of the answers",
        "max_length {max_length:,} · 截断 {tokens:,} 个 token，其中回答 {trained:,} 个",
    ),
    "lines_left_out": (
        "… {count:,} more {count|line|lines}; to show {count|it|them}: --row {number}",
        "…… 还有 {count:,} 行，用 --row {number} 查看",
    ),
    "none_cut": (
        "No row is longer than {max_length:,} tokens.",
        "没有超过 {max_length:,} 个 token 的数据。",
    ),
    "more_cut": (
        "… {count:,} more {count|row is|rows are} cut off; to show all: --rows {all}",
        "…… 还有 {count:,} 行会被截断，用 --rows {all} 全部显示",
    ),
    "counting": ("Counting tokens: {rows:,} {rows|row|rows}", "正在统计 token：{rows:,} 行"),
    "lengths_title": ("The whole file", "整个文件"),
    "lengths_unit": ("tokens", "token 数"),
    "lengths_rows": ("rows", "行数"),
    "limit": ("max_length {max_length:,}", "max_length {max_length:,}"),
    "limit_above": (
        "max_length {max_length:,}: all rows fit",
        "max_length {max_length:,}：所有行都放得下",
    ),
    "name_rows": ("rows", "数据"),
    "name_length": ("length", "长度"),
    "name_cut": ("cut off", "截断"),
    "name_vanishing": ("left out", "丢弃"),
    "name_packing": ("packing", "拼接"),
    "name_epoch": ("one epoch", "一轮"),
    "name_run": ("whole run", "整个训练"),
    "rows_line": (
        "{rows:,} {rows|row|rows}, {tokens:,} {tokens|token|tokens}, of which {trained:,} "
        "({percent}%) are trained",
        "共 {rows:,} 行、{tokens:,} 个 token，其中 {trained:,} 个（{percent}%）参与训练",
    ),
    "length_line": (
        "half up to {median:,} · 90% up to {p90:,} · 99% up to {p99:,} · longest {longest:,}",
        "半数不超过 {median:,} · 90% 不超过 {p90:,} · 99% 不超过 {p99:,} · 最长 {longest:,}",
    ),
    "cut_none": ("none: all rows fit", "无：所有行都放得下"),
    "cut_line": (
        "{rows:,} of {all:,} {all|row|rows} ({percent}%), with {share}% of the trained tokens",
        "{all:,} 行中的 {rows:,} 行（{percent}%），损失 {share}% 的训练 token",
    ),
    "vanishing_none": ("none", "无"),
    "vanishing_line": (
        "{count:,} of {all:,} {all|row|rows} ({percent}%) {count|has|have} nothing to train: "
        "{names}",
        "{all:,} 行中的 {count:,} 行（{percent}%）没有可训练的内容：{names}",
    ),
    "and_more": ("{names}, …", "{names}……"),
    "packed_line": (
        "samples of {length:,} tokens; {percent}% of the tokens do not fill a sample and are "
        "never trained",
        "每个样本 {length:,} 个 token；{percent}% 的 token 填不满样本，不参与训练",
    ),
    "packed_all_line": (
        "samples of {length:,} tokens; nothing lost",
        "每个样本 {length:,} 个 token，没有损失",
    ),
    "packed_shorter": (
        "(shorter than {limit:,}, for enough samples and little loss; to keep another length, set "
        "train.max_length)",
        "（比 {limit:,} 短，这样样本够多、损失也少；想用别的长度请设置 train.max_length）",
    ),
    "apart_line": ("off: one sample per row, nothing lost", "关闭：每行一个样本，没有损失"),
    "repeated": ("(each of your rows {count} {count|time|times})", "（你的每行数据各 {count} 次）"),
    "general": (
        "(including {count:,} general {count|question|questions} that the base model answers "
        "first)",
        "（其中 {count:,} 个是先由基座模型回答的通用问题）",
    ),
    "held_out": (
        "({count:,} {count|row|rows} held out: used for checking, never trained)",
        "（留出 {count:,} 行作验证集，不参与训练）",
    ),
    "epoch_line": (
        "{samples:,} {samples|sample|samples}, {iters:,} {iters|iteration|iterations}, {steps} "
        "{steps|update|updates}",
        "{samples:,} 个样本，{iters:,} 次迭代，{steps} 次参数更新",
    ),
    "accumulated": (
        "batch_size {batch}, accumulative_counts {accumulation}",
        "batch_size {batch}，accumulative_counts {accumulation}",
    ),
    "run_line": (
        "max_epochs {epochs}: {iters:,} {iters|iteration|iterations}, {steps:,} "
        "{steps|update|updates}",
        "max_epochs {epochs}：{iters:,} 次迭代，{steps:,} 次参数更新",
    ),
    "advice_nothing": (
        "Nothing to train on: no row has an answer within {max_length:,} tokens.",
        "没有可训练的内容：没有一行在前 {max_length:,} 个 token 里有回答。",
    ),
    "advice_longer": (
        "The longest row has {longest:,} tokens. --set train.max_length={length} keeps all of it "
        "but needs more memory.",
        "最长的一行有 {longest:,} 个 token：--set train.max_length={length} 可以全部保留，"
        "但需要更多显存。",
    ),
    "advice_too_long": (
        "The longest row has {longest:,} tokens, but the model supports at most {limit:,}. "
        "Shorten or split the rows that --cut shows.",
        "最长的一行有 {longest:,} 个 token，而模型最多支持 {limit:,} 个："
        "请缩短或拆分 --cut 显示的数据。",
    ),
    "advice_vanishing": (
        "Rows without a trained answer teach nothing. To see why, run `xtgui check data`.",
        "没有可训练回答的行不起作用。运行 `xtgui check data` 查看原因。",
    ),
    "advice_packing": (
        "Packing loses {percent}% of the tokens; --set train.pack_to_max_length=false loses none.",
        "拼接会丢失 {percent}% 的 token；--set train.pack_to_max_length=false 不会丢失。",
    ),
    "advice_few_steps": (
        "Only {steps} {steps|update|updates}: with fewer than {few}, the model hardly learns. Add "
        "rows, train more epochs, or use fewer rows per update (train.batch_size, "
        "train.accumulative_counts).",
        "权重只更新 {steps} 次：少于 {few} 次几乎学不到东西。请增加数据或轮数，"
        "或减少每次更新所用的行数（train.batch_size、train.accumulative_counts）。",
    ),
}
