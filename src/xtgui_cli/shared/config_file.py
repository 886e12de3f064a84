"""Reads xtuner configs: the only place where they are parsed, for both processes.

A config is a program, and often a stranger's: it is read with Python's own ast and never run. It
can have literals, `dict(...)` calls of them, names from closed tables, and mmengine's dumps, which
consist of literals and `dict(...)` calls.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .errors import Exit, XtguiError
from .methods import SIGNS, MethodName, method_with
from .regular_file import MOST_WRITTEN_BYTES, read_bytes
from .templates import all_templates

OPTIMIZERS = ("AdamW", "Adam", "SGD", "PagedAdamW32bit", "PagedAdamW8bit", "AdamW8bit")
DATASET_MAP_FUNCTIONS = ("openai_map_fn",)

_OURS = "dist_backend"
"""A name that only our own configs assign."""
UNKNOWN = object()
"""The value of anything that is computed."""


class UnreadableConfigError(XtguiError):
    """A config is not Python, or not text."""


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_OBJECT_NAME = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")


def read(text: str, file: str = "") -> dict[str, Any]:
    """Return the names of a config whose values are plain, as `ParsedConfig.all_values` does.

    Raises:
        XtguiError: "config.syntax" with the line; *file* is its name there.
    """
    return parse_config(text, file).all_values


def read_known(file: Path) -> dict[str, Any]:
    """Return what a config says plainly; empty if there is none that can be read."""
    try:
        return read(read_file(file))
    except (OSError, XtguiError):
        return {}


def method_of(text: str, file: str = "") -> MethodName:
    """Return the method of a config, from what it quantizes and what it adapts.

    Args:
        text: The config, by xtgui or by anybody else, or a dump of mmengine's.
        file: Its name in an error.

    Raises:
        XtguiError: "config.syntax" if it is not Python.
    """
    return parse_config(text, file).method


def parse_config(text: str, file: str = "") -> ParsedConfig:
    """Parse a config, to query it several times.

    Raises:
        UnreadableConfigError: "config.syntax", with the line, if it is not Python.
    """
    try:
        return ParsedConfig(ast.parse(text.removeprefix("\ufeff")))
    except SyntaxError as error:
        raise UnreadableConfigError(
            "config.syntax",
            Exit.ANSWERS,
            file=file,
            line=error.lineno or 1,
            reason=error.msg,
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableConfigError(
            "config.syntax", Exit.ANSWERS, file=file, line=1, reason=str(error)
        ) from error


@dataclass(frozen=True)
class Assignment:
    """A top-level `name = value`."""

    name: str
    node: ast.expr
    value: Any
    """The node's value, `UNKNOWN` if it is computed."""


