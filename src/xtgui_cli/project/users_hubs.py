"""The user's own choice of hubs, under [download] in their config file.

Consent belongs to the user and not to a project: which hubs are asked in which order, and which
hosts may see a token.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..hubs.hub import Hub
from ..hubs.registry import HUBS
from ..shared.errors import Exit, XtguiError
from .user_config import config_file, user_table


def users_order() -> Sequence[Hub]:
    """Return the hubs in the user's order, Hugging Face first if the user has set none.

    Raises:
        XtguiError: "download.bad_order".
    """
    named = _own_setting("order")
    if named is None:
        return list(HUBS.values())
    known = [HUBS[name] for name in named if isinstance(name, str) and name in HUBS]
    if not known or len(known) != len(named):
        raise XtguiError("download.bad_order", Exit.ANSWERS, path=config_file())
    return known


def users_token_hosts() -> Sequence[str]:
    """Return the hosts that may see the user's token besides the hub's own.

    Raises:
        XtguiError: "download.bad_hosts".
    """
    named = _own_setting("token_hosts")
    if named is None:
        return ()
    if not all(isinstance(host, str) for host in named):
        raise XtguiError("download.bad_hosts", Exit.ANSWERS, path=config_file())
    return named


def _own_setting(name: str) -> list[Any] | None:
    """Return a list in the user's own settings; a value that is not a list as a list of None."""
    value = user_table("download").get(name)
    return value if value is None or isinstance(value, list) else [None]
