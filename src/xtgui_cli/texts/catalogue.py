"""Texts about the catalogues of models and data sets."""

TEXTS: dict[str, tuple[str, str]] = {
    # What is to be said about a name that leads to an entry.
    "alias_hub": (
        "{asked} is the name of {id} on another hub.",
        "{asked} 是 {id} 在另一个模型社区的名称。",
    ),
    "alias_renamed": ("{asked} is now called {id}.", "{asked} 现已改名为 {id}。"),
    "alias_moved": ("{asked} has moved to {id}.", "{asked} 已迁移至 {id}。"),
    "alias_never": (
        "There is no {asked}; {id} is what comes nearest.",
        "不存在 {asked}；最接近的是 {id}。",
    ),
    "alias_format": (
        "{asked} holds Meta's own files, which cannot be trained; {id} is the same model in "
        "Hugging Face format.",
        "{asked} 是 Meta 的原始格式，不能直接训练；{id} 是同一模型的 Hugging Face 格式。",
    ),
    "alias_unverified_name": (
        "{asked} may be the newer name of {id}; that was not verified.",
        "{asked} 可能是 {id} 的新名称，尚未核实。",
    ),
    "no_model": ("No model is found by: {words}", "没有找到匹配的模型：{words}"),
    "no_model.hint": (
        "`xtgui models` lists all. Others work too: name their id or their folder.",
        "`xtgui models` 列出全部。列表之外的模型也能用：直接写出其 id 或文件夹。",
    ),
    "no_model_near": (
        "No model is found by: {words}\nDid you mean {near} ?",
        "没有找到匹配的模型：{words}\n是不是 {near} ？",
    ),
    "no_dataset": ("No data set is found by: {words}", "没有找到匹配的数据集：{words}"),
    "no_dataset.hint": (
        "`xtgui datasets` lists all. Others work too: name their id, or a file of your own.",
        "`xtgui datasets` 列出全部。列表之外的数据集也能用：写出其 id 或自己的文件。",
    ),
    "no_dataset_near": (
        "No data set is found by: {words}\nDid you mean {near} ?",
        "没有找到匹配的数据集：{words}\n是不是 {near} ？",
    ),
    "is_a_model": (
        "{id} is a model, not a data set.",
        "{id} 是模型，不是数据集。",
    ),
    "is_a_model.hint": ("See it: xtgui models {id}", "查看该模型：xtgui models {id}"),
    "is_a_dataset": (
        "{id} is a data set, not a model.",
        "{id} 是数据集，不是模型。",
    ),
    "is_a_dataset.hint": ("See it: xtgui datasets {id}", "查看该数据集：xtgui datasets {id}"),
    # The lists.
    "title_models": ("Models", "模型"),
    "title_datasets": ("Data sets", "数据集"),
    "count": ("{shown} of {all}", "{shown} / {all} 个"),
    "head_id": ("name", "名称"),
    "head_parameters": ("size", "参数量"),
    "head_marks": ("note", "标记"),
    "head_license": ("licence", "许可证"),
    "head_template": ("template", "对话模板"),
    "head_rows": ("rows", "条数"),
    "head_bytes": ("download", "下载量"),
    "head_languages": ("language", "语言"),
    "unknown": ("unknown", "未知"),
    "unknown_mark": ("?", "？"),
    "template_own": ("its own", "自带模板"),
    "legend_classic": (
        "C  needs the classic engine (an older version of transformers)",
        "C  需要旧版（classic）训练环境（较旧版本的 transformers）",
    ),
    "legend_gated": (
        "G  gated: accept its terms on its page and log in first",
        "G  受限：须先在其页面同意条款并登录",
    ),
    "legend_code": (
        "R  brings code of its own, which runs only if you allow it",
        "R  自带代码，经你允许后才会运行",
    ),
    "legend_unknown": (
        "?  not known whether it is gated",
        "?  是否受限未知",
    ),
    "legend_pretrain": ("P  plain text for pre-training", "P  预训练用的纯文本"),
    "legend_caution": (
        "!  there is something to know before: see it by its name",
        "!  使用前有须知：写出其名称即可查看",
    ),
    "see_model": (
        "More about one: xtgui models NAME. Fewer: xtgui models WORD ...",
        "查看其中一个：xtgui models 名称。筛选：xtgui models 关键词 ...",
    ),
    "see_dataset": (
        "More about one: xtgui datasets NAME. Fewer: xtgui datasets WORD ...",
        "查看其中一个：xtgui datasets 名称。筛选：xtgui datasets 关键词 ...",
    ),
    # One entry.
    "row_huggingface": ("Hugging Face", "在 Hugging Face"),
    "row_modelscope": ("ModelScope", "在 ModelScope"),
    "row_parameters": ("size", "参数量"),
    "row_shape": ("shape", "结构"),
    "row_context": ("context", "上下文长度"),
    "row_template": ("template", "对话模板"),
    "row_stack": ("engine", "引擎"),
    "row_license": ("licence", "许可证"),
    "row_gated": ("access", "访问"),
    "row_remote_code": ("own code", "自带代码"),
    "row_languages": ("language", "语言"),
    "row_rows": ("rows", "条数"),
    "row_bytes": ("download", "下载量"),
    "row_patterns": ("files", "文件"),
    "row_columns": ("columns", "列"),
    "row_reading": ("becomes", "转换为"),
    "row_system_line": ("system", "系统提示"),
    "not_there": ("not there, or not known", "没有，或未知"),
    "shape": (
        "{num_hidden_layers} {num_hidden_layers|layer|layers} of {hidden_size} "
        "({intermediate_size} in the MLP), {num_attention_heads} {num_attention_heads|head|heads} "
        "of {head_dim}, {num_key_value_heads} for keys and values, vocabulary {vocab_size}",
        "{num_hidden_layers} 层，隐藏维度 {hidden_size}（MLP 为 {intermediate_size}），"
        "{num_attention_heads} 个注意力头，每头 {head_dim}，键值头 {num_key_value_heads} 个，"
        "词表 {vocab_size}",
    ),
    "shape_tied": (", embeddings tied, {dtype}", "，共享词嵌入，{dtype}"),
    "shape_untied": (", embeddings not tied, {dtype}", "，不共享词嵌入，{dtype}"),
    "tokens": ("{count:,} {count|token|tokens}", "{count:,} 个 token"),
    "template_config": (
        "{name}: xtuner's own configs use it for this model",
        "{name}：xtuner 自带的配置对该模型使用它",
    ),
    "template_family": (
        "{name}: xtuner's configs use it for models like this one",
        "{name}：xtuner 的配置对同类模型使用它",
    ),
    "template_format": (
        "{name}: it writes as this model does; xtuner ships no config for it",
        "{name}：书写格式与该模型一致；xtuner 没有自带它的配置",
    ),
    "template_read_off": (
        "read off its own chat template when it is on disk",
        "下载后从其自带的对话模板读出",
    ),
    "gated_yes": (
        "after accepting its terms: {page}",
        "须先同意其条款：{page}",
    ),
    "gated_no": ("open", "公开"),
    "language_en": ("English", "英文"),
    "language_zh": ("Chinese", "中文"),
    "language_multi": ("several", "多种语言"),
    "patterns_none": ("none: choose some yourself", "无：请自行选择"),
    "reads_turns": ("conversations in the column {turns}", "{turns} 列中的对话"),
    "reads_text": ("conversations in the text of {column}", "{column} 列文本中的对话"),
    "reads_pair": ("question {user}, answer {assistant}", "问题 {user}，回答 {assistant}"),
    "reads_system": (", system {system}", "，系统提示 {system}"),
    "reads_plain": ("plain text in {column}", "{column} 列中的纯文本"),
    "map_fn": ("xtuner: {name}", "xtuner：{name}"),
    "between": (", ", "、"),
    "source": ("{names}: {source}", "{names}：{source}"),
    "sources_title": ("Where this is known from", "以上信息的来源"),
    "next_title": ("Next", "下一步"),
    "next_download": ("fetch it", "下载"),
    "next_estimate": ("what training it needs", "训练所需的显存与磁盘"),
    "next_convert": ("make it messages", "转换为 messages"),
}
