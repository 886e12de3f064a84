"""The layout of a checkpoint's archive of more than 4 GiB, which is laid out and never written."""

from __future__ import annotations

import struct

import pytest
from checkpoint_files import archive_end

from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.checkpoint_reader.zip_layout import read_records


class Sparse:
    """A file that is zero but where something was written."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[tuple[int, bytes]] = []

    def write(self, part: bytes) -> None:
        self._parts.append((self.size, part))
        self.size += len(part)

    def skip(self, size: int) -> None:
        self.size += size

    def read_at(self, offset: int, size: int) -> bytes:
        size = max(0, min(size, self.size - offset))
        content = bytearray(size)
        for begin, part in self._parts:
            low, high = max(begin, offset), min(begin + len(part), offset + size)
            if low < high:
                content[low - offset : high - offset] = part[low - begin : high - begin]
        return bytes(content)


def large_archive(sizes: dict[str, int]) -> Sparse:
    """Return an archive of zeros as torch 2.9 lays it out; every checksum says 7."""
    file, directory = Sparse(), b""
    for record, size in sizes.items():
        path, begin = f"archive/{record}".encode(), file.size
        in_header = [size, 0] if size >= LIMIT else []
        in_directory = [size, size] if size >= LIMIT else []
        offset = [begin] if begin >= LIMIT else []
        extra = extra_of(in_header + offset)
        padding = b"FB" + struct.pack("<H", 3) + b"ZZZ"
        header = struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 0, 0x0808, *[0] * 6, len(path), 7 + len(extra)
        )
        file.write(header + path + extra + padding)
        file.skip(size)
        file.write(struct.pack("<4sL2Q" if extra else "<4sL2L", b"PK\x07\x08", 7, size, size))
        extra = extra_of(in_directory + offset)
        short = min(size, LIMIT)
        directory += struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\x01\x02", 0, 0, 0x0808, 0, 0, 0, 7, short, short, len(path), len(extra)),
            *(0, 0, 0, 0, min(begin, LIMIT)),
        )
        directory += path + extra
    at = file.size
    file.write(directory)
    file.write(archive_end(at, len(directory), len(sizes)))
    return file


LIMIT = 0xFFFFFFFF


def extra_of(numbers: list[int]) -> bytes:
    if not numbers:
        return b""
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


SIZES = {"data.pkl": 10, "data/0": LIMIT + 65, "data/1": 20, "data/2": LIMIT, "version": 2}


def test_records_of_and_behind_4_gib_are_found() -> None:
    file = large_archive(SIZES)

    records = read_records(file.read_at, file.size)

    assert {name: record.size for name, record in records.items()} == SIZES
    assert records["data/1"].offset > LIMIT + 65


@pytest.mark.parametrize(
    ("number", "other"),
    [
        (struct.pack("<2Q", LIMIT + 65, 0), struct.pack("<2Q", LIMIT + 64, 0)),
        (struct.pack("<2Q", LIMIT + 65, LIMIT + 65), struct.pack("<2Q", LIMIT + 66, LIMIT + 66)),
        (struct.pack("<L2Q", 7, 20, 20), struct.pack("<L2Q", 7, 21, 20)),
    ],
    ids=["header", "directory", "behind"],
)
def test_sizes_of_64_bits_have_to_agree(number: bytes, other: bytes) -> None:
    file = large_archive(SIZES)
    file._parts = [(begin, part.replace(number, other)) for begin, part in file._parts]

    with pytest.raises(CheckpointError):
        read_records(file.read_at, file.size)
