"""Write docs/settings.md in both languages from the table of settings and its texts.

`python scripts/write_settings_docs.py`; a test compares the pages with what this would write.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "src"))

from xtgui_cli.settings.table import SECTIONS, SETTINGS, Setting  # noqa: E402  (the path first)
from xtgui_cli.shared.methods import METHODS  # noqa: E402
from xtgui_cli.texts import LANGUAGES, in_language, t  # noqa: E402

Pair = tuple[str, str]
FILES = {"en": "settings.md", "zh": "settings.zh.md"}

INTRODUCTION: Pair = (
    """# Settings

[中文](settings.zh.md)

Change any of these settings with `--set`, a file for `--answers`, or `xtgui.toml`:

```
xtgui init --yes --set model.path=DIR --set data.path=FILE --set train.max_epochs=3
xtgui train --set train.lr=1e-4
```

- In `xtgui.toml`, the part before the dot is a section: `[train]`, then `lr = 1e-4`.
- Lists are written as in TOML: `--set 'train.evaluation_inputs=["Who are you?"]'`.
- `--set KEY=` removes a value.
- "Planned" means that xtgui chooses the value for your model and data unless you set it.
  `xtgui init` shows each one with its reason; these are [the rules](learning.md#what-xtgui-plans).
""",
    """# 设置

[English](settings.md)

下面的每一项都可以用 `--set`、`--answers` 文件或 `xtgui.toml` 修改：

```
xtgui init --yes --set model.path=文件夹 --set data.path=文件 --set train.max_epochs=3
xtgui train --set train.lr=1e-4
```

- 在 `xtgui.toml` 中，点号之前的部分是节：先写 `[train]`，再写 `lr = 1e-4`。
- 列表按 TOML 书写：`--set 'train.evaluation_inputs=["你是谁？"]'`。
- `--set 键=` 取消已设的值。
- “自动”表示由 xtgui 根据模型和数据推算，除非你自己设置。`xtgui init` 会显示每个值和理由；
  规则见[这里](learning.zh.md#xtgui-怎样推算参数)。
""",
)
HEADS: Pair = ("| key | value | default | meaning |", "| 键 | 取值 | 默认 | 含义 |")
KINDS: dict[str, Pair] = {
    "text": ("text", "文本"),
    "integer": ("whole number", "整数"),
    "number": ("number", "数值"),
    "flag": ("`true` or `false`", "`true` 或 `false`"),
    "texts": ("list of texts", "文本列表"),
    "pair": ("two numbers", "两个数值"),
    "path": ("path", "路径"),
}
PLANNED: Pair = ("planned", "自动")
STOP: Pair = (". ", "。")
OR: Pair = (" or ", " 或 ")


def page(language: str) -> str:
    """Return the complete page in a language."""
    return str(in_language(language, lambda: "\n".join(_lines(LANGUAGES.index(language)))))


def _lines(chosen: int) -> Iterator[str]:
    yield INTRODUCTION[chosen].rstrip("\n")
    for section in SECTIONS:
        yield f"\n## `[{section}]`\n"
        yield HEADS[chosen]
        yield "|---|---|---|---|"
        for setting in SETTINGS:
            if setting.section == section:
                cells = (f"`{setting.key}`", _values(setting, chosen), _default(setting, chosen))
                yield f"| {' | '.join((*cells, _meaning(setting, chosen)))} |"
    yield ""


def _values(setting: Setting, chosen: int) -> str:
    if setting.choices:
        return ", ".join(f"`{choice}`" for choice in setting.choices)
    return KINDS["path" if setting.is_path else setting.kind][chosen] + _range(setting)


def _range(setting: Setting) -> str:
    if setting.kind not in ("integer", "number", "pair"):
        return ""
    low = f"{'>' if setting.above else '≥'} {setting.low:g}" if setting.low > -math.inf else ""
    high = f"{'<' if setting.under else '≤'} {setting.high:.10g}" if setting.high < math.inf else ""
    return "".join(f", {bound}" for bound in (low, high) if bound)


def _default(setting: Setting, chosen: int) -> str:
    if setting.planned:
        return PLANNED[chosen]
    values = dict.fromkeys(_written(setting.default_for(method)) for method in METHODS.values())
    return OR[chosen].join(value for value in values if value)


def _written(value: object) -> str:
    if value is None:
        return ""
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"


def _meaning(setting: Setting, chosen: int) -> str:
    name, explained = t(f"settings.{setting.key}"), t(f"settings.{setting.key}.help")
    meaning = f"{name}{STOP[chosen]}{explained}"
    return meaning.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    for name, file in FILES.items():
        (REPOSITORY / "docs" / file).write_text(page(name), "utf-8")
