"""Conversion of the folders that DeepSpeed writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from checkpoint_files import (
    LORA,
)
from conversions import MODULE, config_of, do_convert, float_bytes, read_tensors, save_base_config
from deepspeed_files import Numbers, save_folder

from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.shared.checkpoint_faults import CheckpointFault
from xtgui_cli.shared.errors import Exit, XtguiError


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return save_base_config(tmp_path / "base")


PARTED: Numbers = {
    f"{LORA}.lora_A.default.weight": ((3, 4), [float(number) for number in range(12)]),
    f"{LORA}.lora_B.default.weight": ((5, 3), [float(number) for number in range(20, 35)]),
}
"""27 numbers: of two processes and of four, none gets whole parameters alone."""


@pytest.mark.parametrize("stage", [1, 2, 3])
@pytest.mark.parametrize("ranks", [1, 2, 4])
def test_the_float32_weights_of_all_processes_are_put_together(
    base: Path, tmp_path: Path, stage: int, ranks: int
) -> None:
    checkpoint, out = tmp_path / "iter_3.pth", tmp_path / "hf"
    save_folder(checkpoint, PARTED, stage, ranks, config_of(base))

    done = do_convert(checkpoint=checkpoint, out=out)
    again = do_convert(checkpoint=checkpoint, out=out)

    assert (done["kind"], done["dtype"], done["reused"]) == ("adapter", "float32", False)
    assert again["reused"]
    assert read_tensors(out / "adapter_model.safetensors") == {
        f"{MODULE}.lora_A.weight": ("F32", [3, 4], float_bytes(*range(12))),
        f"{MODULE}.lora_B.weight": ("F32", [5, 3], float_bytes(*range(20, 35))),
    }


def lose_a_part(folder: Path) -> None:
    (folder / "bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt").unlink()


def split_layers(folder: Path) -> None:
    path = folder / "mp_rank_00_model_states.pt"
    path.with_name("mp_rank_01_model_states.pt").write_bytes(path.read_bytes())


def lose_the_model(folder: Path) -> None:
    (folder / "mp_rank_00_model_states.pt").unlink()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lose_a_part, "convert.deepspeed_parts"),
        (split_layers, "convert.deepspeed_split"),
        (lose_the_model, "convert.deepspeed_folder"),
    ],
)
def test_a_folder_that_is_not_whole_is_named(
    base: Path, tmp_path: Path, spoil: Callable[[Path], None], code: str
) -> None:
    checkpoint = save_folder(tmp_path / "iter_3.pth", PARTED, 2, 2, config_of(base))
    spoil(checkpoint)

    with pytest.raises(XtguiError) as caught:
        do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    assert (caught.value.code, caught.value.exit) == (code, Exit.ANSWERS)
    assert caught.value.data["file"] == str(checkpoint)
    assert {path.name for path in tmp_path.iterdir()} == {"base", "iter_3.pth"}


def test_parts_of_two_checkpoints_do_not_fit_together(base: Path, tmp_path: Path) -> None:
    checkpoint = save_folder(tmp_path / "iter_3.pth", PARTED, 2, 2, config_of(base))
    other = save_folder(tmp_path / "other", {"llm.a": ((2, 2), [0.0] * 4)}, 2, 2)
    name = "bf16_zero_pp_rank_1_mp_rank_00_optim_states.pt"
    (other / name).replace(checkpoint / name)

    with pytest.raises(CheckpointError) as caught:
        do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    assert caught.value.fault == CheckpointFault.ODD


def test_the_part_that_is_damaged_is_the_one_that_is_named(base: Path, tmp_path: Path) -> None:
    checkpoint = save_folder(tmp_path / "iter_3.pth", PARTED, 2, 2, config_of(base))
    part = checkpoint / "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt"
    part.write_bytes(part.read_bytes().replace(float_bytes(5.0), float_bytes(6.0)))

    with pytest.raises(CheckpointError) as caught:
        do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    assert caught.value.fault == CheckpointFault.CHECKSUM
    assert caught.value.data["file"] == str(part)
