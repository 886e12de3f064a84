"""Write docs/when-it-fails.md in both languages from the table of causes and its texts.

`python scripts/write_failure_docs.py`; a test compares the pages with what this would write.
"""

from __future__ import annotations

import errno
import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "src"))

from xtgui_cli.shared.causes import CAUSES, About, Cause  # noqa: E402  (the path comes first)
from xtgui_cli.shared.signs import Sign  # noqa: E402
from xtgui_cli.texts import LANGUAGES, in_language, t  # noqa: E402

Pair = tuple[str, str]
FILES = {"en": "when-it-fails.md", "zh": "when-it-fails.zh.md"}

INTRODUCTION: Pair = (
    """# When it fails

[中文](when-it-fails.zh.md)

If a run, a conversion or a chat fails, xtgui says what happened, why, and what to do.
`xtgui status` says it again, and `xtgui logs` shows everything the libraries printed. This page
lists every cause that xtgui recognizes. Its code is `fault` in `xtgui status --json`.

If your error is not here, please report it with the last lines of `xtgui logs`. If the run finished
but the model learned nothing, see [what to do then](learning.md#if-it-did-not-learn).
""",
    """# 出错时

[English](when-it-fails.md)

训练、转换或对话失败时，xtgui 会说明发生了什么、为什么、该怎么办。用 `xtgui status` 可以再看一遍；
`xtgui logs` 显示各程序库输出的全部内容。本页列出 xtgui 能识别的所有原因及其代码；
`xtgui status --json` 中的 `fault` 就是这个代码。

如果这里没有你遇到的错误，请附上 `xtgui logs` 的最后几行反馈给我们。如果训练正常结束，
模型却什么也没学会，请看[没有学会怎么办](learning.zh.md#没有学会怎么办)。
""",
)
SECTIONS: dict[About, Pair] = {
    "memory": ("Memory", "内存与显存"),
    "gpu": ("GPUs", "显卡"),
    "machine": ("Disks and files", "磁盘与文件"),
    "training": ("Training", "训练过程"),
    "config": ("Config", "配置"),
    "libraries": ("Libraries", "程序库"),
    "data": ("Data", "数据"),
    "model": ("Base model", "基座模型"),
    "checkpoint": ("Checkpoints", "检查点"),
}
LABELS: dict[str, Pair] = {
    "seen": ("- Symptom: ", "- 表现："),
    "why": ("- Why: ", "- 原因："),
    "hint": ("- What to do: ", "- 解决办法："),
    "phases": (" while {phases}", "（{phases}时）"),
    "anything": ("any other error", "其他错误"),
    "next": ("; ", "；"),
    "or": (" or ", "或"),
}
PHASES: dict[str, Pair] = {
    "config": ("reading the config", "读取配置"),
    "importing": ("loading libraries", "加载程序库"),
    "data": ("preparing the data", "准备数据"),
    "model": ("loading the model", "加载模型"),
    "training": ("training", "训练"),
    "saving": ("saving", "保存"),
    "evaluating": ("evaluating", "评估"),
    "resuming": ("resuming", "续训"),
    "checking_checkpoint": ("checking the checkpoint", "检查检查点"),
    "reading": ("reading the checkpoint", "读取检查点"),
}
FOUND_OTHERWISE: dict[str, Pair] = {
    "checkpoint": (
        "xtgui checks the file before it uses anything in it",
        "xtgui 在使用文件之前检查出来",
    ),
    "died": (
        "the process is gone without reporting how it ended (SIGKILL, exit code 137 or -9)",
        "进程消失且没有留下结束信息（SIGKILL，退出码 137 或 -9）",
    ),
    "oom_killed": (
        "the process is gone, and the kernel counted another OOM kill",
        "进程消失，且内核的 OOM 终止次数增加",
    ),
    "died_disk_full": (
        "the process is gone, and its disk has less than 1 MB left",
        "进程消失，且所在磁盘剩余不足 1 MB",
    ),
    "loss_never_finite": (
        "the loss was not a number from the first iteration on",
        "从第一次迭代起，loss 就不是数字",
    ),
    "data": (
        "the data that the engine read differ from what was counted before the start",
        "训练引擎读到的数据与启动前统计的不一致",
    ),
    "folder_gone": ("`work_dir` no longer exists", "`work_dir` 已不存在"),
    "crashed": (
        "the process was killed by SIGSEGV, SIGBUS, SIGILL, SIGFPE or SIGABRT",
        "进程被 SIGSEGV、SIGBUS、SIGILL、SIGFPE 或 SIGABRT 终止",
    ),
    "died_stopping": (
        "the process is gone after it began to stop",
        "进程在开始停止之后消失",
    ),
    "died_early": (
        "the process is gone without reporting that it started",
        "进程消失且没有留下开始信息",
    ),
}
_COMMAND = re.compile(
    r"(?<![`\w])(?:[A-Z_]+=\S+ |ulimit -n \d+ && )*"
    r"(?:xtgui (?:train|init|setup|status|logs|download|convert|check|estimate)"
    r"|xtuner train CONFIG)(?: MODEL| 模型名| model| data)?"
    r"(?: --[\w-]+(?: [\w./=](?:[\w./=-]*[\w/=])?)?)*"
    r"|pip (?:un)?install(?: -U)?(?: '[^']+'| [a-z]+-[a-z-]+)?",
    re.ASCII,
)
"""A command inside a sentence, which is shown as code."""


def page(language: str) -> str:
    """Return the page in one language."""
    number = LANGUAGES.index(language)
    parts = [INTRODUCTION[number]]
    for about, title in SECTIONS.items():
        causes = [cause for cause in CAUSES if cause.about == about]
        parts.append(f"## {title[number]}\n")
        parts += [_entry(cause, language) for cause in causes]
    return "\n".join(parts)


def _entry(cause: Cause, language: str) -> str:
    number = LANGUAGES.index(language)
    key = f"faults.{cause.code}"
    what, why, hint = in_language(language, lambda: (t(key), t(f"{key}.why"), t(f"{key}.hint")))
    lines = [f"### {_title(what)}", "", f"`{cause.code}`", ""]
    for name, text in (("seen", _seen(cause, number)), ("why", why), ("hint", hint)):
        lines.append(LABELS[name][number] + _COMMAND.sub(r"`\g<0>`", text))
    return "\n".join(lines) + "\n"


def _title(what: str) -> str:
    """Return a sentence without its values, which differ on the screen."""
    return re.sub(r"\{\w+\}", "…", re.sub(r"[:：]\s*\{\w+\}$", "", what)).rstrip(".。")


def _seen(cause: Cause, number: int) -> str:
    signs = [_shown(sign, number) for sign in (*cause.signs, *cause.otherwise)]
    if signs:
        return LABELS["next"][number].join(signs)
    key = cause.code if cause.code in FOUND_OTHERWISE else cause.about
    return FOUND_OTHERWISE[key][number]


def _shown(sign: Sign, number: int) -> str:
    parts = [f"`{errno.errorcode[value]}`" for value in sign.errnos]
    if sign.raised and not parts:
        parts.append(f"`{sign.raised}`")
    if sign.says:
        message = re.sub(r"\{\w+\}", "…", sign.says)
        parts.append(f"`` {message} ``" if "`" in message else f"`{message}`")
    shown = " ".join(parts) or LABELS["anything"][number]
    if not sign.phases:
        return shown
    phases = LABELS["or"][number].join(PHASES[name][number] for name in sign.phases)
    return shown + LABELS["phases"][number].format(phases=phases)


def main() -> None:
    """Write both pages."""
    for language, name in FILES.items():
        (REPOSITORY / "docs" / name).write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
