"""Files that are no checkpoint, are broken, or are archives that can be read in two ways."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
import zlib
from pathlib import Path

from checkpoint_files import (
    STORAGES,
    archive_end,
    checkpoint_content,
    small_checkpoint,
    torch_file,
    torch_zip,
)
from evil_file import Call, Evil, registrar

from xtgui_cli.shared.checkpoint_faults import CheckpointFault

_ODD = CheckpointFault.ODD

ARCHIVES: dict[str, Evil] = {}
_evil = registrar(ARCHIVES)


# --- no checkpoint at all --------------------------------------------------------------------


@_evil(CheckpointFault.EMPTY)
def _nothing(_: Path) -> bytes:
    return b""


@_evil(CheckpointFault.FOREIGN)
def _a_text(_: Path) -> bytes:
    return b"hello"


@_evil(CheckpointFault.FOREIGN)
def _zeros_after_a_power_cut(_: Path) -> bytes:
    return bytes(4096)


@_evil(CheckpointFault.FOREIGN)
def _a_bare_pickle_that_runs_a_command(mark: Path) -> bytes:
    return pickle.dumps(Call(open, str(mark), "w"))


@_evil(CheckpointFault.CUT_OFF)
def _cut_in_the_middle(_: Path) -> bytes:
    return small_checkpoint()[:1500]


@_evil(CheckpointFault.CUT_OFF)
def _cut_by_one_byte(_: Path) -> bytes:
    return small_checkpoint()[:-1]


@_evil(CheckpointFault.CUT_OFF)
def _overwritten_at_its_end(_: Path) -> bytes:
    return small_checkpoint()[:-512] + bytes(512)


@_evil(CheckpointFault.CHECKSUM)
def _a_flipped_bit_in_the_weights(_: Path) -> bytes:
    return _flipped(STORAGES["1"])


@_evil(CheckpointFault.CHECKSUM)
def _a_flipped_bit_in_the_pickle(_: Path) -> bytes:
    return _flipped(b"train/loss")


def _flipped(part: bytes) -> bytes:
    content = bytearray(small_checkpoint())
    content[content.index(part) + 3] ^= 0x10
    return bytes(content)


# --- archives that can be read in two ways ---------------------------------------------------

_PROGRAM = {"data.pkl": b"\x80\x02}.", "constants.pkl": b".", "version": b"3\n"}


@_evil(_ODD)
def _two_directories(mark: Path) -> bytes:
    """Python's reader takes the last directory, miniz the one at the offset that is written."""
    return two_directories(torch_zip(_PROGRAM))


@_evil(_ODD)
def _two_directories_of_64_bits(_: Path) -> bytes:
    archive = torch_zip(_PROGRAM)
    return two_directories(archive, in_64_bits=True)


def directory_of(archive: bytes) -> tuple[int, int]:
    """Return the size of an archive's directory and where it starts, as the end record has them."""
    size, offset = struct.unpack("<2L", archive[-10:-2])
    return size, offset


def two_directories(archive: bytes, *, in_64_bits: bool = False) -> bytes:
    """Return an archive a second directory, of data.pkl alone, as long as its own one.

    The end record names the first one by its offset; Python's zipfile looks right before the end.
    """
    size, offset = directory_of(archive)
    own = archive[offset : offset + size]
    count = own.count(b"PK\x01\x02")
    entry = struct.unpack_from("<4s6H3L5H2L", own)
    path = own[46 : 46 + entry[10]]
    comment = size - 46 - len(path)
    first = struct.pack("<4s6H3L5H2L", *entry[:11], 0, comment, *entry[13:]) + path
    end = archive_end(offset, size, count, at=offset + 2 * size)
    both = archive[: offset + size] + first + b" " * comment
    return both + (end if in_64_bits else end[-22:])


@_evil(CheckpointFault.PROGRAM)
def _torchscript(_: Path) -> bytes:
    return torch_zip({"data.pkl": b".", "code/x.py": b"", "constants.pkl": b".", "version": b"3"})


@_evil(CheckpointFault.CUT_OFF)
def _a_comment_behind_the_end(_: Path) -> bytes:
    return small_checkpoint()[:-2] + struct.pack("<H", 4) + b"PK\x05\x06"


@_evil(CheckpointFault.CUT_OFF)
def _bytes_behind_the_end(_: Path) -> bytes:
    return small_checkpoint() + b"\0"


@_evil(CheckpointFault.FOREIGN)
def _bytes_before_the_beginning(_: Path) -> bytes:
    return b"#!/bin/sh\n" + small_checkpoint()


