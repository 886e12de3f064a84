"""Texts about converting the user's data file into the file that is trained."""

TEXTS: dict[str, tuple[str, str]] = {
    "converted": (
        "  {name} ({kind}): converted {rows:,} {rows|row|rows} to {path}; the original is "
        "unchanged",
        "  {name}（{kind}）：已转换 {rows:,} 行，写入 {path}；原文件不变",
    ),
    "seen_as": (
        "{name} ({kind}), converted to OpenAI messages:",
        "{name}（{kind}），转换为 OpenAI messages 格式：",
    ),
    "known": ("  {name}: already converted to {path}", "  {name}：之前已转换为 {path}"),
    "changed": (
        "  {name} has changed since its import; reading it again",
        "  {name} 自导入项目后有改动，重新读取",
    ),
    "original_changed": (
        "{name} was converted from {original}, which has changed since. It does not contain these "
        "changes.",
        "{name} 由 {original} 转换而来，而后者之后有改动，这些改动不在其中。",
    ),
    "edited_copy": (
        "{name} has changed, but so has its copy in the project, {copy}. Using the copy. To use "
        "{name} instead, set data.path to it.",
        "{name} 有改动，但项目中的副本 {copy} 也有改动，因此继续使用副本。要改用 {name}，"
        "请把 data.path 设为它。",
    ),
    "unclear": (
        "xtgui cannot tell what the columns of {name} mean. First row:",
        "无法判断 {name} 各列的含义。第一行：",
    ),
    "which_file": ("Which file?", "使用哪个文件？"),
    "other_file": ("another one (enter its path)", "其他文件（输入路径）"),
    "which_assistant": ("Column with the answers", "回答所在的列"),
    "which_user": ("Column with the questions", "问题所在的列"),
    "which_text": ("Column with the texts", "文本所在的列"),
    "which_system": ("Column with the system texts", "系统提示所在的列"),
    "no_user": ("none: plain text to continue (pre-training)", "没有：纯文本续写（预训练）"),
    "no_system": ("none", "没有"),
    "explained": (
        "The model learns to give the answer when it sees the question. A system text comes "
        "before the question and says who the assistant is.",
        "模型学习看到问题后给出回答。系统提示写在问题之前，说明助手的身份。",
    ),
    "repair": (
        "Write a repaired copy into the project and use it?",
        "在项目中写出修复后的副本并使用它？",
    ),
    "plain_text": (
        "  plain text: trained as is, without a prompt template; the model learns to continue "
        "such texts, not to answer",
        "  纯文本：原样训练，不使用提示词模板；模型学的是续写这类文本，而不是回答问题",
    ),
}
