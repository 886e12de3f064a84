"""The records of a zip archive that torch.save wrote; no other archive is read.

torch stores each record uncompressed, one after the other, then the directory, then its end. The
file must have exactly this layout: one in which Python's reader and torch's (miniz, in C) could
find different records is refused.

Source: PKWARE's APPNOTE.TXT 6.3.9, sections 4.3 and 4.5.3; what torch 1.13 to 2.9 write.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass

from ...shared.checkpoint_faults import CheckpointFault
from .errors import CheckpointError, refuse

ReadAt = Callable[[int, int], bytes]
"""Returns up to *size* bytes from an offset on: (offset, size)."""

MOST_RECORDS = 1_000_000
LARGEST_DIRECTORY = 256 << 20

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")

_IN_EXTRA_FIELD = 0xFFFFFFFF
_ZIP64, _PADDING = 0x0001, 0x4246
"""Kinds of extra fields: 64-bit sizes, and torch's filler ("FB") before aligned data."""
_UTF8_NAME, _HAS_DESCRIPTOR = 0x0800, 0x0008
_LONGEST_NAME = 1024
_AT_ONCE = 2048
"""Bytes read at once: more than a record's descriptor and the next header take with usual
padding."""

_FOLDER = re.compile(r"[ -.0-\[\]-~]+")
_RECORD = re.compile(
    r"data\.pkl|data/\d{1,10}|version|byteorder|\.format_version|\.storage_alignment"
    r"|\.data/serialization_id"
)
_OF_A_PROGRAM = re.compile(r"constants(\.pkl|/.*)|code/.*")


@dataclass(frozen=True)
class Record:
    """One stored file: where its bytes are."""

    name: str
    """Without the archive's folder: "data.pkl", "data/17"."""
    offset: int
    size: int
    crc: int
    """CRC-32 of its bytes, as the archive says."""


@dataclass(frozen=True)
class _Entry:
    """An entry of the directory."""

    path: bytes
    flags: int
    crc: int
    size: int
    header_offset: int
    is_stored: bool
    """Whether it is neither compressed nor encrypted."""


def read_records(read_at: ReadAt, file_size: int) -> dict[str, Record]:
    """Return the records of an archive by name.

    Args:
        read_at: Reads the file.
        file_size: In bytes.

    Raises:
        CheckpointError: EMPTY, FOREIGN, CUT_OFF, PROGRAM, or ODD with what torch writes otherwise.
    """
    if file_size == 0:
        raise CheckpointError(CheckpointFault.EMPTY)
    if read_at(0, 4) != b"PK\x03\x04":
        raise CheckpointError(CheckpointFault.FOREIGN)
    directory_offset, directory_size, count = _read_end(read_at, file_size)
    directory = read_at(directory_offset, directory_size)
    entries = _read_directory(directory, count)
    offset, records = 0, {}
    for name, entry in _names(entries):
        record, offset = _read_record(read_at, name, entry, offset)
        records[name] = record
    if offset != directory_offset:
        refuse("bytes between the last record and the directory")
    return records


def _read_end(read_at: ReadAt, file_size: int) -> tuple[int, int, int]:
    """Return offset and size of the directory, and the number of its entries."""
    end_offset = file_size - _END.size
    end = read_at(max(0, end_offset), _END.size)
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise CheckpointError(CheckpointFault.CUT_OFF)
    _, disk, start_disk, count_here, count, size, offset, comment_size = _END.unpack(end)
    if (disk, start_disk, comment_size) != (0, 0, 0) or count_here != count:
        refuse("the end of the archive")
    end_64_offset = end_offset - _LOCATOR_64.size - _END_64.size
    if end_64_offset < 0:
        refuse("no directory of 64 bits")
    ends_64 = read_at(end_64_offset, _END_64.size + _LOCATOR_64.size)
    end_64 = _END_64.unpack_from(ends_64)
    locator = _LOCATOR_64.unpack_from(ends_64, _END_64.size)
    if locator != (b"PK\x06\x07", 0, end_64_offset, 1):
        refuse("no directory of 64 bits")
    if end_64[:2] != (b"PK\x06\x06", _END_64.size - 12) or end_64[4:6] != (0, 0):
        refuse("the end of the archive of 64 bits")
    count_64_here, count_64, size_64, offset_64 = end_64[6:]
    short = (min(count_64, 0xFFFF), min(size_64, _IN_EXTRA_FIELD), min(offset_64, _IN_EXTRA_FIELD))
    if count_64_here != count_64 or (count, size, offset) != short:
        refuse("the two ends of the archive differ")
    if offset_64 + size_64 != end_64_offset:
        refuse("the directory does not lie before its end")
    if count_64 > MOST_RECORDS or size_64 > LARGEST_DIRECTORY:
        refuse(f"{count_64} records")
    return offset_64, size_64, count_64


def _read_directory(directory: bytes, count: int) -> list[_Entry]:
    entries, position = [], 0
    for _ in range(count):
        entry, position = _read_entry(directory, position)
        entries.append(entry)
    if position != len(directory):
        refuse("the directory is not as long as it says")
    return entries


