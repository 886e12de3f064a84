"""The Python files that come with a model, and what stands out in them.

They are read and parsed here, never run. Reading finds what is written openly: it can show why a
file deserves a look, but never that a file is harmless.
"""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..shared.errors import Exit, XtguiError
from ..shared.json_values import items, mapping, text
from ..shared.regular_file import read_bytes, read_json

_MOST_BYTES = 4 << 20
"""Limit for one file; modeling files have about 100 kB."""
_CONFIGS = ("config.json", "tokenizer_config.json")
"""The files whose `auto_map` names code that transformers loads with a language model."""
_KNOWN_BY_NOW = {"phi3": "Phi3ForCausalLM", "minicpm3": "MiniCPM3ForCausalLM"}
"""Types to the class that repositories still include although transformers has it by now. Phi 3 and
4 mini, and MiniCPM3 (the tests of transformers 5.23 load openbmb/MiniCPM3-4B, with its tokenizer,
without code). Their code was written for older versions, and need not run."""
_RUN_BY_TRANSFORMERS = ("AutoModelForCausalLM", "AutoModel", "AutoTokenizer", "AutoConfig")

Kind = Literal["system", "network", "code", "writes", "unreadable"]
"""What a finding is about: programs and files, the network, other code, written files; or that the
file cannot be parsed."""

_MODULES: Mapping[str, Kind] = {
    **dict.fromkeys(
        ("os", "subprocess", "shutil", "ctypes", "pty", "signal", "tempfile"), "system"
    ),
    **dict.fromkeys(("multiprocessing", "mmap", "cffi"), "system"),
    **dict.fromkeys(("socket", "ssl", "http", "urllib", "ftplib", "smtplib", "xmlrpc"), "network"),
    **dict.fromkeys(("requests", "httpx", "aiohttp", "urllib3", "paramiko"), "network"),
    **dict.fromkeys(("importlib", "runpy", "code", "codeop", "builtins", "zipimport"), "code"),
    **dict.fromkeys(("pickle", "marshal", "dill", "cloudpickle"), "code"),
}
_NAMES = frozenset({"eval", "exec", "compile", "__import__", "__builtins__"})
_WRITERS = frozenset(
    {"write_text", "write_bytes", "unlink", "rmtree", "mkdir", "makedirs", "copyfile", "copy2"}
    | {"rename", "touch", "symlink_to", "chmod"}
)


@dataclass(frozen=True)
class Finding:
    """Something in a file that deserves a look."""

    kind: Kind
    line: int
    """Its first line; 0 if it concerns the whole file."""
    what: str
    """As in the source: `import subprocess`, `eval`, `open(..., "wb")`."""


@dataclass(frozen=True)
class CodeFile:
    """One Python file of a model."""

    name: str
    """Its path inside the model's folder."""
    bytes: int
    sha256: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ModelCode:
    """All the Python files of a model."""

    folder: Path
    files: tuple[CodeFile, ...]

    @property
    def digest(self) -> str:
        """A digest of exactly these files: any other name or byte changes it."""
        lines = (f"{file.sha256} {file.name}\n" for file in self.files)
        content = "".join(sorted(lines)).encode("utf-8", "surrogateescape")
        return hashlib.sha256(content).hexdigest()


def asks_for_code(config: Mapping[str, Any]) -> bool:
    """Return whether a config asks transformers to run Python files that are not its own."""
    auto_map = mapping(config.get("auto_map"))
    own = (text(auto_map.get("AutoModelForCausalLM")) or "").rpartition(".")[2]
    if own and own == _KNOWN_BY_NOW.get(text(config.get("model_type")) or ""):
        return False
    return any(auto_map.get(key) for key in _RUN_BY_TRANSFORMERS)


def brings_code(folder: Path) -> bool:
    """Return whether a model folder asks to run its own Python files."""
    return any(asks_for_code(_read(folder / name)) for name in _CONFIGS)


def read_code(folder: Path) -> ModelCode:
    """Read all Python files of a model folder: each may import the others.

    Raises:
        XtguiError: "model_code.elsewhere" if a config names code in another place,
            "model_code.unreadable".
    """
    files = tuple(_read_file(folder, path) for path in sorted(_python_files(folder)))
    names = {file.name for file in files}
    for reference in _references(folder):
        if "--" in reference or f"{reference.partition('.')[0]}.py" not in names:
            raise XtguiError("model_code.elsewhere", Exit.ANSWERS, path=folder, reference=reference)
    return ModelCode(folder, files)


def find_findings(source: bytes) -> tuple[Finding, ...]:
    """Return what stands out in a Python file, each thing once, by line."""
    try:
        tree = ast.parse(source)
        found = list(_find(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 0
        return (Finding("unreadable", line, type(error).__name__),)
    first: dict[tuple[str, str], Finding] = {}
    for finding in sorted(found, key=lambda finding: finding.line):
        first.setdefault((finding.kind, finding.what), finding)
    return tuple(first.values())


# --- which files ----------------------------------------------------------------------------------


def _python_files(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names if name.endswith(".py"))


def _read_file(folder: Path, path: Path) -> CodeFile:
    name = path.relative_to(folder).as_posix()
    try:
        content = read_bytes(path, _MOST_BYTES)
    except OSError as error:
        reason = error.strerror or str(error)
        raise XtguiError("model_code.unreadable", Exit.ANSWERS, path=path, reason=reason) from None
    digest = hashlib.sha256(content).hexdigest()
    return CodeFile(name, len(content), digest, find_findings(content))


def _references(folder: Path) -> Iterator[str]:
    """Yield the code that configs name: "modeling_x.ModelX", "owner/name--modeling_x.ModelX"."""
    for name in _CONFIGS:
        for value in mapping(_read(folder / name).get("auto_map")).values():
            entries = [value] if text(value) else items(value)
            yield from filter(None, map(text, entries))


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return mapping(read_json(file))
    except (OSError, ValueError):
        return {}


# --- what stands out ------------------------------------------------------------------------------


def _find(tree: ast.AST) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _imported(alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield from _imported(node.module, node.lineno)
        elif isinstance(node, ast.Name) and node.id in _NAMES:
            yield Finding("code", node.lineno, node.id)
        elif isinstance(node, ast.Call):
            yield from _called(node)


def _imported(module: str, line: int) -> Iterator[Finding]:
    kind = _MODULES.get(module.partition(".")[0])
    if kind is not None:
        yield Finding(kind, line, f"import {module}")


def _called(node: ast.Call) -> Iterator[Finding]:
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in _WRITERS:
        yield Finding("writes", node.lineno, f".{function.attr}()")
    is_method = isinstance(function, ast.Attribute) and function.attr == "open"
    if is_method or (isinstance(function, ast.Name) and function.id == "open"):
        mode = _mode(node, is_method=is_method)
        if set(mode) & set("wax+?"):
            yield Finding("writes", node.lineno, f'open(..., "{mode}")')


def _mode(call: ast.Call, *, is_method: bool) -> str:
    """Return the mode in which a call opens its file, "?" if it is not written out.

    A method may be a path's, whose first argument is the mode, or a module's.
    """
    given = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    given += call.args[:2] if is_method else call.args[1:2]
    modes = [mode.value for mode in given if isinstance(mode, ast.Constant)]
    written = [mode for mode in modes if isinstance(mode, str) and set(mode) <= set("rwaxbt+")]
    if written:
        return written[0]
    return "?" if given and not is_method else "r"
