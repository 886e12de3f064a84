"""Lists a repository on Hugging Face, or on a mirror of it, through huggingface_hub.

Only the listing, the token and the headers are the library's. Its 2.4 downloads into a file with a
random name that it deletes when it is stopped (file_download.py, `_download_to_tmp_and_move`), so
that nothing of an interrupted download could be used again; `transfer.py` does that part.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..shared.errors import Exit, Notice
from .answer_limit import AnswerLimit, TooLongAnswerError, limit_huggingface
from .hub import Hub, Listing, Place, RemoteFile
from .patience import Answer, NoAnswerError, Patience, asked_wait_s, within
from .refusals import RETRIED, HubError, facts, refused, unreachable

_PAGE = 1000
"""How many files the hub lists at a time."""
_MOST_FILES = 200_000
"""Limit for a listing; an endless one would fill the memory. Hugging Face advises under 100,000."""

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

    from .wanted import Watcher


def list_files(place: Place, patience: Patience, watcher: Watcher) -> Listing:
    """Return the files of a repository with their sizes and digests.

    Raises:
        HubError: "download.unreachable_huggingface", "download.not_found", "download.gated",
            "download.denied", "download.too_many", "download.answered", "download.no_hub",
            "download.too_many_files", "download.too_long_answer" or "download.offline".
    """
    import logging

    from huggingface_hub import HfApi
    from huggingface_hub.utils import (  # type: ignore[attr-defined]  # documented, not in __all__
        build_hf_headers,
    )

    # We report its attempts ourselves, in the user's language.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    # False: none is sent. None: the one of `hf auth login` or HF_TOKEN, if there is one.
    token = None if place.is_own_host else False
    limit_huggingface(AnswerLimit())
    api = HfApi(place.endpoint, token=token, library_name="xtgui", library_version=__version__)

    def info() -> str:
        found = api.repo_info(
            place.id, repo_type=place.kind, timeout=patience.answer_s, expand="sha"
        )
        return str(found.sha)

    revision = _ask(place, patience, watcher, lambda: within(patience.answer_s, info))
    files = _ask(place, patience, watcher, lambda: list(_tree(api, place, revision, patience)))
    headers = build_hf_headers(token=token, library_name="xtgui", library_version=__version__)
    return Listing(place, revision, files, headers)


def _tree(api: HfApi, place: Place, revision: str, patience: Patience) -> Iterator[RemoteFile]:
    """Yield the files of a revision, page by page.

    The library's listing has no time limit (2.4: `paginate`), so each page gets one.
    """
    from huggingface_hub.hf_api import RepoFile

    entries = api.list_repo_tree(place.id, recursive=True, revision=revision, repo_type=place.kind)
    listed = 0
    while page := within(patience.page_s, lambda: list(itertools.islice(entries, _PAGE))):
        listed += len(page)
        if listed > _MOST_FILES:
            data = {"most": _MOST_FILES, **facts(place)}
            raise HubError("download.too_many_files", Exit.FAILED, **data)
        for entry in page:
            if isinstance(entry, RepoFile):
                yield _file(entry, place, revision)


def _file(entry: RepoFile, place: Place, revision: str) -> RemoteFile:
    from huggingface_hub import hf_hub_url

    return RemoteFile(
        path=entry.path,
        size=entry.lfs.size if entry.lfs else entry.size,
        algorithm="sha256" if entry.lfs else "git-sha1",
        digest=(entry.lfs.sha256 if entry.lfs else entry.blob_id).lower(),
        url=hf_hub_url(
            place.id,
            entry.path,
            repo_type=place.kind,
            revision=revision,
            endpoint=place.endpoint,
        ),
    )


def _ask(
    place: Place, patience: Patience, watcher: Watcher, question: Callable[[], Answer]
) -> Answer:
    """Ask, and again if the hub is busy; return its answer or raise our own error."""
    import httpx2
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    failures = 0
    while True:
        try:
            return question()
        except OfflineModeIsEnabled:
            raise HubError("download.offline", Exit.ANSWERS, **facts(place)) from None
        except HfHubHTTPError as error:
            status = error.response.status_code
            failures += 1
            wait_s = patience.wait_s(failures, asked_wait_s(error.response.headers))
            is_final = failures >= patience.attempts or wait_s > patience.longest_asked_s
            if status not in RETRIED or is_final:
                code = error.response.headers.get("X-Error-Code")
                is_gated = isinstance(error, GatedRepoError)
                if isinstance(error, RepositoryNotFoundError) and not is_gated:
                    code = "RepoNotFound"  # without a login, what does not exist is a 401
                raise refused(place, status, code) from error
            watcher.troubles(_busy(place, status, wait_s))
            time.sleep(wait_s)
        except (NoAnswerError, httpx2.TransportError) as error:
            raise unreachable(place, error) from error
        except TooLongAnswerError:
            raise HubError("download.too_long_answer", Exit.ANSWERS, **facts(place)) from None
        except HFValidationError:
            raise HubError("download.bad_id", Exit.ANSWERS, id=place.id) from None
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            # Not a hub's answer: a login page of the network, or another program's address.
            raise HubError("download.no_hub", Exit.ANSWERS, **facts(place)) from error


def _busy(place: Place, status: int, wait_s: float) -> Notice:
    data: dict[str, Any] = {**facts(place), "status": status, "seconds": round(wait_s)}
    return Notice("download.busy_hub", data)


HUB = Hub(
    name="huggingface",
    title="Hugging Face",
    endpoint="https://huggingface.co",
    hosts=frozenset({"huggingface.co", "hf.co"}),
    variable="HF_ENDPOINT",
    login="hf auth login",
    pages={
        "model": "https://huggingface.co/{id}",
        "dataset": "https://huggingface.co/datasets/{id}",
    },
    page_hosts=frozenset({"huggingface.co", "hf-mirror.com"}),
    mirror="https://hf-mirror.com",
    list_files=list_files,
)
