"""Texts about a data file of one's own that becomes the file that is trained."""

TEXTS: dict[str, tuple[str, str]] = {
    "converted": (
        "  {name} ({kind}): {rows:,} {rows|row|rows} written to {path}; the original stays as "
        "it is",
        "  {name}（{kind}）：已转换 {rows:,} 条，写入 {path}；原文件保持不变",
    ),
    "seen_as": (
        "{name} ({kind}), as OpenAI messages:",
        "{name}（{kind}），以 OpenAI messages 格式显示：",
    ),
    "known": (
        "  {name}: converted before, to {path}",
        "  {name}：之前已转换为 {path}",
    ),
    "changed": (
        "  {name} has changed since it was taken into the project; it is read again",
        "  {name} 自导入项目后有改动，重新读取",
    ),
    "original_changed": (
        "{name} was made from {original}, which has changed since: those changes are not in it.",
        "{name} 由 {original} 生成，而后者之后有改动：这些改动不在其中。",
    ),
    "edited_copy": (
        "{name} has changed, but so has its copy in the project, {copy}: the copy is used. To use "
        "{name}, set data.path to it.",
        "{name} 有改动，但项目里的副本 {copy} 也被修改过：继续使用副本。如需使用 {name}，"
        "请把 data.path 设为它。",
    ),
    "unclear": (
        "It is not clear what the columns of {name} mean. Its first row:",
        "无法判断 {name} 各列的含义。第一行：",
    ),
    "which_file": ("Which file?", "使用哪个文件？"),
    "other_file": ("another one, whose path you type", "其他文件（输入路径）"),
    "which_assistant": ("Column with the answer", "回答所在的列"),
    "which_user": ("Column with the question", "问题所在的列"),
    "which_text": ("Column with the text", "文本所在的列"),
    "which_system": ("Column with a system text", "system 文本所在的列"),
    "no_user": ("none: plain text to go on with (pre-training)", "没有：纯文本续写（预训练）"),
    "no_system": ("none", "没有"),
    "explained": (
        "The model learns to give the answer when it sees the question. A system text stands "
        "before the question and says who the assistant is.",
        "模型学习看到问题后给出回答；system 文本写在问题之前，说明助手的身份。",
    ),
    "repair": (
        "Write a repaired copy into the project and use it?",
        "在项目里写出修复后的副本并使用它？",
    ),
    "plain_text": (
        "  plain text: trained as it stands, without a prompt template; the model learns to go on "
        "with such texts, not to answer",
        "  纯文本：原样训练，不使用提示词模板；模型学的是续写这类文本，而不是回答问题",
    ),
}