def _read_entry(directory: bytes, position: int) -> tuple[_Entry, int]:
    if position + _CENTRAL.size > len(directory):
        refuse("the directory ends too early")
    fields = _CENTRAL.unpack_from(directory, position)
    signature, _, _, flags, method, _, _, crc, packed, size, *lengths, _, _, offset = fields
    name_size, extra_size, comment_size, disk = lengths
    if signature != b"PK\x01\x02" or disk or comment_size or not 0 < name_size <= _LONGEST_NAME:
        refuse("an entry of the directory")
    position += _CENTRAL.size
    path = directory[position : position + name_size]
    position += name_size
    extra = directory[position : position + extra_size]
    position += extra_size
    if position > len(directory):
        refuse("the directory ends too early")
    size, packed, offset = _in_64_bits(extra, size, packed, offset)
    is_stored = not method and packed == size and flags & ~_HAS_DESCRIPTOR == _UTF8_NAME
    return _Entry(path, flags, crc, size, offset, is_stored), position


def _in_64_bits(extra: bytes, *values: int) -> list[int]:
    """Return the values, those that do not fit into 32 bits taken from the extra field."""
    missing = [number for number, value in enumerate(values) if value == _IN_EXTRA_FIELD]
    if len(extra) != (4 + 8 * len(missing) if missing else 0):
        refuse("an extra field of the directory")
    whole = list(values)
    if missing:
        kind, size, *long = struct.unpack(f"<2H{len(missing)}Q", extra)
        if kind != _ZIP64 or size != 8 * len(missing):
            refuse("an extra field of the directory")
        for number, value in zip(missing, long, strict=True):
            whole[number] = value
    return whole


def _names(entries: list[_Entry]) -> list[tuple[str, _Entry]]:
    """Return the entries by their names below the archive's one folder."""
    paths = [entry.path.decode("utf-8", "replace") for entry in entries]
    folder = paths[0].partition("/")[0] if paths else ""
    names = [path.removeprefix(f"{folder}/") for path in paths]
    if any(_OF_A_PROGRAM.fullmatch(path.partition("/")[2]) for path in paths):
        raise CheckpointError(CheckpointFault.PROGRAM)
    if not all(entry.is_stored for entry in entries):
        refuse("a record is compressed or encrypted")
    if not _FOLDER.fullmatch(folder) or folder in (".", ".."):
        refuse(f"the folder {folder[:80]!r}")
    for path, name in zip(paths, names, strict=True):
        if name == path or not _RECORD.fullmatch(name):
            refuse(f"a record called {path[:80]!r}")
    if len(set(names)) != len(names):
        refuse("two records of one name")
    if not {"data.pkl", "version"} <= set(names):
        refuse("no data.pkl")
    return list(zip(names, entries, strict=True))


def _read_record(read_at: ReadAt, name: str, entry: _Entry, offset: int) -> tuple[Record, int]:
    """Return the record whose header is at an offset, and where the next one begins.

    torch's headers leave checksum and sizes to the descriptor after the record, unless that is
    empty. Past 4 GiB the record has an extra field with size and offset, and the descriptor is
    longer.
    """
    if entry.header_offset != offset:
        refuse(f"{name} does not lie behind the record before it")
    head = read_at(offset, _AT_ONCE)
    if len(head) < _LOCAL.size:
        refuse(f"{name} lies behind the end of the file")
    fields = _LOCAL.unpack_from(head)
    signature, _, flags, method, _, _, crc, packed, size, name_size, extra_size = fields
    header_size = _LOCAL.size + name_size + extra_size
    if header_size > len(head):
        head = read_at(offset, header_size)
    path = head[_LOCAL.size : _LOCAL.size + name_size]
    extra = head[_LOCAL.size + name_size : header_size]
    long = [entry.size, 0] if entry.size >= _IN_EXTRA_FIELD else []
    long += [offset] if offset >= _IN_EXTRA_FIELD else []
    in_64_bits = struct.pack(f"<2H{len(long)}Q", _ZIP64, 8 * len(long), *long) if long else b""
    said = (signature, flags, method, crc, packed, size, path)
    if said != (b"PK\x03\x04", entry.flags, 0, 0, 0, 0, entry.path) or not _is_padding(
        extra.removeprefix(in_64_bits)
    ):
        refuse(f"the header of {name} differs from the directory")
    record = Record(name, offset + header_size, entry.size, entry.crc)
    end = record.offset + record.size
    if not flags & _HAS_DESCRIPTOR:
        if (entry.size, entry.crc) != (0, 0):
            refuse(f"the header of {name} differs from the directory")
        return record, end
    repeated = struct.pack(
        "<4sL2Q" if long else "<4sL2L", b"PK\x07\x08", entry.crc, entry.size, entry.size
    )
    if read_at(end, len(repeated)) != repeated:
        refuse(f"what follows {name} differs from the directory")
    return record, end + len(repeated)


def _is_padding(extra: bytes) -> bool:
    """Return whether an extra field is empty or the padding by which torch aligns records."""
    size = len(extra) - 4
    return not extra or (size >= 0 and extra[:4] == struct.pack("<2H", _PADDING, size))