@_evil(_ODD)
def _an_archive_before_the_archive(_: Path) -> bytes:
    return torch_zip({"data.pkl": b"."}) + small_checkpoint()


@_evil(_ODD)
def _the_offsets_of_the_ends_differ(_: Path) -> bytes:
    content = bytearray(small_checkpoint())
    content[-6:-2] = struct.pack("<L", 0)
    return bytes(content)


def _patched(find: bytes, put: bytes, *, last: bool = False) -> bytes:
    content = small_checkpoint()
    place = content.rindex(find) if last else content.index(find)
    return content[:place] + put + content[place + len(find) :]


@_evil(_ODD)
def _another_name_in_the_header(_: Path) -> bytes:
    return _patched(b"archive/data/0", b"archive/data/8")


@_evil(_ODD)
def _another_checksum_behind_the_record(_: Path) -> bytes:
    crc = struct.pack("<L", zlib.crc32(STORAGES["1"]))
    return _patched(b"PK\x07\x08" + crc, b"PK\x07\x08\0\0\0\0")


@_evil(_ODD)
def _an_encrypted_record(_: Path) -> bytes:
    return _patched(b"PK\x01\x02\0\0\0\0\x08\x08", b"PK\x01\x02\0\0\0\0\x09\x08")


@_evil(_ODD)
def _a_record_of_64_gib(_: Path) -> bytes:
    sizes = struct.pack("<2L", 32, 32)
    return _patched(sizes, struct.pack("<2L", 0xFFFFFFFE, 0xFFFFFFFE), last=True)


@_evil(_ODD)
def _more_records_than_there_are(_: Path) -> bytes:
    content = small_checkpoint()
    size, offset = directory_of(content)
    return content[: offset + size] + archive_end(offset, size, 1 << 40)[:-22] + content[-22:]


@_evil(_ODD)
def _two_records_of_one_name(_: Path) -> bytes:
    return _renamed("data/3", "data/0")


@_evil(_ODD)
def _a_record_with_dots(_: Path) -> bytes:
    return _renamed("data/0", "../../")


@_evil(_ODD)
def _a_record_with_backslashes(_: Path) -> bytes:
    return _renamed("data/0", "..\\..\\")


@_evil(_ODD)
def _an_unknown_record(_: Path) -> bytes:
    return torch_zip({"data.pkl": pickle.dumps({}, 2), "version": b"3", "extra/x": b""})


@_evil(_ODD)
def _a_folder_with_dots(_: Path) -> bytes:
    return torch_file(checkpoint_content(), STORAGES, folder="..")


@_evil(_ODD)
def _a_folder_with_control_characters(_: Path) -> bytes:
    return torch_file(checkpoint_content(), STORAGES, folder="a\x1b[2Jb")


@_evil(_ODD)
def _no_pickle(_: Path) -> bytes:
    return torch_zip({"version": b"3\n", "data/0": b"1234"})


@_evil(_ODD)
def _big_endian(_: Path) -> bytes:
    content = {"data.pkl": b"\x80\x02}.", "byteorder": b"big", "version": b"3\n"}
    return torch_zip(content)


@_evil(_ODD)
def _a_zip_bomb(_: Path) -> bytes:
    return _zipped(zipfile.ZIP_DEFLATED, {"archive/data.pkl": bytes(10 << 20)})


@_evil(_ODD)
def _a_zip_by_somebody_else(mark: Path) -> bytes:
    content = pickle.dumps(Call(open, str(mark), "w"), 2)
    return _zipped(zipfile.ZIP_STORED, {"archive/data.pkl": content, "archive/version": b"3\n"})


@_evil(_ODD)
def _records_that_overlap(_: Path) -> bytes:
    """The entries of data/0 and data/1 name the same header."""
    content = small_checkpoint()
    size, offset = directory_of(content)
    directory = content[offset : offset + size].split(b"PK\x01\x02")
    entries = {entry.rpartition(b"/")[2]: place for place, entry in enumerate(directory)}
    zero, one = directory[entries[b"0"]], directory[entries[b"1"]]
    directory[entries[b"1"]] = one[:38] + zero[38:42] + one[42:]
    return content[:offset] + b"PK\x01\x02".join(directory) + content[offset + size :]


def _renamed(before: str, after: str) -> bytes:
    old, new = f"archive/{before}".encode(), f"archive/{after}".encode()
    return small_checkpoint().replace(old, new)


def _zipped(method: int, records: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for path, content in records.items():
            archive.writestr(path, content)
    return file.getvalue()
