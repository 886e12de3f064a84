"""The weights in a DeepSpeed checkpoint: a folder of files, one or two per process.

The processes hold the weights in float32, each a part of them, with the optimizer's state. ZeRO 1
and 2 concatenate the parameters of a group and cut the result into as many stretches as there are
processes; ZeRO 3 cuts each parameter. If nothing is cut, the weights are with the model.

Source: deepspeed/utils/zero_to_fp32.py of 0.12 to 0.19; compared with folders that 0.19.8 wrote.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..shared.errors import Exit, XtguiError
from .checkpoint_reader.checkpoint_file import CheckpointFile, open_checkpoint
from .checkpoint_reader.errors import refuse
from .checkpoint_reader.stand_ins import Tensor
from .checkpoint_reader.tree import value_at
from .trained_tensor import Part, TrainedTensor, cut

_MODEL = re.compile(r"(?:zero_pp_rank_0_)?mp_rank_(\d+)_model_states\.pt")
_OPTIMIZER = re.compile(r"(?:bf16_)?zero_pp_rank_(\d+)_mp_rank_00_optim_states\.pt")

States = list[tuple[CheckpointFile, Any]]
"""Files of the processes, each with its optimizer's state."""
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Folder:
    """An open DeepSpeed checkpoint."""

    tensors: dict[str, TrainedTensor]
    """By name in xtuner's model."""
    content: Any
    """Everything but the weights."""
    files: dict[Path, CheckpointFile]


def read_folder(folder: Path, stack: ExitStack) -> Folder:
    """Open a DeepSpeed checkpoint without reading its weights.

    Args:
        folder: The checkpoint.
        stack: Closes the files.

    Raises:
        XtguiError: "convert.deepspeed_folder" if it is not such a folder, "convert.deepspeed_parts"
            if files are missing, "convert.deepspeed_split" if layers are cut as well.
        CheckpointError: If something is wrong with the files.
    """
    names = sorted(path.name for path in folder.iterdir())
    models = [name for name in names if _MODEL.fullmatch(name)]
    if not models:
        raise XtguiError("convert.deepspeed_folder", Exit.ANSWERS, file=str(folder))
    if len(models) > 1:
        raise XtguiError("convert.deepspeed_split", Exit.ANSWERS, file=str(folder))
    matches = [match for match in map(_OPTIMIZER.fullmatch, names) if match]
    optimizers = [match[0] for match in sorted(matches, key=lambda match: int(match[1]))]
    files = {folder / name: stack.enter_context(open_checkpoint(folder / name)) for name in models}
    (file,) = files.values()
    model = file.read()
    tensors = _whole(file, value_at(model, "module"))
    states = []
    for name in optimizers:
        files[folder / name] = file = stack.enter_context(open_checkpoint(folder / name))
        states.append((file, value_at(file.read(), "optimizer_state_dict")))
    if states:
        _require_all(folder, states)
        trained = dict(_put_together(states, value_at(model, "param_shapes")))
        tensors = {**_buffers(model, tensors), **trained}
    shared = value_at(model, "shared_params")
    for name, source in (shared if isinstance(shared, dict) else {}).items():
        if source in tensors:
            tensors[name] = tensors[source]
    return Folder(tensors, model, files)


def _buffers(model: Any, module: dict[str, TrainedTensor]) -> dict[str, TrainedTensor]:
    names = value_at(model, "buffer_names")
    names = names if isinstance(names, list) else []
    return {name: module[name] for name in names if name in module}


def _whole(file: CheckpointFile, module: Any) -> dict[str, TrainedTensor]:
    return {
        name: TrainedTensor(tensor.shape, (Part(file, tensor),))
        for name, tensor in (module if isinstance(module, dict) else {}).items()
        if isinstance(name, str) and isinstance(tensor, Tensor)
    }


def _require_all(folder: Path, states: States) -> None:
    said = value_at(states[0][1], "partition_count")
    counts = said if isinstance(said, list) and said else [said]
    wanted = max(count if isinstance(count, int) else 0 for count in counts)
    if wanted != len(states):
        raise XtguiError(
            "convert.deepspeed_parts",
            Exit.ANSWERS,
            file=str(folder),
            wanted=wanted,
            found=len(states),
        )


def _put_together(states: States, said: Any) -> Iterator[tuple[str, TrainedTensor]]:
    """Yield the parameters of all groups."""
    groups: list[Shapes] = [_shapes(one) for one in (said if isinstance(said, list) else [said])]
    try:
        if value_at(states[0][1], "zero_stage") == 3:
            vectors = [_vectors(file, state, "fp32_flat_groups") for file, state in states]
            yield from _from_cut_parameters(vectors, groups)
            return
        names = "single_partition_of_fp32_groups"
        vectors = [_vectors(file, state, names) for file, state in states]
        paddings = value_at(states[0][1], "param_alignment_paddings")
        for number, group in enumerate(groups):
            stretches = [rank[number] for rank in vectors]
            padding = paddings[number] if isinstance(paddings, list) else [0] * len(group)
            yield from _from_stretches(stretches, group, padding)
    except (IndexError, ValueError, TypeError):
        refuse("the parts of a DeepSpeed checkpoint do not fit together")


def _from_stretches(
    stretches: list[Part], shapes: Shapes, paddings: Sequence[int]
) -> Iterator[tuple[str, TrainedTensor]]:
    """Yield parameters from concatenated stretches, whichever process holds them."""
    begin = 0
    for (name, shape), padding in zip(shapes.items(), paddings, strict=True):
        count = math.prod(shape)
        yield name, TrainedTensor(shape, cut(stretches, begin, count))
        begin += count + max(padding, 0)


def _from_cut_parameters(
    vectors: list[list[Part]], groups: list[Shapes]
) -> Iterator[tuple[str, TrainedTensor]]:
    """Yield parameters of which each process holds a part, the last parts padded."""
    begin = 0
    for name, shape in (item for group in groups for item in group.items()):
        count = math.prod(shape)
        share = -(-count // len(vectors))
        parts: list[Part] = []
        for rank, vector in enumerate(vectors):
            own = min(share, max(0, count - rank * share))
            parts += cut(vector, begin, own)
        yield name, TrainedTensor(shape, tuple(parts))
        begin += share


def _shapes(group: Any) -> dict[str, tuple[int, ...]]:
    shapes = dict(group) if isinstance(group, dict) else {}
    for shape in shapes.values():
        sizes = shape if isinstance(shape, tuple) else (None,)
        if not all(type(size) is int and size > 0 for size in sizes):
            refuse("the shapes of a DeepSpeed checkpoint")
    return shapes


def _vectors(file: CheckpointFile, state: Any, name: str) -> list[Part]:
    said = value_at(state, name)
    for vector in said if isinstance(said, list) else [None]:
        if not isinstance(vector, Tensor) or len(vector.shape) != 1 or not vector.is_contiguous:
            refuse(f"{name} of a DeepSpeed checkpoint")
    return [Part(file, vector) for vector in said]
