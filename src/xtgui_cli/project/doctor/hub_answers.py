"""Asks hubs whether they are reachable, and for their time; sends no token."""

from __future__ import annotations

import os
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlsplit

from ...hubs.hub import Hub
from ...hubs.patience import NoAnswerError, within
from ...hubs.refusals import HubError, reason_of
from .facts import HubFacts

LIMIT_S = 1.5
"""How long a hub may take to answer."""


def ask_hub(hub: Hub, limit_s: float = LIMIT_S) -> HubFacts:
    """Return how a hub answers at the address that downloads would use."""
    try:
        endpoint = hub.place_of("model", "a/b").endpoint
    except HubError:
        named = os.environ.get(hub.variable, "")
        return HubFacts(
            name=hub.name,
            title=hub.title,
            host=named,
            state="unreachable",
            reason=f"{hub.variable}={named}",
            mirror=hub.mirror,
        )
    if hub.variable == "HF_ENDPOINT" and os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0"):
        return _facts(hub, endpoint, "offline")
    try:
        clock = within(limit_s, lambda: _clock_of(endpoint, limit_s))
    except NoAnswerError:
        return _facts(hub, endpoint, "silent")
    except Exception as error:  # of name servers, proxies, certificates and others
        return _facts(hub, endpoint, "unreachable", reason=reason_of(error))
    return _facts(hub, endpoint, "answered", clock=clock)


def _clock_of(endpoint: str, limit_s: float) -> datetime | None:
    """Ask with the client that downloads use: its proxies and certificates matter."""
    import httpx2

    answer = httpx2.head(endpoint, timeout=limit_s, follow_redirects=False)
    try:
        return parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None


def _facts(
    hub: Hub,
    endpoint: str,
    state: Literal["answered", "silent", "unreachable", "offline"],
    *,
    reason: str = "",
    clock: datetime | None = None,
) -> HubFacts:
    return HubFacts(
        name=hub.name,
        title=hub.title,
        host=urlsplit(endpoint).netloc,
        state=state,
        reason=reason,
        clock=clock,
        mirror=hub.mirror if hub.mirror and urlsplit(hub.mirror).netloc not in endpoint else None,
    )
