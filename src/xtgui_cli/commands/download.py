"""`xtgui download`: a model or a dataset from a hub, complete and checked."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..catalogue import Dataset, datasets, models
from ..hubs.fetch import fetch
from ..hubs.hub import Hub, Kind
from ..hubs.names import KIND_DIRS, folder_of, repository_id
from ..hubs.refusals import AllHubsFailedError, NotOnHubError
from ..hubs.registry import HUBS, USUAL_HUB
from ..hubs.wanted import Download, Fetched, HubChoice, Wanted
from ..models.untrainable import Reason, guess_reason
from ..project.settings_file import load
from ..project.trust import was_trusted
from ..project.users_hubs import users_order, users_token_hosts
from ..shared.errors import Exit, XtguiError
from ..shared.own_files import require_no_link
from ..shared.run_folder import RunFolder
from ..ui.console import out, say
from ..ui.download_progress import DownloadProgress, files_text
from ..ui.json_output import print_json
from ..ui.units import file_size

_ROWS = (".jsonl", ".parquet", ".csv", ".json")


@dataclass(frozen=True, kw_only=True)
class DownloadRequest:
    """What to download, and from where."""

    kind: Kind
    id: str
    """A name of the catalogue, or a hub's own."""
    root: Path | None = None
    """The project whose folder for downloads is used; None: that of the current folder."""
    source: str | None = None
    """The only hub to ask; None: those of the user's order, one after the other."""
    endpoint: str | None = None
    """Another address of that hub (of Hugging Face if none is named)."""
    as_json: bool = False
    """Print one JSON object."""


def run(request: DownloadRequest) -> Exit:
    """Download and print the folder to stdout; messages go to stderr.

    Raises:
        XtguiError: What `obtain` raises.
        KeyboardInterrupt: After saying that what has arrived is kept.
    """
    try:
        fetched = obtain(
            request.kind,
            request.id,
            cache_of(request.root),
            source=HUBS[request.source] if request.source else None,
            endpoint=request.endpoint,
        )
    except KeyboardInterrupt:
        say("download.kept", style="yellow")
        raise
    if request.as_json:
        facts = {"kind": request.kind, **_facts(fetched)}
        print_json(facts)
    else:
        _tell_next(request.kind, fetched)
        out().print(str(fetched.folder), soft_wrap=True)
    return Exit.DONE


def obtain(
    kind: Kind,
    id: str,
    cache: Path,
    *,
    source: Hub | None = None,
    endpoint: str | None = None,
) -> Fetched:
    """Download a model or dataset into *cache* unless it is there, with progress on stderr.

    Args:
        kind: Whether *id* names a model or a dataset.
        id: As the user typed it, or as our lists call it.
        cache: The folder for downloads.
        source: The only hub to ask; None: those of the user's order, one after the other.
        endpoint: Another address of that hub, or of Hugging Face if no hub is named.

    Raises:
        XtguiError: Those of `hubs.fetch.fetch`, "download.known_as_model" or
            "download.known_as_dataset".
        KeyboardInterrupt: Ctrl-C; the next call resumes the download.
    """
    named = repository_id(id, kind)
    if source is None and endpoint is None:
        require_kind(kind, named)
    reason = reason_against(kind, named)
    if reason is not None:
        say(f"model.untrainable_{reason}", style="yellow", name=named)
    wanted = wanted_of(kind, named)
    only = source or (USUAL_HUB if endpoint else None)
    if only and only.name not in wanted.ids:
        # The lists do not know it there; a user who names that hub may know better.
        wanted = replace(wanted, ids={**wanted.ids, only.name: named})
    choice = HubChoice([only] if only else users_order(), endpoint, users_token_hosts())
    try:
        with DownloadProgress() as progress:
            fetched = fetch(Download(wanted, folder_of(wanted, cache), progress), choice)
    except NotOnHubError as error:
        raise _with_near_names(error, kind, named) from error
    except AllHubsFailedError as error:
        raise (_with_near_names(error, kind, named) if error.is_name_unknown else error) from error
    _tell_outcome(fetched)
    return fetched


def reason_against(kind: Kind, name: str) -> Reason | None:
    """Return why a model will likely be refused, by its name; None for one in our lists."""
    if kind != "model" or models().find(name) is not None:
        return None
    return guess_reason(name)


