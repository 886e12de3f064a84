"""prompt_toolkit's terminal, with every text cleaned on its way out."""

from __future__ import annotations

import os
import sys

from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from .console import sanitize


class CleanOutput(Vt100_Output):
    """Lets prompt_toolkit's own control sequences through, and nobody else's."""

    def write(self, data: str) -> None:
        """Write a text, cleaned."""
        super().write(sanitize(data))


def clean_output() -> Vt100_Output:
    """Return the output for a prompt on stdout, which must be a terminal."""
    return CleanOutput.from_pty(
        sys.stdout, term=os.environ.get("TERM"), default_color_depth=ColorDepth.from_env()
    )
