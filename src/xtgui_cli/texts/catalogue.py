"""Texts about the catalogues of models and datasets."""

TEXTS: dict[str, tuple[str, str]] = {
    # Notes on a name that leads to an entry.
    "alias_hub": (
        "{asked} is the name of {id} on another hub.",
        "{asked} 是 {id} 在另一个模型社区的名称。",
    ),
    "alias_renamed": ("{asked} is now called {id}.", "{asked} 现已改名为 {id}。"),
    "alias_moved": ("{asked} has moved to {id}.", "{asked} 已迁移至 {id}。"),
    "alias_never": (
        "{asked} does not exist. The closest match is {id}.",
        "{asked} 不存在，最接近的是 {id}。",
    ),
    "alias_format": (
        "{asked} contains Meta's original files, which cannot be trained. {id} is the same model "
        "in Hugging Face format.",
        "{asked} 是 Meta 的原始格式，不能直接训练；{id} 是同一模型的 Hugging Face 格式。",
    ),
    "alias_unverified_name": (
        "{asked} may be the newer name of {id} (not verified).",
        "{asked} 可能是 {id} 的新名称（尚未核实）。",
    ),
    "no_model": ("No model matches: {words}", "没有匹配的模型：{words}"),
    "no_model.hint": (
        "To list all models, run `xtgui models`. Models outside the list work too: use the id or "
        "the folder.",
        "运行 `xtgui models` 列出全部。列表之外的模型也能用：直接写出其 id 或文件夹。",
    ),
    "no_model_near": (
        "No model matches: {words}\nDid you mean {near}?",
        "没有匹配的模型：{words}\n是不是 {near}？",
    ),
    "no_dataset": ("No dataset matches: {words}", "没有匹配的数据集：{words}"),
    "no_dataset.hint": (
        "To list all datasets, run `xtgui datasets`. Datasets outside the list work too: use "
        "the id or your own file.",
        "运行 `xtgui datasets` 列出全部。列表之外的数据集也能用：写出其 id 或自己的文件。",
    ),
    "no_dataset_near": (
        "No dataset matches: {words}\nDid you mean {near}?",
        "没有匹配的数据集：{words}\n是不是 {near}？",
    ),
    "is_a_model": ("{id} is a model, not a dataset.", "{id} 是模型，不是数据集。"),
    "is_a_model.hint": ("To show it, run: xtgui models {id}", "查看该模型：xtgui models {id}"),
    "is_a_dataset": ("{id} is a dataset, not a model.", "{id} 是数据集，不是模型。"),
    "is_a_dataset.hint": (
        "To show it, run: xtgui datasets {id}",
        "查看该数据集：xtgui datasets {id}",
    ),
    # The lists.
    "title_models": ("Models", "模型"),
    "title_datasets": ("Datasets", "数据集"),
    "count": ("{shown} of {all}", "{shown} / {all} 个"),
    "head_id": ("name", "名称"),
    "head_parameters": ("size", "参数量"),
    "head_marks": ("note", "标记"),
    "head_license": ("license", "许可证"),
    "head_template": ("template", "提示词模板"),
    "head_rows": ("rows", "行数"),
    "head_bytes": ("download", "下载量"),
    "head_languages": ("language", "语言"),
    "unknown": ("unknown", "未知"),
    "unknown_mark": ("?", "？"),
    "template_own": ("its own", "自带模板"),
    "legend_classic": (
        "C  needs the classic engine (an older version of transformers)",
        "C  需要旧版训练引擎（classic，使用较旧版本的 transformers）",
    ),
    "legend_gated": (
        "G  gated: accept the terms on its page and log in first",
        "G  须同意条款：先在其页面同意条款并登录",
    ),
    "legend_code": (
        "R  comes with its own code, which runs only with your permission",
        "R  自带代码，经你允许后才会运行",
    ),
    "legend_unknown": ("?  unknown whether gated", "?  是否须同意条款未知"),
    "legend_pretrain": ("P  plain text for pre-training", "P  预训练用的纯文本"),
    "legend_caution": (
        "!  has notes to read first: show it by name",
        "!  使用前请看须知：按名称查看",
    ),
    "see_model": (
        "Details: xtgui models NAME. Filter: xtgui models WORD ...",
        "查看详情：xtgui models 名称。筛选：xtgui models 关键词 ...",
    ),
    "see_dataset": (
        "Details: xtgui datasets NAME. Filter: xtgui datasets WORD ...",
        "查看详情：xtgui datasets 名称。筛选：xtgui datasets 关键词 ...",
    ),
    # One entry.
    "row_huggingface": ("Hugging Face", "在 Hugging Face"),
    "row_modelscope": ("ModelScope", "在 ModelScope"),
    "row_parameters": ("size", "参数量"),
    "row_shape": ("shape", "结构"),
    "row_context": ("context", "上下文长度"),
    "row_template": ("template", "提示词模板"),
    "row_stack": ("engine", "训练引擎"),
    "row_license": ("license", "许可证"),
    "row_gated": ("access", "访问"),
    "row_remote_code": ("own code", "自带代码"),
    "row_languages": ("language", "语言"),
    "row_rows": ("rows", "行数"),
    "row_bytes": ("download", "下载量"),
    "row_patterns": ("files", "文件"),
    "row_columns": ("columns", "列"),
    "row_reading": ("becomes", "转换为"),
    "row_system_line": ("system", "系统提示"),
    "not_there": ("not available or not known", "没有，或未知"),
    "shape": (
        "{num_hidden_layers} {num_hidden_layers|layer|layers}, hidden size {hidden_size} "
        "({intermediate_size} in the MLP), {num_attention_heads} attention "
        "{num_attention_heads|head|heads} of {head_dim}, {num_key_value_heads} key-value "
        "{num_key_value_heads|head|heads}, vocabulary {vocab_size}",
        "{num_hidden_layers} 层，隐藏维度 {hidden_size}（MLP 为 "
        "{intermediate_size}），{num_attention_heads} 个注意力头，每头 {head_dim}，"
        "键值头 {num_key_value_heads} 个，词表 {vocab_size}",
    ),
    "shape_tied": (", tied embeddings, {dtype}", "，共享词嵌入，{dtype}"),
    "shape_untied": (", untied embeddings, {dtype}", "，不共享词嵌入，{dtype}"),
    "tokens": ("{count:,} {count|token|tokens}", "{count:,} 个 token"),
    "template_config": (
        "{name}: used by xtuner's configs for this model",
        "{name}：xtuner 自带的配置对该模型使用它",
    ),
    "template_family": (
        "{name}: used by xtuner's configs for similar models",
        "{name}：xtuner 自带的配置对同类模型使用它",
    ),
    "template_format": (
        "{name}: same format as this model's own; xtuner has no config for it",
        "{name}：格式与该模型自带的一致；xtuner 没有它的配置",
    ),
    "template_read_off": (
        "read from its own chat template after the download",
        "下载后从其自带的对话模板（chat template）读取",
    ),
    "gated_yes": ("accept the terms first: {page}", "须先同意条款：{page}"),
    "gated_no": ("open", "公开"),
    "language_en": ("English", "英文"),
    "language_zh": ("Chinese", "中文"),
    "language_multi": ("several", "多种语言"),
    "patterns_none": ("none: choose files yourself", "无：请自行选择"),
    "reads_turns": ("conversations in the column {turns}", "{turns} 列中的对话"),
    "reads_text": ("conversations in the text of {column}", "{column} 列文本中的对话"),
    "reads_pair": ("question {user}, answer {assistant}", "问题 {user}，回答 {assistant}"),
    "reads_system": (", system {system}", "，系统提示 {system}"),
    "reads_plain": ("plain text in {column}", "{column} 列中的纯文本"),
    "map_fn": ("xtuner: {name}", "xtuner：{name}"),
    "between": (", ", "、"),
    "source": ("{names}: {source}", "{names}：{source}"),
    "sources_title": ("Sources", "以上信息的来源"),
    "next_title": ("Next", "下一步"),
    "next_download": ("download it", "下载"),
    "next_estimate": ("estimate what it needs", "估算所需的显存与磁盘"),
    "next_convert": ("convert to messages", "转换为 messages"),
}