@dataclass(frozen=True)
class ParsedConfig:
    """The content of a config, as far as it is known without running it."""

    tree: ast.Module

    @cached_property
    def assignments(self) -> tuple[Assignment, ...]:
        """The top-level assignments, in order; a name may have several."""
        return tuple(
            Assignment(name, node, _plain_value(name, node))
            for name, node in map(_plain_assignment, self.tree.body)
            if name and node is not None
        )

    @cached_property
    def values(self) -> dict[str, Any]:
        """The top-level names whose values are plain.

        Tuples are returned as lists. A `prompt_template` that is written out, `dict(...)` or
        `{...}`, is a dict of its fields. `prompt_template`, `optim_type` and `dataset_map_fn` are
        plain names (`PROMPT_TEMPLATE.qwen_chat` is "qwen_chat"). A name that is computed, or also
        assigned anywhere else (in a loop, by `+=`), is left out.
        """
        values = {assignment.name: assignment.value for assignment in self.assignments}
        return {
            name: value
            for name, value in values.items()
            if value is not UNKNOWN and name not in self._assigned_elsewhere
        }

    @cached_property
    def all_values(self) -> dict[str, Any]:
        """The plain values, including those that other people's configs set elsewhere.

        xtuner's own configs do, and those that XtunerGUI or mmengine dumps.
        """
        if _OURS in self.values:
            return self.values
        from .foreign_config import find_values

        return find_values(self)

    @cached_property
    def nested(self) -> dict[str, Any]:
        """All top-level names with what is known of their values; names stand for their values.

        A dict has its plain values, and `UNKNOWN` for the rest.
        """
        nested: dict[str, Any] = {}
        for name, node in map(_plain_assignment, self.tree.body):
            if name and node is not None:
                is_sure = name not in self._assigned_elsewhere
                nested[name] = _value(node, nested) if is_sure else UNKNOWN
        return nested

    @cached_property
    def method(self) -> MethodName:
        """The method that the config trains with.

        An argument that is None or False means nothing, wherever it is.
        """
        given = {
            name
            for name, node in self._arguments()
            if name in SIGNS
            and not any(_value(node, self.nested) is nothing for nothing in (None, False))
        }
        return method_with(given)

    @cached_property
    def objects(self) -> frozenset[str]:
        """The full names of what the config imports and uses, or names in a text as in dumps."""
        nodes = list(ast.walk(self.tree))
        imported = {
            alias.asname or alias.name: f"{node.module}.{alias.name}"
            for node in nodes
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        used = {imported.get(node.id, node.id) for node in nodes if isinstance(node, ast.Name)}
        for node in nodes:
            if isinstance(node, ast.Import):
                used |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= {node.value} if _OBJECT_NAME.fullmatch(node.value) else set()
        return frozenset(used)

    def _arguments(self) -> Iterator[tuple[str, ast.expr]]:
        """Yield every `name=value` of a call and every `"name": value` of a dict."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.keyword) and node.arg:
                yield node.arg, node.value
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield key.value, value

    @cached_property
    def _assigned_elsewhere(self) -> frozenset[str]:
        """The names that anything but a plain top-level assignment changes."""
        names: set[str] = set()
        for statement in self.tree.body:
            name, node = _plain_assignment(statement)
            names |= _stored(node if name and node is not None else statement)
        return frozenset(names)


def table_of(name: str) -> tuple[str, ...]:
    """Return the closed table of a name's values; empty if they are literals."""
    if name == "prompt_template":
        return tuple(all_templates())
    if name == "optim_type":
        return OPTIMIZERS
    if name == "dataset_map_fn":
        return DATASET_MAP_FUNCTIONS
    return ()


def in_table(name: str, value: str) -> str:
    """Return the entry of a name's table for a text: "torch.optim.AdamW" is "AdamW"."""
    short = value.rpartition(".")[2]
    return short if short in table_of(name) else value


def value_of(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return the value of a node, as `ParsedConfig.nested` does, with the items of lists."""
    if isinstance(node, (ast.List, ast.Tuple)):
        return [value_of(item, names) for item in node.elts]
    return _value(node, names)


def _plain_assignment(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return "", None
    return (target.id, statement.value) if isinstance(target, ast.Name) else ("", None)


def _plain_value(name: str, node: ast.expr) -> Any:
    """Return the value of a top-level name, if it is completely known."""
    table = table_of(name)
    if name == "prompt_template" and isinstance(node, ast.Attribute):
        is_table = isinstance(node.value, ast.Name) and node.value.id == "PROMPT_TEMPLATE"
        return node.attr if is_table else UNKNOWN
    if isinstance(node, ast.Name):
        return node.id if table and name != "prompt_template" else UNKNOWN
    if isinstance(node, ast.Call) and name != "prompt_template":
        return UNKNOWN
    value = _value(node, {})
    if isinstance(value, str) and table:  # a dump has the object's full name as a text
        return in_table(name, value)
    if isinstance(value, dict) and not _is_whole(value):
        return UNKNOWN
    return list(value) if isinstance(value, tuple) else value


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return a literal, a `dict(...)` call or `{...}` as a dict, or the value of a name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, UNKNOWN)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        unknown = {None: UNKNOWN} if node.args else {}
        return unknown | {
            item.arg: _value(item.value, names) if item.arg else UNKNOWN for item in node.keywords
        }
    if isinstance(node, ast.Dict):
        return {
            (key.value if isinstance(key, ast.Constant) else None): (
                _value(value, names) if isinstance(key, ast.Constant) else UNKNOWN
            )
            for key, value in zip(node.keys, node.values, strict=True)
        }
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return UNKNOWN


def _is_whole(value: Any) -> bool:
    """Return whether a value is completely known."""
    return all(map(_is_whole, value.values())) if isinstance(value, dict) else value is not UNKNOWN


def _stored(tree: ast.AST) -> set[str]:
    """Return the names that are assigned in *tree*, except in inner scopes."""
    names: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _SCOPES):
            names |= {node.name} if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else set()
        elif isinstance(node, ast.Name):
            names |= set() if isinstance(node.ctx, ast.Load) else {node.id}
        else:
            is_inner = isinstance(node, _COMPREHENSIONS)
            waiting += [
                child
                for child in ast.iter_child_nodes(node)
                if not (is_inner and isinstance(child, ast.comprehension))
            ]
    return names


# --- the configs that xtgui ships ----------------------------------------------------------------


def config_templates_dir() -> Path:
    """Return the folder with a config for each method; in the wheel it is inside the package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "configs"
    return inside if inside.is_dir() else package.parents[1] / "configs"


def read_file(path: Path) -> str:
    """Return a config's text with its line ends.

    Raises:
        UnreadableConfigError: "config.not_text" if it is not UTF-8.
        OSError: If it cannot be read.
    """
    content = read_bytes(path, MOST_WRITTEN_BYTES)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableConfigError(
            "config.not_text", Exit.ANSWERS, file=path, byte=error.start + 1
        ) from None
