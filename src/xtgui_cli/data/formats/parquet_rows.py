"""The rows of a parquet file, a few at a time, with a limit on what they unpack to.

A parquet file of 800 bytes can hold one row of 900 MB and claim to be small: pages repeat what a
dictionary has once. So three things are limited: what the file says about itself, what has come out
of it so far, and how much memory the reader may take for the next rows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from ...shared.errors import Exit, XtguiError
from .json_rows import SourceRow
from .opening import Source, open_bytes, too_large, unpacked_limit

MOST_MEMORY = 2 << 30
"""Bytes of address space for reading, beyond what the process already has."""
_BATCH_ROWS = 64
_BUFFER = 1 << 20


def parquet_rows(source: Source) -> Iterator[SourceRow]:
    """Yield the rows of a parquet file.

    Raises:
        XtguiError: "formats.broken_parquet", "formats.too_large", "formats.no_parquet" if pyarrow
            is missing.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise XtguiError("formats.no_parquet", Exit.ENVIRONMENT, path=source.path) from None
    number = 0
    with open_bytes(source) as file:
        try:
            with _limited_memory():
                for batch in _batches(file, source):
                    for value in batch.to_pylist():
                        number += 1
                        yield SourceRow(number, value)
        except MemoryError:
            raise too_large(source.path, MOST_MEMORY) from None
        except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
            raise XtguiError(
                "formats.broken_parquet",
                Exit.ANSWERS,
                path=source.path,
                reason=str(error).partition("\n")[0],
            ) from None


def _batches(file: BinaryIO, source: Source) -> Iterator[Any]:
    import pyarrow.parquet

    limit = unpacked_limit(source.path)
    with pyarrow.parquet.ParquetFile(file, buffer_size=_BUFFER) as table:
        about = table.metadata
        said = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        if said > limit:
            raise too_large(source.path, limit)
        # Python has no value for some times, and no training needs one.
        kept = [
            number
            for number, column in enumerate(table.schema_arrow)
            if not pyarrow.types.is_temporal(column.type)
        ]
        come = 0
        for batch in table.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
            come += batch.nbytes
            if come > limit:
                raise too_large(source.path, limit)
            yield batch.select(kept)


@contextlib.contextmanager
def _limited_memory() -> Iterator[None]:
    """Make an allocation beyond MOST_MEMORY a MemoryError, if the system can (not on a Mac)."""
    try:
        import resource

        import psutil

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = psutil.Process().memory_info().vms + MOST_MEMORY
        others = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min([wanted, *others]), hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
