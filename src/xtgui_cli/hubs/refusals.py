"""What a hub's refusal means, in the words of our own errors."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Any

from ..shared.errors import Exit, XtguiError
from ..texts import t
from .patience import NoAnswerError
from .places import OWN_ENDPOINTS
from .wanted import Place

LOGINS = {"huggingface": "hf auth login", "modelscope": "modelscope login"}
RETRIED = frozenset({408, 429, 500, 502, 503, 504, 520, 522, 524})
"""Statuses that may be gone a moment later; the last three are those of CDNs."""


def facts(place: Place) -> dict[str, Any]:
    """Give what every sentence about a place may name."""
    return {
        "hub": place.hub_name,
        "kind": place.kind,
        "id": place.id,
        "host": place.host,
        "page": place.page,
        "login": LOGINS[place.hub],
    }


def refused(place: Place, status: int, error_code: str | None = None) -> XtguiError:
    """Give the error for an HTTP status; *error_code* is Hugging Face's X-Error-Code."""
    if error_code == "GatedRepo":
        code = "download.gated" if place.is_own_host else "download.gated_no_token"
        return XtguiError(code, Exit.FAILED, **facts(place))
    if status == 404 or error_code == "RepoNotFound":
        return XtguiError("download.not_found", Exit.ANSWERS, **facts(place))
    if status in (401, 403):
        code = "download.denied" if place.is_own_host else "download.denied_no_token"
        return XtguiError(code, Exit.FAILED, **facts(place), status=status)
    if status == 429:
        return XtguiError("download.too_many", Exit.FAILED, **facts(place))
    return XtguiError("download.answered", Exit.FAILED, **facts(place), status=status)


def unreachable(place: Place, error: BaseException) -> XtguiError:
    """Give the error for a hub that cannot be reached, or a mirror of one."""
    kind = place.hub if place.endpoint == OWN_ENDPOINTS[place.hub] else f"{place.hub}_mirror"
    code = f"download.unreachable_{kind}"
    return XtguiError(code, Exit.FAILED, **facts(place), why=reason_of(error))


def reason_of(error: BaseException) -> str:
    """Give why a request failed: in our words where the cause is a usual one.

    HTTP libraries wrap the system's error several times; what counts is the innermost.
    """
    chain = list(_chain(error))
    for kinds, key in _USUAL:
        if any(isinstance(each, kinds) for each in chain):
            return t(f"download.{key}")
    return str(error) or type(error).__name__


_USUAL: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    (socket.gaierror, "why_name"),
    (ssl.SSLError, "why_certificate"),
    (ConnectionRefusedError, "why_refused"),
    ((TimeoutError, NoAnswerError), "why_timeout"),
    ((ConnectionResetError, BrokenPipeError), "why_cut"),
)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
