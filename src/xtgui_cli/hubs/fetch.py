"""Getting a model or a data set whole onto this disk, from the first hub that has it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from ..shared.errors import Exit, Notice, XtguiError
from . import huggingface, modelscope, record
from .choose_files import choose
from .fill_folder import fill
from .names import require_safe
from .patience import Patience, usual_patience
from .places import place_of
from .wanted import Fetched, HubName, Listing, Wanted, Watcher

_ASK = {"huggingface": huggingface, "modelscope": modelscope}

_FINAL = frozenset({"download.no_space", "download.disk", "download.busy", "download.unsafe_name"})
"""What another hub would not make better, or must not be asked after."""


def fetch(
    wanted: Wanted,
    folder: Path,
    order: Sequence[HubName],
    watcher: Watcher,
    *,
    endpoint: str | None = None,
    token_hosts: Collection[str] = (),
    patience: Patience | None = None,
) -> Fetched:
    """Have all wanted files in *folder*, each checked; ask no hub where they are.

    Args — order: hubs, the first to be asked first; endpoint: another address of the (one) hub in
    *order*; token_hosts: hosts that may see the user's token beside the hub's own.
    Raises — XtguiError with the reason of the one hub, or "download.all_failed" (or
    "download.none_reached") with that of each;
    what has come by then is kept and gone on from by the next call. KeyboardInterrupt likewise.
    """
    known = record.read(folder)
    if known is not None and known.name != wanted.name:
        raise XtguiError("download.other_there", Exit.ANSWERS, folder=folder, other=known.name)
    if known is not None and _is_whole(wanted, folder, known, watcher):
        return _fetched(folder, known, was_here=True)
    patience = patience or usual_patience()
    failures: list[XtguiError] = []
    for turn, hub in enumerate(order):
        try:
            place = place_of(hub, wanted.kind, wanted.ids.get(hub, ""), endpoint, token_hosts)
            if not place.id:
                raise XtguiError(
                    "download.not_there", Exit.ANSWERS, hub=place.hub_name, id=wanted.name
                )
            watcher.asks(place)
            listing = _ASK[hub].list_files(place, patience, watcher)
            return _from(listing, wanted, folder, watcher, patience)
        except XtguiError as error:
            if error.code in _FINAL or len(order) == 1:
                raise
            failures.append(error)
            if turn + 1 < len(order):
                watcher.troubles(error.notice)
    raise _all_failed(wanted, failures)


def _all_failed(wanted: Wanted, failures: Sequence[XtguiError]) -> XtguiError:
    """Give the error for what no hub gave; where none was reached, none is advised."""
    exits = {error.exit for error in failures} - {Exit.ENVIRONMENT}
    exit = exits.pop() if len(exits) == 1 else Exit.FAILED
    unreached = [_unreached(error) for error in failures]
    if all(unreached):
        problems = [problem for problem in unreached if problem]
        return XtguiError("download.none_reached", exit, problems, id=wanted.name, kind=wanted.kind)
    problems = [error.notice for error in failures]
    return XtguiError("download.all_failed", exit, problems, id=wanted.name)


def _unreached(error: XtguiError) -> Notice | None:
    """Give a failure to reach a hub without the advice to take another; None for any other."""
    if error.code == "download.no_modelscope":
        return Notice("download.without_modelscope")
    is_unreached = error.code.startswith("download.unreachable_")
    return Notice("download.unreached", error.data) if is_unreached else None


def _is_whole(wanted: Wanted, folder: Path, known: record.Record, watcher: Watcher) -> bool:
    """Whether the record says that all was there and it still is; names what is not."""
    if not known.is_complete or known.patterns != wanted.patterns:
        return False
    wrong = [
        kept.file.path
        for kept in known.kept
        if not record.is_here(folder, kept.file, known, watcher.checks)
    ]
    for path in wrong:
        watcher.troubles(Notice("download.changed", {"file": path}))
    return not wrong


def _fetched(folder: Path, known: record.Record, was_here: bool) -> Fetched:
    hub: HubName = "modelscope" if known.hub == "modelscope" else "huggingface"
    return Fetched(
        folder=folder,
        hub=hub,
        id=known.id,
        host=known.host,
        revision=known.revision,
        paths=tuple(kept.file.path for kept in known.kept),
        total_bytes=sum(kept.file.size for kept in known.kept),
        without_digest=sum(not kept.file.algorithm for kept in known.kept),
        was_here=was_here,
    )


def _from(
    listing: Listing, wanted: Wanted, folder: Path, watcher: Watcher, patience: Patience
) -> Fetched:
    """Fetch what is chosen of a listing and is not here yet."""
    require_safe((file.path for file in listing.files), folder)
    chosen = choose(listing.place, listing.files, wanted.patterns)
    whole = fill(folder, wanted, listing, chosen, patience, watcher)
    return _fetched(folder, whole, was_here=False)
