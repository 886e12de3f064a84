"""Fills xtuner configs: replaces the values of top-level assignments, and nothing else.

Only the bytes of a value are replaced. Comments, layout and everything else stay as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..shared.config_file import Assignment, ParsedConfig, parse_config, table_of
from ..shared.custom_template import as_template, from_fields, to_fields
from ..shared.errors import Exit, XtguiError

_WIDTH = 100
_COMMA = re.compile(rb"\s*,\s*")
_NEWLINE = re.compile(rb"\r\n|\r|\n")


def fill(text: str, values: Mapping[str, Any], file: str = "") -> str:
    """Return *text* with the values of its assignments replaced; reading it back returns *values*.

    A value that is already there is not touched.

    Raises:
        XtguiError: "config.missing_name" if the config does not assign a name, "config.not_plain"
            if its value is computed, and "config.syntax".
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    config = parse_config(text, file)
    source = text.removeprefix("\ufeff").encode("utf-8")
    _require(values, config, file)
    starts = _line_starts(source)
    for assignment in reversed(config.assignments):
        if assignment.name not in values or _same(assignment.value, values[assignment.name]):
            continue
        begin, end = _span(assignment.node, starts)
        written = _write(assignment, values[assignment.name], begin - _line_of(begin, starts))
        source = source[:begin] + written.encode("utf-8") + source[end:]
    return mark + source.decode("utf-8")


def replace_spans(text: str, changes: Iterable[tuple[ast.expr | ast.keyword, str]]) -> str:
    """Return *text* with nodes of its syntax tree replaced; "" removes an argument and its comma.

    The nodes must not overlap.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    source = text.removeprefix("\ufeff").encode("utf-8")
    starts = _line_starts(source)
    spans = sorted(((*_span(node, starts), new) for node, new in changes), reverse=True)
    for begin, end, new in spans:
        if not new and (comma := _COMMA.match(source, end)):
            end = comma.end()
        source = source[:begin] + new.encode("utf-8") + source[end:]
    return mark + source.decode("utf-8")


def _require(values: Mapping[str, Any], config: ParsedConfig, file: str) -> None:
    missing = values.keys() - {assignment.name for assignment in config.assignments}
    computed = values.keys() - config.values.keys()
    for code, names in (("config.missing_name", missing), ("config.not_plain", computed)):
        if names:
            raise XtguiError(code, Exit.ANSWERS, names=", ".join(sorted(names)), file=file)


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return len(old) == len(new) and all(_same(a, b) for a, b in zip(old, new, strict=True))
    if isinstance(old, dict) and isinstance(new, dict):
        return as_template(old) is not None and as_template(old) == as_template(new)
    return type(old) in (int, float, str, type(None)) and bool(old == new)


# --- positions: ast counts bytes of UTF-8, within lines that end where Python's own lines do ---


def _line_starts(source: bytes) -> list[int]:
    return [0, *(match.end() for match in _NEWLINE.finditer(source))]


def _span(node: ast.expr | ast.keyword, starts: list[int]) -> tuple[int, int]:
    end_line, end_column = node.end_lineno, node.end_col_offset
    if end_line is None or end_column is None:  # only nodes that no parser made
        raise ValueError("a node without a position")
    return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end_column


def _line_of(position: int, starts: list[int]) -> int:
    return max(start for start in starts if start <= position)


# --- writing a value ---------------------------------------------------------------------------


def _write(assignment: Assignment, value: Any, column: int) -> str:
    table = table_of(assignment.name)
    if assignment.name == "prompt_template" and isinstance(value, Mapping):
        return _write_template(value)
    if table and value is not None:
        if value not in table:
            raise ValueError(f"{assignment.name} is one of {table}, not {value!r}")
        return f"PROMPT_TEMPLATE.{value}" if assignment.name == "prompt_template" else str(value)
    was_tuple = isinstance(assignment.node, ast.Tuple)
    one_line = write_literal(tuple(value) if was_tuple else value)
    if isinstance(value, list) and not was_tuple and column + len(one_line) > _WIDTH:
        items = "".join(f"    {write_literal(item)},\n" for item in value)
        return f"[\n{items}]"
    return one_line


def _write_template(fields: Mapping[str, Any]) -> str:
    """Return the source of a prompt template's fields, `dict(...)`.

    Raises:
        XtguiError: If one is wrong.
    """
    checked = to_fields(from_fields(fields))
    items = "".join(f"    {name}={write_literal(value)},\n" for name, value in checked.items())
    return f"dict(\n{items})"


def write_literal(value: Any) -> str:
    """Return the Python literal of a text, number, flag, None, list or tuple.

    Raises:
        ValueError: For anything else, including NaN, which Python writes as a name.
    """
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, str):
        return _write_text(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float) and value - value == 0:
        return float.__repr__(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(write_literal, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(write_literal, value)) + ("," if len(value) == 1 else "") + ")"
    raise ValueError(f"no literal for {value!r}")


def _write_text(text: str) -> str:
    literal = str.__repr__(text)
    if literal[0] == "'" and '"' not in literal:
        return f'"{literal[1:-1]}"'
    return literal
