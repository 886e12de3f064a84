"""The weights of a model folder or an adapter folder, read piece by piece.

It reads safetensors and torch's `.bin`, of which nothing is run.
"""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...shared.errors import Exit, XtguiError
from ...shared.regular_file import open_descriptor, read_json
from ..checkpoint_reader.checkpoint_file import open_checkpoint
from ..checkpoint_reader.stand_ins import Tensor
from .safetensors_header import HeaderError, WeightFault, read_header
from .safetensors_writer import TensorSpec


@dataclass(frozen=True)
class StoredTensor:
    """A tensor in a file that is open as long as its `Weights` are."""

    spec: TensorSpec
    file: Path
    offset: int
    """Bytes from the beginning of the file; the tensor's own follow, in C order."""
    descriptor: int

    def read(self, begin: int, size: int) -> bytearray:
        """Return *size* bytes of the tensor, starting with byte *begin*.

        Raises:
            XtguiError: "convert.weights_cut_off" if the file has been since it was opened.
        """
        content = bytearray(size)
        self.read_into(memoryview(content), begin)
        return content

    def read_into(self, left: memoryview, begin: int) -> None:
        """Fill a buffer with the tensor's bytes, starting with byte *begin*.

        Raises:
            XtguiError: Those of `read`.
        """
        at = self.offset + begin
        while left:
            got = os.preadv(self.descriptor, [left], at)
            if not got:
                raise _damaged(self.file, WeightFault.CUT_OFF)
            at, left = at + got, left[got:]

    def mapped(self) -> mmap.mmap:
        """Return the pages of the file that hold the tensor, from byte `page_offset` on.

        Nothing is copied until a page is used. Only for files that have been read before: one that
        is truncated while it is mapped kills the process, where `read` raises an error.
        """
        return mmap.mmap(
            self.descriptor,
            self.page_offset + self.spec.size,
            access=mmap.ACCESS_COPY,
            offset=self.offset - self.page_offset,
        )

    @property
    def page_offset(self) -> int:
        """Bytes from the beginning of a page of the file to the tensor."""
        return self.offset % mmap.ALLOCATIONGRANULARITY


@dataclass(frozen=True)
class Weights:
    """All tensors of a folder."""

    tensors: Mapping[str, StoredTensor]
    """In the order of the files."""
    checks: Sequence[Callable[[], None]] = ()

    @property
    def size(self) -> int:
        """Total size of the tensors, in bytes."""
        return sum(tensor.spec.size for tensor in self.tensors.values())

    def verify(self) -> None:
        """Compare files that have checksums with them; safetensors files have none.

        Raises:
            CheckpointError: If one is damaged.
        """
        for check in self.checks:
            check()


@contextlib.contextmanager
def open_weights(
    folder: Path, stems: tuple[str, str] = ("model", "pytorch_model")
) -> Iterator[Weights]:
    """Open the weights of a folder, looking for files as transformers does.

    Args:
        folder: The model's, or an adapter's.
        stems: The names of the safetensors file and of the `.bin`, without suffix.

    Raises:
        XtguiError: "convert.weights_missing", or one of `WeightFault`.
        CheckpointError: If something is wrong with a `.bin`, also within the block.
    """
    names = _file_names(folder, *stems)
    with contextlib.ExitStack() as stack:
        tensors: dict[str, StoredTensor] = {}
        checks: list[Callable[[], None]] = []
        for name, expected in names.items():
            path = folder / name
            try:
                if name.endswith(".bin"):
                    found = _open_bin(path, stack, checks)
                else:
                    found = _open_safetensors(path, stack)
            except OSError as error:
                reason = error.strerror or str(error)
                raise XtguiError(
                    "convert.weights_missing", Exit.ANSWERS, file=str(path), reason=reason
                ) from error
            if expected is not None and (lacking := expected - found.keys()):
                raise _damaged(path, WeightFault.LACKING, name=min(lacking)[:80])
            for tensor_name, tensor in found.items():
                if expected is None or tensor_name in expected:
                    tensors[tensor_name] = tensor
        yield Weights(tensors, checks)


def _file_names(folder: Path, stem: str, bin_stem: str) -> dict[str, frozenset[str] | None]:
    """Return the files, and the tensors that an index assigns to them; None: all."""
    for name in (f"{stem}.safetensors", f"{bin_stem}.bin"):
        if (folder / name).is_file():
            return {name: None}
        if (folder / f"{name}.index.json").is_file():
            return _read_index(folder / f"{name}.index.json")
    raise XtguiError(
        "convert.weights_missing", Exit.ANSWERS, file=str(folder / f"{stem}.safetensors"), reason=""
    )


def _read_index(path: Path) -> dict[str, frozenset[str] | None]:
    try:
        weight_map = read_json(path)["weight_map"]
        files: dict[str, list[str]] = {}
        for tensor, file in weight_map.items():
            if Path(file).name != file or not file.endswith((".safetensors", ".bin")):
                raise ValueError(file)
            files.setdefault(file, []).append(tensor)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(path, WeightFault.INDEX) from None
    return {file: frozenset(names) for file, names in sorted(files.items())}


def _open_safetensors(path: Path, stack: contextlib.ExitStack) -> dict[str, StoredTensor]:
    descriptor = open_descriptor(path, os.O_RDONLY)
    stack.callback(os.close, descriptor)

    def read_at(offset: int, size: int) -> bytes:
        return os.pread(descriptor, size, offset)

    try:
        placed = read_header(read_at, os.fstat(descriptor).st_size)
    except HeaderError as error:
        raise _damaged(path, error.fault, **error.data) from None
    return {
        each.spec.name: StoredTensor(each.spec, path, each.offset, descriptor) for each in placed
    }


def _open_bin(
    path: Path, stack: contextlib.ExitStack, checks: list[Callable[[], None]]
) -> dict[str, StoredTensor]:
    file = stack.enter_context(open_checkpoint(path))
    content = file.read()
    checks.append(file.verify)
    if not isinstance(content, dict):
        raise _damaged(path, WeightFault.NONE)
    return {
        name: _stored_in_bin(name, value, path, file.descriptor)
        for name, value in content.items()
        if isinstance(name, str) and isinstance(value, Tensor)
    }


def _stored_in_bin(name: str, tensor: Tensor, path: Path, descriptor: int) -> StoredTensor:
    dtype = tensor.storage.dtype
    if not tensor.is_contiguous:
        raise _damaged(path, WeightFault.SCATTERED, name=name[:80])
    offset = tensor.storage.record.offset + tensor.offset * dtype.itemsize
    return StoredTensor(TensorSpec(name, dtype.name, tensor.shape), path, offset, descriptor)


def _damaged(path: Path, fault: WeightFault, **data: Any) -> XtguiError:
    return XtguiError(fault.value, Exit.ANSWERS, file=str(path), **data)
