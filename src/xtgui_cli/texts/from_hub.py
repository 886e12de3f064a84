"""Texts about choosing a model or data set from the lists and downloading it in the wizard."""

TEXTS: dict[str, tuple[str, str]] = {
    "list_model": ("a model from the list, downloaded now", "从列表中选择模型，现在下载"),
    "list_dataset": ("a data set from the list, downloaded now", "从列表中选择数据集，现在下载"),
    "which_model": ("Model", "模型"),
    "which_dataset": ("Data set", "数据集"),
    "explained_model": (
        "Small models train faster and need less memory; one of 0.5 to 2 billion parameters is a "
        "good start. Those with Instruct, chat or it in their names can converse already. "
        "Gated: its terms must be accepted on its page first. `xtgui models NAME` tells all that "
        "is known of one.",
        "模型越小，训练越快、占用越少；0.5 到 2 B 的模型适合入门。名称带 Instruct、chat 或 it 的"
        "已经会对话。“受限”表示须先在其页面同意条款。`xtgui models 名称` 可查看详细信息。",
    ),
    "explained_dataset": (
        "A few thousand good rows teach more than a million doubtful ones. `xtgui datasets NAME` "
        "tells all that is known of one.",
        "几千条高质量数据胜过上百万条质量不明的数据。`xtgui datasets 名称` 可查看详细信息。",
    ),
    "other": ("another one, by its name on the hub ...", "其他，输入它在 hub 上的名称……"),
    "name": ("Name (user/repo) or address of its page", "名称（user/repo）或页面网址"),
    "about": ("  {about}", "  {about}"),
    "mark_here": ("on disk", "已下载"),
    "mark_gated": ("gated", "受限"),
    "mark_classic": ("classic", "旧版"),
    "mark_code": ("code", "自带代码"),
    "mark_pretrain": ("plain text", "纯文本"),
    "mark_caution": ("see note", "有须知"),
    "what_now": ("How to go on?", "接下来怎么办？"),
    "ways_explained": (
        "What has been downloaded is kept; the next attempt goes on from there. A mirror serves "
        "the same files from another address; your token is not sent to it.",
        "已下载的部分会保留，下次接着下载。镜像从另一个地址提供相同的文件，不会向它发送你的令牌。",
    ),
    "way_again": ("try again", "重试"),
    "way_mirror": ("through the mirror {mirror}", "通过镜像 {mirror}"),
    "way_modelscope": ("from ModelScope", "从魔搭（ModelScope）下载"),
    "way_back": ("choose something else", "选择别的"),
}
