"""What goes wrong with a hub, and what its refusal means, as our own errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ..shared.errors import Exit, Notice, XtguiError
from ..texts import t
from .patience import NoAnswerError

if TYPE_CHECKING:
    from .hub import Place

RETRIED = frozenset({408, 429, 500, 502, 503, 504, 520, 522, 524})
"""Statuses that may be gone a moment later; the last three are those of CDNs."""


class HubError(XtguiError):
    """A hub does not deliver what is wanted; another may."""


class HubUnreachableError(HubError):
    """Nothing answers at the hub's address."""


class HubPackageMissingError(HubError):
    """The package that asks the hub is not installed."""


class NotOnHubError(HubError):
    """The hub has no repository of that name, or does not show it."""


class AllHubsFailedError(XtguiError):
    """Several hubs were asked, and none delivered what is wanted."""

    def __init__(
        self,
        code: str,
        exit: Exit,
        problems: Iterable[Notice],
        *,
        is_name_unknown: bool,
        **data: Any,
    ) -> None:
        super().__init__(code, exit, problems, **data)
        self.is_name_unknown = is_name_unknown
        """Whether a hub has no repository of that name."""


def facts(place: Place) -> dict[str, Any]:
    """Return the values that every sentence about a place may use."""
    return {
        "hub": place.hub.title,
        "kind": place.kind,
        "id": place.id,
        "host": place.host,
        "page": place.hub.page_of(place.kind, place.id),
        "login": place.hub.login,
    }


def refused(place: Place, status: int, error_code: str | None = None) -> HubError:
    """Return the error for an HTTP status; *error_code* is Hugging Face's X-Error-Code."""
    if error_code == "GatedRepo":
        code = "download.gated" if place.is_own_host else "download.gated_no_token"
        return HubError(code, Exit.FAILED, **facts(place))
    if status == 404 or error_code == "RepoNotFound":
        return NotOnHubError("download.not_found", Exit.ANSWERS, **facts(place))
    if status in (401, 403):
        code = "download.denied" if place.is_own_host else "download.denied_no_token"
        return HubError(code, Exit.FAILED, **facts(place), status=status)
    if status == 429:
        return HubError("download.too_many", Exit.FAILED, **facts(place))
    return HubError("download.answered", Exit.FAILED, **facts(place), status=status)


def unreachable(place: Place, error: BaseException) -> HubUnreachableError:
    """Return the error for a hub, or a mirror of it, that cannot be reached."""
    name = place.hub.name
    kind = name if place.endpoint == place.hub.endpoint else f"{name}_mirror"
    code = f"download.unreachable_{kind}"
    return HubUnreachableError(code, Exit.FAILED, **facts(place), why=reason_of(error))


def package_missing(place: Place) -> HubPackageMissingError:
    """Return the error for a hub whose package is not installed."""
    hub = place.hub
    return HubPackageMissingError(
        "download.no_package", Exit.ENVIRONMENT, hub=hub.title, extra=hub.extra
    )


def reason_of(error: BaseException) -> str:
    """Return why a request failed: in our own words for a usual cause.

    HTTP libraries wrap the system's error several times; the innermost one counts.
    """
    chain = list(_chain(error))
    for kinds, key in _usual_causes():
        if any(isinstance(each, kinds) for each in chain):
            return t(key)
    return str(error) or type(error).__name__


def _usual_causes() -> tuple[tuple[tuple[type[BaseException], ...], str], ...]:
    import socket  # here, because lists that only name a hub also load this module
    import ssl

    return (
        ((socket.gaierror,), "download.why_name"),
        ((ssl.SSLError,), "download.why_certificate"),
        ((ConnectionRefusedError,), "download.why_refused"),
        ((TimeoutError, NoAnswerError), "download.why_timeout"),
        ((ConnectionResetError, BrokenPipeError), "download.why_cut"),
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
