"""Says which packages an interpreter has: run under it, or called in our own.

It may be any Python, with nothing of ours installed.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
import sysconfig
from typing import Any


def look(names: list[str]) -> list[Any]:
    """Return Python's version, where packages are installed, and facts about some packages.

    Args:
        names: Names of packages, as they are installed.

    Returns:
        Three numbers; a path; and by name a version, the package's folder, and what it requires.
    """
    packages = {}
    for name in names:
        try:
            found = importlib.metadata.distribution(name)
            folder = str(found.locate_file(name.replace("-", "_")))
            packages[name] = [found.version, folder, found.requires or []]
        except Exception:  # noqa: S112 (not there, or with metadata that cannot be read)
            continue
    return [list(sys.version_info[:3]), sysconfig.get_path("purelib"), packages]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(look(sys.argv[1:])))
