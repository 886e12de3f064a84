"""Lists a repository on ModelScope through its own package, which is an extra of ours.

`modelscope-hub` is the light half of ModelScope's SDK: no torch, a few small packages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import __version__
from ..shared.errors import Exit
from .answer_limit import AnswerLimit, TooLongAnswerError, limit_modelscope
from .hub import Hub, Listing, Place, RemoteFile
from .patience import NoAnswerError, Patience, within
from .refusals import HubError, facts, package_missing, refused, unreachable

if TYPE_CHECKING:
    from .wanted import Watcher

_BRANCH = "master"
_LISTING_S = 300
"""For all pages of a listing; the package itself retries each page."""


def list_files(place: Place, patience: Patience, _watcher: Watcher) -> Listing:
    """Return the files of a repository with their sizes and SHA-256.

    Raises:
        HubPackageMissingError: If the package is not installed.
        HubError: Those of `huggingface.list_files`.
    """
    try:
        import modelscope_hub as hub
    except ImportError:
        raise package_missing(place) from None

    # "": none is sent. None: the one of `modelscope login`, if there is one.
    api = hub.HubApi(endpoint=place.endpoint, token=None if place.is_own_host else "")
    limit_modelscope(api, AnswerLimit())
    try:
        within(patience.answer_s, lambda: api.legacy.get_repo_info(place.id, place.kind))
        entries = within(_LISTING_S, lambda: api.list_repo_files(place.id, place.kind))
        files = [
            RemoteFile(
                path=entry.path,
                size=entry.size,
                algorithm="sha256" if entry.sha256 else "",
                digest=(entry.sha256 or "").lower(),
                url=api.legacy.get_download_url(place.id, place.kind, entry.path, _BRANCH),
            )
            for entry in entries
            if not entry.is_dir
        ]
    except (hub.NotFoundError, hub.NotExistError) as error:
        raise refused(place, 404) from error
    except hub.APIError as error:
        raise refused(place, getattr(error, "status_code", None) or 0) from error
    except (NoAnswerError, hub.NetworkError) as error:
        raise unreachable(place, error) from error
    except TooLongAnswerError:
        raise HubError("download.too_long_answer", Exit.ANSWERS, **facts(place)) from None
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise HubError("download.no_hub", Exit.ANSWERS, **facts(place)) from error
    token = api.legacy.token
    authorization = {"Authorization": f"Bearer {token}"} if token else {}
    headers = {"User-Agent": f"xtgui/{__version__}", **authorization}
    return Listing(place, _BRANCH, files, headers)


HUB = Hub(
    name="modelscope",
    title="ModelScope",
    endpoint="https://www.modelscope.cn",
    hosts=frozenset({"www.modelscope.cn", "modelscope.cn"}),
    variable="MODELSCOPE_ENDPOINT",
    login="modelscope login",
    pages={
        "model": "https://www.modelscope.cn/models/{id}",
        "dataset": "https://www.modelscope.cn/datasets/{id}",
    },
    page_hosts=frozenset({"modelscope.cn", "modelscope.ai"}),
    extra="modelscope",
    list_files=list_files,
)
