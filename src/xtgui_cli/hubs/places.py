"""At which address a hub is asked, and whether the user's token may be sent there."""

from __future__ import annotations

import os
from collections.abc import Collection
from urllib.parse import urlsplit

from ..shared.errors import Exit, XtguiError
from .wanted import HubName, Kind, Place

OWN_ENDPOINTS: dict[HubName, str] = {
    "huggingface": "https://huggingface.co",
    "modelscope": "https://www.modelscope.cn",
}
MIRROR = "https://hf-mirror.com"
"""A mirror of Hugging Face that can be reached in China."""
_OWN_HOSTS: dict[HubName, frozenset[str]] = {
    "huggingface": frozenset({"huggingface.co", "hf.co"}),
    "modelscope": frozenset({"www.modelscope.cn", "modelscope.cn"}),
}
_VARIABLES: dict[HubName, str] = {
    "huggingface": "HF_ENDPOINT",
    "modelscope": "MODELSCOPE_ENDPOINT",
}
"""What the hubs' own packages read their address from."""


def place_of(
    hub: HubName, kind: Kind, id: str, endpoint: str | None, token_hosts: Collection[str]
) -> Place:
    """Give where a repository is asked for: at *endpoint*, else where the environment says.

    Args — token_hosts: hosts that the user allows to see the token, beside the hub's own, to which
    it goes over https only. Raises — XtguiError "download.bad_endpoint".
    """
    named = endpoint or os.environ.get(_VARIABLES[hub])
    address = checked_endpoint(named) if named else OWN_ENDPOINTS[hub]
    parts = urlsplit(address)
    is_own = parts.scheme == "https" and parts.netloc in _OWN_HOSTS[hub]
    return Place(hub, kind, id, address, is_own or parts.netloc in token_hosts)


def checked_endpoint(endpoint: str) -> str:
    """Give the address of a hub, with https:// where it names no scheme.

    Raises — XtguiError "download.bad_endpoint".
    """
    address = endpoint.strip()
    if "://" not in address:
        address = f"https://{address}"
    parts = urlsplit(address)
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_whole or parts.username or parts.query or parts.fragment:
        raise XtguiError("download.bad_endpoint", Exit.ANSWERS, endpoint=endpoint)
    return address.rstrip("/")