def require_kind(kind: Kind, id: str) -> None:
    """Raise an error if our lists know the name only as the other kind.

    A user who names a hub is believed.

    Raises:
        XtguiError: "download.known_as_model" or "download.known_as_dataset".
    """
    is_model, is_dataset = models().find(id) is not None, datasets().find(id) is not None
    if (is_model if kind == "model" else is_dataset) or not (is_model or is_dataset):
        return
    other = "model" if is_model else "dataset"
    raise XtguiError(f"download.known_as_{other}", Exit.ANSWERS, id=id)


def _with_near_names(error: XtguiError, kind: Kind, id: str) -> XtguiError:
    """Return the error, extended by the names in our lists that resemble the missing one most."""
    near = (models() if kind == "model" else datasets()).near(id)
    if not near or id in near:
        return error
    code = f"{error.code}_near"
    return XtguiError(code, error.exit, error.problems, **{**error.data, "near": ", ".join(near)})


def wanted_of(kind: Kind, id: str) -> Wanted:
    """Return what an id stands for on each hub; an id that no list knows stands for itself."""
    known = models().find(id) if kind == "model" else datasets().find(id)
    if known is None:
        return Wanted(kind, id, dict.fromkeys(HUBS, id))
    ids = {hub: name for hub in HUBS if (name := known.ids.get(hub))}
    patterns = known.patterns if isinstance(known, Dataset) else None
    return Wanted(kind, known.id, ids, tuple(patterns or ()))


def cache_of(root: Path | None) -> Path:
    """Return the folder for downloads: `paths.cache` of the project, else ROOT/download_cache.

    Only a trusted folder may redirect downloads, by a setting or by links.

    Raises:
        NotOurFileError: If downloads would go through a link of another folder.
    """
    folder = (root or Path.cwd()).absolute()
    if was_trusted(folder):
        named = load(RunFolder(folder).settings_file).get("paths.cache")
        return Path(str(named)) if named else folder / "download_cache"
    with contextlib.suppress(XtguiError):  # a file that cannot be read names no folder
        if load(RunFolder(folder).settings_file).get("paths.cache"):
            say("trust.cache_ignored", style="yellow", path=folder)
    cache = folder / "download_cache"
    for place in (cache, *(cache / name for name in KIND_DIRS.values())):
        require_no_link(place)
    return cache


def _tell_outcome(fetched: Fetched) -> None:
    facts: dict[str, Any] = {
        "files": files_text(len(fetched.paths)),
        "size": file_size(fetched.total_bytes),
        "id": fetched.id,
    }
    if fetched.was_here:
        say("download.was_here", **facts)
    elif fetched.without_digest:
        unknown = fetched.without_digest
        say("download.checked_sizes", hub=fetched.hub.title, unknown=unknown, **facts)
    else:
        say("download.checked", hub=fetched.hub.title, **facts)
    if code := _python_files(fetched):
        say("download.code", style="yellow", files=", ".join(code))


def _tell_next(kind: Kind, fetched: Fetched) -> None:
    if kind == "model":
        say("download.next_model", folder=_short(fetched.folder))
    else:
        say("download.next_dataset", file=_short(fetched.folder / _rows(fetched.paths)))


def _rows(paths: Sequence[str]) -> str:
    """Return the file that most likely has rows; a .json is often a description of them."""
    likely = (path for ending in _ROWS for path in paths if path.endswith(ending))
    return next(likely, paths[0])


def _short(path: Path) -> Path:
    """Return a path as it can be typed here: a command that fits a line can be copied."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _python_files(fetched: Fetched) -> list[str]:
    return [path for path in fetched.paths if path.endswith(".py")]


def _facts(fetched: Fetched) -> dict[str, Any]:
    return {
        "id": fetched.id,
        "source": fetched.hub.name,
        "host": fetched.host,
        "revision": fetched.revision,
        "path": str(fetched.folder),
        "bytes": fetched.total_bytes,
        "files": list(fetched.paths),
        "python_files": _python_files(fetched),
        "without_checksum": fetched.without_digest,
        "was_here": fetched.was_here,
    }
