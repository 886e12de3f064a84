"""Downloads a complete model or dataset from the first hub that has it."""

from __future__ import annotations

from collections.abc import Sequence

from ..shared.errors import Exit, Notice, XtguiError
from ..shared.own_files import require_no_link
from ..texts import has
from . import record
from .choose_files import choose
from .fill_folder import fill
from .hub import Hub, Listing
from .names import require_no_links, require_safe
from .refusals import (
    AllHubsFailedError,
    HubError,
    HubPackageMissingError,
    HubUnreachableError,
    NotOnHubError,
)
from .registry import HUBS, USUAL_HUB
from .wanted import Download, Fetched, HubChoice, Wanted


def fetch(download: Download, choice: HubChoice) -> Fetched:
    """Download all wanted files into the folder and check each; contact no hub if they are there.

    Whatever has arrived by the time of an error or Ctrl-C is kept, and the next call resumes from
    it.

    Returns:
        What was fetched, or was there.

    Raises:
        HubError: The failure of the only hub that was asked.
        AllHubsFailedError: The failures of several.
        XtguiError: A failure that no other hub would avoid: the disk, the folder, an unsafe name.
        NotOurFileError: If a link or something else is in place of our files.
    """
    wanted, folder = download.wanted, download.folder
    require_no_links(folder)
    known = record.read(folder)
    if known is not None and known.name != wanted.name:
        raise XtguiError("download.other_there", Exit.ANSWERS, folder=folder, other=known.name)
    if known is not None and _is_whole(download, known):
        return _fetched(download, known, was_here=True)
    failures: list[HubError] = []
    hubs = [hub for hub in choice.order if hub.name in wanted.ids] or list(choice.order)
    for turn, hub in enumerate(hubs, start=1):
        try:
            return _fill(download, _list(hub, download, choice))
        except HubError as error:
            if len(hubs) == 1:
                raise _without_other_hubs(error, wanted) from None
            failures.append(error)
            if turn < len(hubs):
                download.watcher.troubles(error.notice)
    raise _all_failed(wanted, failures)


def _list(hub: Hub, download: Download, choice: HubChoice) -> Listing:
    wanted = download.wanted
    id = wanted.ids.get(hub.name, "")
    place = hub.place_of(wanted.kind, id, choice.endpoint, choice.token_hosts)
    if not id:
        raise HubError("download.not_there", Exit.ANSWERS, hub=hub.title, id=wanted.name)
    download.watcher.asks(place)
    return hub.list_files(place, download.patience, download.watcher)


def _fill(download: Download, listing: Listing) -> Fetched:
    """Fetch the chosen files of a listing that are not here yet."""
    require_no_link(download.folder)
    require_safe((file.path for file in listing.files), download.folder)
    chosen = choose(listing.place, listing.files, download.wanted.patterns)
    return _fetched(download, fill(download, listing, chosen), was_here=False)


def _without_other_hubs(error: HubError, wanted: Wanted) -> HubError:
    """Return an error whose hint names only hubs that have what is wanted."""
    key = f"{error.code}_only.hint"
    if len(wanted.ids) == 1 and has(key):
        error.hint = Notice(key, error.data)
    return error


def _all_failed(wanted: Wanted, failures: Sequence[HubError]) -> AllHubsFailedError:
    """Return the error if no hub delivered; if none was reached, none is recommended."""
    exits = {error.exit for error in failures} - {Exit.ENVIRONMENT}
    exit = exits.pop() if len(exits) == 1 else Exit.FAILED
    unreached = [notice for error in failures if (notice := _unreached(error))]
    is_none_reached = len(unreached) == len(failures)
    return AllHubsFailedError(
        "download.none_reached" if is_none_reached else "download.all_failed",
        exit,
        unreached if is_none_reached else [error.notice for error in failures],
        id=wanted.name,
        kind=wanted.kind,
        is_name_unknown=any(isinstance(error, NotOnHubError) for error in failures),
    )


def _unreached(error: HubError) -> Notice | None:
    """Return a failure to reach a hub without advice to use another; None for any other."""
    if isinstance(error, HubPackageMissingError):
        return Notice("download.without_package", error.data)
    is_unreached = isinstance(error, HubUnreachableError)
    return Notice("download.unreached", error.data) if is_unreached else None


def _is_whole(download: Download, known: record.Record) -> bool:
    """Return whether a recorded download is still complete; say which files are not."""
    if not known.is_complete or known.patterns != download.wanted.patterns:
        return False
    watcher = download.watcher
    wrong = [
        kept.file.path
        for kept in known.kept
        if not record.is_here(download.folder, kept.file, known, watcher.checks)
    ]
    for path in wrong:
        watcher.troubles(Notice("download.changed", {"file": path}))
    return not wrong


def _fetched(download: Download, known: record.Record, *, was_here: bool) -> Fetched:
    return Fetched(
        folder=download.folder,
        hub=HUBS.get(known.hub, USUAL_HUB),
        id=known.id,
        host=known.host,
        revision=known.revision,
        paths=tuple(kept.file.path for kept in known.kept),
        total_bytes=sum(kept.file.size for kept in known.kept),
        without_digest=sum(not kept.file.algorithm for kept in known.kept),
        was_here=was_here,
    )
