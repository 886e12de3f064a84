"""Makes datasets read exactly the file that is named.

`load_dataset` takes a name for a pattern: it reads `data[1].jsonl` as data1.jsonl, takes what
follows `::` for another file, and replaces `$HOME` by its value.
"""

from __future__ import annotations

import functools
import glob
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .config_facts import ConfigFacts

_CANNOT_BE_ESCAPED = ("::", "$")


def read_files_by_name(facts: ConfigFacts) -> None:
    """Make `datasets.load_dataset` read an existing file of that exact name."""
    import datasets

    load = datasets.load_dataset

    @functools.wraps(load)
    def load_dataset(*arguments: Any, **options: Any) -> Any:
        if options.get("data_files") is None:
            return load(*arguments, **options)
        with tempfile.TemporaryDirectory(prefix="xtgui-", dir=_plain_folder()) as links:
            named = _by_name(options["data_files"], facts.data, Path(links))
            return load(*arguments, **options | {"data_files": named})

    datasets.load_dataset = load_dataset


def _by_name(data_files: Any, data_path: str | None, links: Path) -> Any:
    """Return the argument of `load_dataset` with each file name replaced by a pattern for it.

    Args:
        data_files: A name, or a list or mapping of names.
        data_path: The path in the config, which may be escaped for plain xtuner.
        links: A folder for links, which exists while the files are read.
    """
    if isinstance(data_files, Mapping):
        return {key: _by_name(value, data_path, links) for key, value in data_files.items()}
    if isinstance(data_files, (list, tuple)):
        return [_by_name(value, data_path, links) for value in data_files]
    if not isinstance(data_files, (str, os.PathLike)):
        return data_files
    named = os.fspath(data_files)
    if data_path and named == glob.escape(data_path):
        named = data_path
    return _pattern_for(Path(named), links) if Path(named).is_file() else data_files


def _pattern_for(file: Path, links: Path) -> str:
    """Return a pattern that matches only this file: its name, or that of a link to it."""
    path = str(file.absolute())
    if any(sign in path for sign in _CANNOT_BE_ESCAPED):
        link = links / f"{len(list(links.iterdir()))}.jsonl"
        link.symlink_to(path)
        path = str(link)
    return glob.escape(path)


def _plain_folder() -> str | None:
    """Return a folder for links: the run's own cache, or the system's temporary folder."""
    cache = os.environ.get("HF_DATASETS_CACHE", "")
    if not Path(cache).is_absolute() or any(sign in cache for sign in _CANNOT_BE_ESCAPED):
        return None
    Path(cache).mkdir(parents=True, exist_ok=True)
    return cache
