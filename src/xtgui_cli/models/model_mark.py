"""Identifies a base model, and notices if somebody has changed it.

It is not a proof: of large weights only samples are read. A change that misses all of them, and
leaves sizes and headers as they were, is not noticed.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..shared.regular_file import MOST_BYTES, MOST_WRITTEN_BYTES, open_regular, read_bytes

_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth", ".gguf")
_CONFIG = ("config.json",)
_TOKENIZER = (
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
    "merges.txt",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "vocab.json",
    "vocab.txt",
)
SAMPLES = 64
SAMPLE_BYTES = 1 << 20
_MOST_HEADER_BYTES = 100_000_000


@dataclass(frozen=True, kw_only=True)
class ModelMark:
    """Digests of the parts of a model; for a part without files, the digest of nothing."""

    config: str
    tokenizer: str
    weights: str


def mark_model(folder: Path, *, with_weights: bool = True) -> ModelMark:
    """Return the identity of a model.

    Args:
        folder: The model.
        with_weights: Whether to read weights, of which there may be 64 MB to read; without them
            their digest is "".

    Raises:
        OSError: If one of its files cannot be read.
    """
    return ModelMark(
        config=_digest_files(folder, _CONFIG),
        tokenizer=_digest_files(folder, _TOKENIZER),
        weights=_digest_weights(weight_files(folder)) if with_weights else "",
    )


def has_mark(folder: Path, mark: ModelMark) -> bool:
    """Return whether a folder holds the model of a mark; False if it cannot be read.

    The config is compared first: of another model, little else is read.
    """
    try:
        return (
            _digest_files(folder, _CONFIG, MOST_WRITTEN_BYTES) == mark.config
            and _digest_files(folder, _TOKENIZER) == mark.tokenizer
            and _digest_weights(weight_files(folder)) == mark.weights
        )
    except OSError:
        return False


def weight_files(folder: Path) -> list[Path]:
    """Return the files with a model's weights, sorted."""
    return sorted(path for path in folder.iterdir() if path.suffix in _WEIGHTS)


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file.

    Raises:
        OSError: If it cannot be read.
    """
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while block := file.read(SAMPLE_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _digest_files(folder: Path, names: tuple[str, ...], most: int = MOST_BYTES) -> str:
    """Return a digest of names and contents; none of the files may have more than *most* bytes."""
    there = [folder / name for name in names if (folder / name).exists()]
    facts = [f"{file.name} {hashlib.sha256(read_bytes(file, most)).hexdigest()}" for file in there]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _digest_weights(files: list[Path]) -> str:
    """Return a digest of names, sizes and headers, and of samples at fixed places."""
    sizes = [file.stat().st_size for file in files]
    digest = hashlib.sha256()
    for path, size, places in zip(files, sizes, _sample_places(sizes), strict=True):
        digest.update(f"{path.name}\0{size}\0".encode())
        with open_regular(path) as file:
            if path.suffix == ".safetensors":
                digest.update(_header(file.read(8), file))
            for place in places:
                file.seek(place)
                digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def _header(length: bytes, file: BinaryIO) -> bytes:
    """Return the header of a safetensors file, which says where each tensor is."""
    if len(length) < 8:
        return length
    return file.read(min(struct.unpack("<Q", length)[0], _MOST_HEADER_BYTES))


def _sample_places(sizes: Sequence[int]) -> Iterator[list[int]]:
    """Yield where samples begin in each file: all of them, or evenly over all files."""
    total = sum(sizes)
    if total <= SAMPLES * SAMPLE_BYTES:
        yield from (list(range(0, size, SAMPLE_BYTES)) for size in sizes)
        return
    places = [number * (total - SAMPLE_BYTES) // (SAMPLES - 1) for number in range(SAMPLES)]
    begin = 0
    for size in sizes:
        yield [place - begin for place in places if begin <= place < begin + size]
        begin += size
