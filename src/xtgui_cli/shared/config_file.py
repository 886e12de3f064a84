"""Reads and fills xtuner configs: the values of top-level assignments, and nothing else.

A config is a program, so it is never run here: Python's own ast finds the assignments, only
literals and names of closed tables are read, and only their bytes are replaced. Comments, layout
and whatever else a person wrote stay as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .custom_template import as_template, from_fields, to_fields
from .errors import Exit, XtguiError
from .methods import MethodName
from .settings import BY_KEY, OPTIMIZERS
from .templates import all_templates

_WIDTH = 100
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NO_LITERAL = object()
_QUANTIZES = frozenset({"quantization_config", "load_in_4bit", "load_in_8bit"})


@dataclass(frozen=True)
class _Assignment:
    """One `name = value` of the top level."""

    name: str
    node: ast.expr
    value: Any
    """What the node says, `_NO_LITERAL` where it is computed."""


def read(text: str, file: str = "") -> dict[str, Any]:
    """Give the top-level names of a config whose values are plain.

    Tuples come as lists. A `prompt_template` that is written out, `dict(...)` or `{...}`, comes as
    a dict of its fields. `prompt_template`, `optim_type` and `dataset_map_fn` come as the plain
    name (`PROMPT_TEMPLATE.qwen_chat` gives "qwen_chat"). A name that is computed, or assigned
    anywhere else as well (in a loop, by `+=`), is left out: its value is not known without running
    the config. Raises — XtguiError "config.syntax" with the line; *file* names it.
    """
    return _values(_parse(text, file))


def fill(text: str, values: Mapping[str, Any], file: str = "") -> str:
    """Give *text* with the values of its assignments replaced; reading it back gives *values*.

    A value that is there already is not touched. Raises — XtguiError "config.missing_name" where
    the config does not assign a name, "config.not_plain" where its value is computed, and
    "config.syntax".
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    tree = _parse(text, file)
    source = text.removeprefix("\ufeff").encode("utf-8")
    found = list(_assignments(tree))
    _require(values, found, file)
    _require_plain(values, tree, file)
    starts = _line_starts(source)
    for assignment in reversed(found):
        if assignment.name not in values or _same(assignment.value, values[assignment.name]):
            continue
        begin, end = _span(assignment.node, starts)
        written = _write(assignment, values[assignment.name], begin - _line_of(begin, starts))
        source = source[:begin] + written.encode("utf-8") + source[end:]
    return mark + source.decode("utf-8")


def method_of(text: str, file: str = "") -> MethodName:
    """Return the method that a config trains by: what it quantizes, and what it adapts.

    An argument that is None or False says nothing, wherever in the config it stands.

    Args:
        text: The config, by xtgui or by anybody else, or as mmengine dumps it.
        file: What an error calls it.

    Raises:
        XtguiError: "config.syntax" if it is not Python.
    """
    given = {name for name, value in _arguments(_parse(text, file)) if _is_given(value)}
    return "qlora" if given & _QUANTIZES else "lora" if "lora" in given else "full"


def table_of(name: str) -> tuple[str, ...]:
    """Give the closed table that a name's value comes from; empty where it is a literal."""
    if name == "prompt_template":
        return tuple(all_templates())
    if name == "optim_type":
        return OPTIMIZERS
    if name == "dataset_map_fn":
        return BY_KEY["data.dataset_map_fn"].choices
    return ()


