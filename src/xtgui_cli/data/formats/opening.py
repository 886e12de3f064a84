"""Opens a data file as bytes or text: decompresses gz, detects the encoding, limits sizes."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from ...shared.errors import Exit, XtguiError
from ...shared.regular_file import open_regular
from ..errors import (
    BinaryFileError,
    FaultyDataError,
    NotDataError,
    OtherFileTypeError,
    explained,
)

MAX_LINE = 16 << 20
"""Characters of one line, one JSON value or one cell."""
FREE_UNPACKED = 256 << 20
MAX_UNPACKING = 100
"""A packed file may become this many times larger, beyond the first FREE_UNPACKED bytes. JSON of
conversations compresses 3 to 20 times; a gz bomb about 1,000 times."""
_CHUNK = 1 << 20
_GZIP = b"\x1f\x8b"
_PARQUET = b"PAR1"
_OTHERS = (
    (b"PK\x03\x04", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bzip2"),
    (b"ARROW1", "arrow"),
    (b"SQLite format 3", "sqlite"),
)
_NO_DATA_AT_ALL = (
    (b"<!doctype html", "formats.web_page"),
    (b"<html", "formats.web_page"),
    (b"version https://", "formats.lfs_pointer"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHOWN = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (BOM)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "gb18030": "GB18030",
}


@dataclass(frozen=True)
class Source:
    """A file and how to open it."""

    path: Path
    is_gzip: bool
    is_parquet: bool
    encoding: str
    """Python's name; empty for parquet."""

    @property
    def encoding_name(self) -> str:
        """The encoding as people write it; "-" for parquet."""
        return _SHOWN.get(self.encoding, "-")


def examine(path: Path) -> Source:
    """Find out how to open a file; reads it once, in pieces.

    Raises:
        FaultyDataError: If it cannot be read or decoded.
        NotDataError: If it is of a known type that is not data.
        BinaryFileError: If it is of an unknown type.
        XtguiError: "formats.broken_gz", "formats.too_large".
    """
    with _faults(path):
        with open_regular(path) as file:
            start = file.read(16)
        is_gzip = start.startswith(_GZIP)
        with _open(path, is_gzip=is_gzip) as file:
            start = file.read(16)
            for mark, kind in _OTHERS:
                if start.startswith(mark):
                    raise OtherFileTypeError("formats.not_data", Exit.ANSWERS, path=path, kind=kind)
            for mark, code in _NO_DATA_AT_ALL:
                if start.lower().startswith(mark):
                    raise NotDataError(code, Exit.ANSWERS, path=path)
            if start.startswith(_PARQUET):
                return Source(path, is_gzip, is_parquet=True, encoding="")
            file.seek(0)
            return Source(path, is_gzip, is_parquet=False, encoding=_encoding(path, file))


@contextmanager
def open_bytes(source: Source) -> Iterator[BinaryIO]:
    """Open a file as decompressed bytes; errors of reading become XtguiError."""
    with _faults(source.path), _open(source.path, is_gzip=source.is_gzip) as file:
        yield file


@contextmanager
def open_text(source: Source) -> Iterator[TextIO]:
    """Open a file as text; newlines are as they are in the file."""
    with open_bytes(source) as file:
        yield io.TextIOWrapper(file, source.encoding, newline="")


def lines(text: TextIO) -> Iterator[str]:
    r"""Yield the lines of a text with their ends (\n or \r\n).

    Raises:
        LineTooLongError: If a line has more than MAX_LINE characters.
    """
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise LineTooLongError
        yield line


def unpacked_limit(path: Path) -> int:
    """Return how many bytes a packed file may become."""
    return max(FREE_UNPACKED, path.stat().st_size * MAX_UNPACKING)


def too_large(path: Path, limit: int) -> XtguiError:
    """Return the error for a file that unpacks to more than *limit* bytes."""
    return XtguiError("formats.too_large", Exit.ANSWERS, path=path, limit_gib=limit / 2**30)


class LineTooLongError(Exception):
    """A line, a JSON value or a cell has more than MAX_LINE characters."""


class _Limited(io.RawIOBase):
    """Passes bytes on, up to a limit."""

    def __init__(self, file: BinaryIO | gzip.GzipFile, limit: int, path: Path) -> None:
        self._file, self._limit, self._path = file, limit, path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        content = self._file.read(len(view))
        view[: len(content)] = content
        if self._file.tell() > self._limit:
            raise too_large(self._path, self._limit)
        return len(content)

    def close(self) -> None:
        self._file.close()
        super().close()


def _open(path: Path, *, is_gzip: bool) -> BinaryIO:
    if not is_gzip:
        return open_regular(path)
    limit = unpacked_limit(path)
    return io.BufferedReader(_Limited(gzip.open(path, "rb"), limit, path), _CHUNK)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    with explained(path):
        try:
            yield
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            reason = str(error)
            raise XtguiError("formats.broken_gz", Exit.ANSWERS, path=path, reason=reason) from None
        except UnicodeDecodeError:
            raise FaultyDataError("formats.encoding", Exit.ANSWERS, path=path, line="?") from None


# --- encodings -----------------------------------------------------------------------------------


def _encoding(path: Path, file: BinaryIO) -> str:
    head = file.read(_CHUNK)
    named = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    if named is None and b"\0" in head:
        named = _utf16_without_mark(head)
        if named is None:
            raise BinaryFileError("formats.binary", Exit.ANSWERS, path=path)
    fault = _first_fault(file, named or "utf-8")
    if fault is None:
        return named or "utf-8"
    if named is None and not fault.is_mostly_utf8 and _first_fault(file, "gb18030") is None:
        return "gb18030"
    raise FaultyDataError("formats.encoding", Exit.ANSWERS, path=path, line=fault.line)


def _utf16_without_mark(head: bytes) -> str | None:
    """Detect UTF-16 by the positions of the zero bytes in its ASCII characters."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


@dataclass(frozen=True)
class _Fault:
    line: int
    is_mostly_utf8: bool
    """The text around it is UTF-8 with a few broken bytes, not another encoding. Bytes of GB18030
    are hardly ever valid UTF-8, so the valid characters outnumber the broken ones."""


def _first_fault(file: BinaryIO, encoding: str) -> _Fault | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    line = 1
    while True:
        chunk = file.read(_CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line += chunk.count(b"\n", 0, error.start)
            around = error.object.decode("utf-8", "replace")
            beyond_ascii = sum(character > "\x7f" for character in around)
            return _Fault(line, around.count("�") * 4 < beyond_ascii)
        if not chunk:
            return None
        line += chunk.count(b"\n")
