"""Names from elsewhere: ids that users give, and file names that hubs give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PureWindowsPath

from ..shared.errors import Exit, XtguiError
from ..shared.own_files import require_no_link
from .hub import Kind
from .registry import HUBS
from .wanted import Wanted

OUR_OWN = ".xtgui-download"
"""How the names of our own files in a download's folder begin."""

KIND_DIRS: Mapping[Kind, str] = {"model": "model_download", "dataset": "data_download"}
"""The subfolder for each kind in the folder for downloads."""

_ID = re.compile(r"(?:[\w.-]+/)?[\w.-]+", re.ASCII)
_PAGE_HOSTS = "|".join(re.escape(host) for hub in HUBS.values() for host in hub.page_hosts)
_PAGE = re.compile(
    rf"https?://(?:www\.)?(?:{_PAGE_HOSTS})/"
    r"(models/|datasets/)?([\w.-]+/[\w.-]+)(?:[/?#].*)?",
    re.ASCII,
)


def repository_id(text: str, kind: Kind) -> str:
    """Return the id in what a user typed: `user/repo`, or the address of its page.

    Raises:
        XtguiError: "download.bad_id", or "download.other_kind" for the page of a dataset if a
            model is wanted.
    """
    page = _PAGE.fullmatch(text.strip())
    named = page[2] if page else text.strip()
    if not _ID.fullmatch(named) or any(part.strip(".") == "" for part in named.split("/")):
        raise XtguiError("download.bad_id", Exit.ANSWERS, id=text)
    if page and (page[1] == "datasets/") != (kind == "dataset"):
        other = "model" if kind == "dataset" else "dataset"
        raise XtguiError("download.other_kind", Exit.ANSWERS, id=named, other=other)
    return named


def folder_of(wanted: Wanted, cache: Path) -> Path:
    """Return its folder, in XtunerGUI's layout."""
    prefix = "dataset_" if wanted.kind == "dataset" else ""
    return cache / KIND_DIRS[wanted.kind] / f"{prefix}{wanted.name.replace('/', '_')}"


def require_safe(paths: Iterable[str], folder: Path) -> None:
    """Raise an error unless every file stays in *folder*, under a name that works everywhere.

    Raises:
        XtguiError: "download.unsafe_name" for the first that does not.
    """
    for path in paths:
        if not is_plain(path) or not _stays_in(path, folder):
            raise XtguiError("download.unsafe_name", Exit.FAILED, name=path, folder=folder)


def require_no_links(folder: Path) -> None:
    """Raise an error if any of our own files in a download's folder, however deep, is a link.

    Anybody can compute their names, and the folder may come from elsewhere: a link could redirect a
    hub's bytes into any file of the user's.

    Raises:
        NotOurFileError: For the first that is one.
    """
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name.casefold().startswith(OUR_OWN):
            require_no_link(path)
            for inner in path.rglob("*"):  # it follows none
                require_no_link(inner)


def is_plain(path: str) -> bool:
    """Return whether a path stays in its folder, under a name that is valid on every system."""
    parts = path.split("/")
    return (
        "\\" not in path
        and path.isprintable()
        and all(part not in ("", ".", "..") for part in parts)
        and not any(PureWindowsPath(part).drive for part in parts)
        and not path.casefold().startswith(OUR_OWN)
    )


def _stays_in(path: str, folder: Path) -> bool:
    """Return whether no link in the folder leads the file out of it."""
    inside = folder.resolve()
    target = (inside / path).resolve()
    return target.is_relative_to(inside) and not (inside / path).is_symlink()
