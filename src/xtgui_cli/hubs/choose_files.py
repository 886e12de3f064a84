"""Chooses the files of a repository to fetch: what training needs, and the license."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence

from ..shared.errors import Exit
from .hub import Kind, Place, RemoteFile
from .refusals import HubError

_BESIDE_WEIGHTS = (
    "*.json",
    "*.txt",
    "*.model",
    "*.tiktoken",
    "*.jinja",
    "*.py",
)
_PAPERS = ("LICEN[SC]E*", "NOTICE*", "USE_POLICY*", "README*")
_IN_FOLDERS_TOO = ("*.jinja", "*.py")
_WEIGHTS = ("model*.safetensors", "adapter_model*.safetensors", "*.safetensors")
_PICKLED = ("pytorch_model*.bin", "adapter_model*.bin")
_SECOND_COPY = "consolidated*"
"""Mistral's and Meta's repositories have the weights twice: these are for other programs."""

_NOT_ROWS = (
    *("*.py", "*.ipynb", "*.sh"),
    *("*.png", "*.jpg", "*.jpeg", "*.gif", "*.svg", "*.webp", "*.pdf"),
    *("*.mp3", "*.wav", "*.flac", "*.mp4"),
)


def choose(
    place: Place, files: Sequence[RemoteFile], patterns: Sequence[str] = ()
) -> list[RemoteFile]:
    """Return the files to fetch, in the hub's order.

    For a model: safetensors, else pickled weights, with config, tokenizer, templates, code and
    license; no GGUF, ONNX, TensorFlow or Flax. For data: rows, no scripts and no images.

    Raises:
        HubError: "download.no_weights" or "download.nothing_there".
    """
    kinds: dict[Kind, Iterator[RemoteFile]] = {
        "model": _of_model(files),
        "dataset": _of_data(files),
    }
    if patterns:
        chosen = [file for file in files if _is_like(file.path, (*patterns, *_PAPERS))]
    else:
        chosen = list(kinds[place.kind])
    if not any(not _is_like(file.path, _PAPERS) for file in chosen):
        raise HubError("download.nothing_there", Exit.ANSWERS, id=place.id, host=place.host)
    if place.kind == "model" and not patterns and not any(map(is_weights, chosen)):
        others = sorted({_ending(file.path) for file in files if file.size > 1_000_000})
        raise HubError(
            "download.no_weights",
            Exit.ANSWERS,
            id=place.id,
            host=place.host,
            others=", ".join(others[:8]) or "–",
        )
    return chosen


def is_weights(file: RemoteFile) -> bool:
    """Return whether a file holds weights."""
    return _is_like(file.path, (*_WEIGHTS, *_PICKLED))


def _of_model(files: Sequence[RemoteFile]) -> Iterator[RemoteFile]:
    weights = _weights(files)
    for file in files:
        if _is_in_folder(file.path):
            wanted = _is_like(file.path, _IN_FOLDERS_TOO)
        else:
            wanted = _is_like(file.path, (*_BESIDE_WEIGHTS, *_PAPERS)) and not _is_other_index(
                file.path, weights
            )
        if wanted or file.path in weights:
            yield file


def _weights(files: Sequence[RemoteFile]) -> set[str]:
    """Return the names of the weight files of the best available kind."""
    names = [file.path for file in files if not _is_in_folder(file.path)]
    for pattern in (*_WEIGHTS, *_PICKLED):
        found = {name for name in names if fnmatch.fnmatchcase(name, pattern)}
        own = {name for name in found if not fnmatch.fnmatchcase(name, _SECOND_COPY)}
        if own or found:
            return own or found
    return set()


def _is_other_index(path: str, weights: set[str]) -> bool:
    """Return whether a file is the index of weights that are not fetched."""
    if not path.endswith(".index.json"):
        return False
    ending = path.removesuffix(".index.json").rpartition(".")[2]
    return not any(name.endswith(ending) for name in weights)


def _of_data(files: Sequence[RemoteFile]) -> Iterator[RemoteFile]:
    for file in files:
        hidden = any(part.startswith(".") for part in file.path.split("/"))
        if not hidden and not _is_like(file.path.lower(), _NOT_ROWS):
            yield file


def _is_in_folder(path: str) -> bool:
    return "/" in path


def _is_like(path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def _ending(path: str) -> str:
    return "." + path.rpartition(".")[2] if "." in path else path
