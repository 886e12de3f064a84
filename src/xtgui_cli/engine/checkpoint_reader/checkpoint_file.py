"""An open checkpoint: what was checked is what is read, whatever happens to its path meanwhile."""

from __future__ import annotations

import contextlib
import mmap
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ...shared.checkpoint_faults import CheckpointFault
from .errors import CheckpointError, refuse
from .interpreter import interpret
from .stand_ins import Tensor
from .tree import check_tree
from .zip_layout import Record, read_records

LARGEST_PICKLE = 64 << 20
"""Bytes of data.pkl. mmengine keeps every logged value in it: about 110 bytes an iteration, so that
16 MiB are full after 150,000. An adapter of all experts of a large model takes some 40 MiB."""
_AT_ONCE = 1 << 20
_PIECE = 8 << 20
_THREADS, _PARTS = 4, 16
"""zlib lets other threads run, and a disk delivers more to several readers."""

_verified: set[tuple[int, ...]] = set()
"""The `CheckpointFile.identity` of files whose checksums this process has verified."""


class CheckpointFile:
    """A checkpoint, open for reading; made by `open_checkpoint`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        about = os.fstat(descriptor)
        if stat.S_ISDIR(about.st_mode):
            raise IsADirectoryError
        if not stat.S_ISREG(about.st_mode):
            raise CheckpointError(CheckpointFault.FOREIGN)
        self.size = about.st_size
        self.identity = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns)
        """The same for as long as nobody has changed the file."""
        self.changed_ns = about.st_mtime_ns
        self.records: Mapping[str, Record] = read_records(self._read_at, self.size)

    @property
    def descriptor(self) -> int:
        """The open file, for reading tensors at their records."""
        return self._descriptor

    def read(self) -> Any:
        """Return what the file holds, as a tree of containers, plain values and stand-ins.

        Tensors are not read: their bytes are in `map`, at the offsets of their records.

        Raises:
            CheckpointError: CHECKSUM, UNSAFE or ODD.
        """
        if "byteorder" in self.records and self._content("byteorder", 16) != b"little":
            refuse("bytes in big-endian order")
        content = interpret(self._content("data.pkl", LARGEST_PICKLE), self.records)
        check_tree(content)
        return content

    def verify(self, *, is_alone: bool = True) -> None:
        """Compare every record with its stored checksum, once per process.

        Args:
            is_alone: Whether several threads may read and compute, since nothing else does.

        Raises:
            CheckpointError: CHECKSUM with the first record that does not match.
        """
        if self.identity in _verified:
            return
        records = list(self.records.values())
        damaged = self._find_side_by_side(records) if is_alone else self._find_damaged(records)
        if damaged is not None:
            raise CheckpointError(CheckpointFault.CHECKSUM, record=damaged.name)
        _verified.add(self.identity)

    def pieces(self, tensor: Tensor) -> Iterator[bytes]:
        """Yield the bytes of a tensor's elements, in C order, some megabytes at a time.

        Raises:
            CheckpointError: CUT_OFF if the file has been cut since it was opened.
        """
        itemsize = tensor.storage.dtype.itemsize
        begin = tensor.storage.record.offset + tensor.offset * itemsize
        if tensor.is_contiguous:
            end = begin + tensor.count * itemsize
            for offset in range(begin, end, _PIECE):
                yield self._read_whole(offset, min(_PIECE, end - offset))
        else:
            yield _in_c_order(self._read_whole(begin, tensor.span * itemsize), tensor)

    def map(self) -> mmap.mmap:
        """Map the file into memory; writes reach neither the file nor other processes."""
        return mmap.mmap(self._descriptor, self.size, access=mmap.ACCESS_COPY)

    def _content(self, name: str, limit: int) -> bytes:
        record = self.records[name]
        if record.size > limit:
            refuse(f"{name} takes {record.size} bytes")
        content = self._read_at(record.offset, record.size)
        if zlib.crc32(content) != record.crc:
            raise CheckpointError(CheckpointFault.CHECKSUM, record=name)
        return content

    def _find_side_by_side(self, records: Sequence[Record]) -> Record | None:
        size = -(-len(records) // _PARTS)
        parts = [records[begin : begin + size] for begin in range(0, len(records), size)]
        with ThreadPoolExecutor(_THREADS) as pool:
            for damaged in pool.map(self._find_damaged, parts):
                if damaged is not None:
                    pool.shutdown(cancel_futures=True)
                    return damaged
        return None

    def _find_damaged(self, records: Sequence[Record]) -> Record | None:
        buffer = memoryview(bytearray(_AT_ONCE))
        return next((one for one in records if self._crc(one, buffer) != one.crc), None)

    def _crc(self, record: Record, buffer: memoryview) -> int:
        crc, offset, left = 0, record.offset, record.size
        while left:
            got = os.preadv(self._descriptor, [buffer[:left]], offset)
            if not got:  # it has been cut meanwhile
                raise CheckpointError(CheckpointFault.CUT_OFF)
            crc = zlib.crc32(buffer[:got], crc)
            offset, left = offset + got, left - got
        return crc

    def _read_whole(self, offset: int, size: int) -> bytes:
        content = self._read_at(offset, size)
        if len(content) != size:
            raise CheckpointError(CheckpointFault.CUT_OFF)
        return content

    def _read_at(self, offset: int, size: int) -> bytes:
        """Return the bytes at an offset, fewer if the file ends before."""
        content = os.pread(self._descriptor, size, offset)
        while len(content) < size:  # the system gives 2 GiB at most
            part = os.pread(self._descriptor, size - len(content), offset + len(content))
            if not part:
                break
            content += part
        return content


def _in_c_order(content: bytes, tensor: Tensor) -> bytes:
    """Return the elements of a view in C order, given its storage from first to last one."""
    import numpy  # a checkpoint's own tensors are contiguous, so it is hardly ever needed

    itemsize = tensor.storage.dtype.itemsize
    elements = numpy.frombuffer(content, f"V{itemsize}")
    strides = [step * itemsize for step in tensor.stride]
    return numpy.lib.stride_tricks.as_strided(elements, tensor.shape, strides).tobytes()


@contextlib.contextmanager
def open_checkpoint(path: Path) -> Iterator[CheckpointFile]:
    """Open a file that torch.save wrote.

    Raises:
        CheckpointError: If something is wrong with it, also within the block, with `file` in its
            data.
        OSError: If there is no such file, or it is a folder (IsADirectoryError).
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a FIFO would wait
    try:
        yield CheckpointFile(descriptor)
    except CheckpointError as error:
        error.data.setdefault("file", str(path))
        raise
    finally:
        os.close(descriptor)


def require_intact(path: Path, require: Callable[[Any], object]) -> None:
    """Raise an error unless a file is intact and holds what is needed.

    Args:
        path: The checkpoint.
        require: Raises CheckpointError if the content is of no use.

    Raises:
        CheckpointError: If something is wrong with it.
        OSError: If it cannot be opened.
    """
    with open_checkpoint(path) as file:
        require(file.read())
        file.verify()
