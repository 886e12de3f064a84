"""Texts of the wizard about choosing a model or dataset from the lists and downloading it."""

TEXTS: dict[str, tuple[str, str]] = {
    "list_model": ("choose a model from the list and download it", "从列表中选择并下载模型"),
    "list_dataset": ("choose a dataset from the list and download it", "从列表中选择并下载数据集"),
    "which_model": ("Model", "模型"),
    "which_dataset": ("Dataset", "数据集"),
    "explained_model": (
        "Small models train faster and need less memory. Models with 0.5 to 2 billion parameters "
        "are a good start. Models with Instruct, chat or it in their names can already chat. "
        "Gated: accept the terms on the model's page first. For details on a model, run `xtgui "
        "models NAME`.",
        "模型越小，训练越快，占用的显存也越少；0.5B 到 2B 的模型适合入门。名称带 Instruct、"
        "chat 或 it 的模型已经会对话。“须同意条款”的模型，请先在其页面同意条款。"
        "详细信息可运行 `xtgui models 名称` 查看。",
    ),
    "explained_dataset": (
        "A few thousand good rows teach more than a million doubtful ones. For details on a "
        "dataset, run `xtgui datasets NAME`.",
        "几千行高质量数据胜过上百万行质量不明的数据。详细信息可运行 `xtgui datasets 名称` 查看。",
    ),
    "other": ("another one, by its name on the hub ...", "其他（输入它在模型社区的名称）……"),
    "name": ("Name (user/repo) or page address", "名称（user/repo）或页面网址"),
    "about": ("  {about}", "  {about}"),
    "mark_here": ("on disk", "已下载"),
    "mark_gated": ("gated", "须同意条款"),
    "mark_classic": ("classic", "旧版"),
    "mark_code": ("code", "自带代码"),
    "mark_pretrain": ("plain text", "纯文本"),
    "mark_caution": ("see notes", "有须知"),
    "what_now": ("What do you want to do?", "接下来怎么办？"),
    "ways_explained": (
        "The part already downloaded is kept, and the next attempt resumes from it. A mirror "
        "serves the same files from another address. Your token is not sent to it.",
        "已下载的部分会保留，下次从断点继续。镜像从另一个地址提供相同的文件，"
        "你的令牌不会发送给它。",
    ),
    "way_again": ("try again", "重试"),
    "way_mirror": ("use the mirror {mirror}", "使用镜像 {mirror}"),
    "way_modelscope": ("download from ModelScope", "从魔搭（ModelScope）下载"),
    "way_back": ("choose something else", "选择其他"),
}
