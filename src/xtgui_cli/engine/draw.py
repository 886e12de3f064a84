"""Draws a run's curves into a PNG file; one JSON request on stdin.

matplotlib is available here because mmengine needs it; the user interface does without.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_SIZE_INCHES = (9, 6)
_DPI = 150
_FIRST_CHINESE = "\u2e80"
"""From this character on, matplotlib's own font has no glyphs."""
_CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Droid Sans Fallback",
)


def main(_: list[str]) -> int:
    """Draw what stdin asks for; if that fails, return 1 with the reason on stderr."""
    request = json.load(sys.stdin)
    try:
        draw(request, Path(request["path"]))
    except (OSError, ImportError) as error:
        print(getattr(error, "strerror", None) or error, file=sys.stderr)
        return 1
    return 0


def draw(request: Mapping[str, Any], path: Path) -> None:
    """Draw loss and learning rate over the iterations; write the file completely or not at all.

    Args:
        request: `loss`, `smoothed`, `held_out` (may be empty), `lr`: (iteration, value) each;
            `checkpoints`: iterations; `words`: what is written on it, and `plain_words`: the same
            for a machine whose fonts have no Chinese.
        path: Of the picture.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    words = request["words"]
    if any(letter >= _FIRST_CHINESE for letter in "".join(words.values())):
        font = _chinese_font()
        words = words if font else request["plain_words"]
        if font:
            mpl.rcParams["font.sans-serif"] = [font, *mpl.rcParams["font.sans-serif"]]
            mpl.rcParams["axes.unicode_minus"] = False
    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    figure.suptitle(words["title"], parse_math=False)
    _line(above, request["loss"], words["loss"], color="0.75", linewidth=1)
    _line(above, request["smoothed"], words["smoothed"], color="tab:blue", linewidth=2)
    if request["held_out"]:
        style = {"color": "tab:red", "linewidth": 1.5, "linestyle": "--", "marker": "o"}
        _line(above, request["held_out"], words["held_out"], **style)
    _line(below, request["lr"], words["lr"], color="tab:orange", linewidth=1.5)
    for axes, name in ((above, words["loss"]), (below, words["lr"])):
        for iteration in request["checkpoints"]:
            axes.axvline(iteration, color="0.85", linestyle=":", zorder=0)
        axes.set_ylabel(name)
        axes.grid(visible=True, alpha=0.2)
    above.legend(frameon=False)
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    below.set_xlabel(words["iteration"])
    _save(figure, path)


def _line(axes: Any, points: Sequence[tuple[int, float]], label: str, **style: Any) -> None:
    axes.plot([at for at, _ in points], [value for _, value in points], label=label, **style)


def _chinese_font() -> str | None:
    from matplotlib import font_manager

    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CHINESE if name in there), None)


def _save(figure: Any, path: Path) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    os.close(descriptor)
    try:
        figure.savefig(name, format="png", dpi=_DPI)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