def _parse(text: str, file: str) -> ast.Module:
    try:
        return ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError as error:
        raise XtguiError(
            "config.syntax",
            Exit.ANSWERS,
            file=file,
            line=error.lineno or 1,
            reason=error.msg,
            source=(error.text or "").strip(),
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise XtguiError(
            "config.syntax", Exit.ANSWERS, file=file, line=1, reason=str(error), source=""
        ) from None


def _arguments(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield every `name=value` of a call and every `"name": value` of a dict."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value


def _is_given(node: ast.expr) -> bool:
    return not (isinstance(node, ast.Constant) and node.value in (None, False))


def _assignments(tree: ast.Module) -> Iterator[_Assignment]:
    for statement in tree.body:
        name, node = _plain_assignment(statement)
        if name and node is not None:
            yield _Assignment(name, node, _literal(name, node))


def _plain_assignment(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return "", None
    return (target.id, statement.value) if isinstance(target, ast.Name) else ("", None)


def _literal(name: str, node: ast.expr) -> Any:
    if table_of(name):
        if isinstance(node, ast.Attribute) and name == "prompt_template":
            is_table = isinstance(node.value, ast.Name) and node.value.id == "PROMPT_TEMPLATE"
            return node.attr if is_table else _NO_LITERAL
        if isinstance(node, ast.Name) and name != "prompt_template":
            return node.id
        if isinstance(node, ast.Call) and name == "prompt_template":
            return _dict_call(node)
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _NO_LITERAL
    return list(value) if isinstance(value, tuple) else value


def _dict_call(node: ast.Call) -> Any:
    """Give what `dict(NAME=literal, ...)` means."""
    is_dict = isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args
    if not is_dict or not all(item.arg for item in node.keywords):
        return _NO_LITERAL
    try:
        return {str(item.arg): ast.literal_eval(item.value) for item in node.keywords}
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _NO_LITERAL


def _values(tree: ast.Module) -> dict[str, Any]:
    values = {assignment.name: assignment.value for assignment in _assignments(tree)}
    uncertain = _assigned_elsewhere(tree)
    return {
        name: value
        for name, value in values.items()
        if value is not _NO_LITERAL and name not in uncertain
    }


def _assigned_elsewhere(tree: ast.Module) -> frozenset[str]:
    """Give the names that something other than a plain top-level assignment changes."""
    names: set[str] = set()
    for statement in tree.body:
        name, node = _plain_assignment(statement)
        names |= _stored(node if name and node is not None else statement)
    return frozenset(names)


def _stored(node: ast.AST) -> set[str]:
    if isinstance(node, _SCOPES):
        return {node.name} if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else set()
    if isinstance(node, ast.Name):
        return set() if isinstance(node.ctx, ast.Load) else {node.id}
    children = ast.iter_child_nodes(node)
    if isinstance(node, _COMPREHENSIONS):
        children = (child for child in children if not isinstance(child, ast.comprehension))
    return set().union(*(_stored(child) for child in children))


def _require(values: Mapping[str, Any], found: list[_Assignment], file: str) -> None:
    there = {assignment.name for assignment in found}
    missing = values.keys() - there
    if missing:
        names = ", ".join(sorted(missing))
        raise XtguiError("config.missing_name", Exit.ANSWERS, names=names, file=file)


def _require_plain(values: Mapping[str, Any], tree: ast.Module, file: str) -> None:
    computed = values.keys() - _values(tree).keys()
    if computed:
        names = ", ".join(sorted(computed))
        raise XtguiError("config.not_plain", Exit.ANSWERS, names=names, file=file)


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return len(old) == len(new) and all(_same(a, b) for a, b in zip(old, new, strict=True))
    if isinstance(old, dict) and isinstance(new, dict):
        return as_template(old) is not None and as_template(old) == as_template(new)
    return (
        old is not _NO_LITERAL and type(old) in (int, float, str, type(None)) and bool(old == new)
    )


# --- positions: ast counts bytes of UTF-8, within lines that end where Python's own lines do ---


def _line_starts(source: bytes) -> list[int]:
    return [0, *(match.end() for match in _NEWLINE.finditer(source))]


def _span(node: ast.expr, starts: list[int]) -> tuple[int, int]:
    end_line, end_column = node.end_lineno, node.end_col_offset
    if end_line is None or end_column is None:  # only nodes that no parser made
        raise ValueError("a node without a position")
    return starts[node.lineno - 1] + node.col_offset, starts[end_line - 1] + end_column


def _line_of(position: int, starts: list[int]) -> int:
    return max(start for start in starts if start <= position)


# --- writing a value ---------------------------------------------------------------------------


def _write(assignment: _Assignment, value: Any, column: int) -> str:
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
    """Give `dict(...)` of a prompt template's fields. Raises — XtguiError where one is wrong."""
    checked = to_fields(from_fields(fields))
    items = "".join(f"    {name}={write_literal(value)},\n" for name, value in checked.items())
    return f"dict(\n{items})"


def write_literal(value: Any) -> str:
    """Give the Python literal of a text, number, flag, None, list or tuple.

    Nothing else has one: a NaN, for which Python has only a name, is refused as well.
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


# --- the configs that xtgui ships ----------------------------------------------------------------


def config_templates_dir() -> Path:
    """Give the folder of qlora.py, lora.py and full.py: in the wheel inside the package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "configs"
    return inside if inside.is_dir() else package.parents[1] / "configs"


def read_file(path: Path) -> str:
    """Give a config's text, line ends kept. Raises — XtguiError "config.not_text"; OSError."""
    content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise XtguiError("config.not_text", Exit.ANSWERS, file=path, byte=error.start + 1) from None
