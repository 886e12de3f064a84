"""Conversion without torch: every byte as it was trained, in the form that Hugging Face has."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from checkpoint_files import (
    LORA,
    STORAGES,
    checkpoint_content,
    ordered,
    small_checkpoint,
    tensor,
    torch_file,
)
from conversions import MODULE, config_of, do_convert, float_bytes, read_tensors, save_base_config
from written_weights import write_weights

from xtgui_cli.engine.weights.safetensors_writer import TensorSpec, plan_shards
from xtgui_cli.shared.errors import Exit, XtguiError


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return save_base_config(tmp_path / "base")


def test_an_adapter_has_the_bytes_and_the_names_that_peft_reads(base: Path, tmp_path: Path) -> None:
    checkpoint, out = tmp_path / "iter_20.pth", tmp_path / "hf"
    checkpoint.write_bytes(small_checkpoint(config=config_of(base)))

    done = do_convert(checkpoint=checkpoint, out=out)

    assert done == {
        "out": str(out),
        "base": str(base),
        "kind": "adapter",
        "dtype": "float32",
        "method": "lora",
        "reused": False,
    }
    assert read_tensors(out / "adapter_model.safetensors") == {
        f"{MODULE}.lora_A.weight": ("F32", [2, 4], STORAGES["0"]),
        f"{MODULE}.lora_B.weight": ("F32", [4, 2], STORAGES["1"]),
    }
    config = json.loads((out / "adapter_config.json").read_text())
    assert (config["r"], config["lora_alpha"], config["target_modules"]) == (2, 16, ["q_proj"])
    assert config["base_model_name_or_path"] == str(base)
    assert (out / "tokenizer.json").is_file()


def test_an_adapter_keeps_the_dtype_in_which_it_was_trained(base: Path, tmp_path: Path) -> None:
    content = checkpoint_content(config=config_of(base))
    content["state_dict"] = ordered(
        {
            f"{LORA}.lora_A.default.weight": tensor("4", (2, 4), kind="BFloat16"),
            f"{LORA}.lora_B.default.weight": tensor("5", (4, 2), kind="BFloat16", stride=(1, 4)),
        }
    )
    lora_a, lora_b = struct.pack("<8H", *range(8)), struct.pack("<8H", *range(8))
    checkpoint, out = tmp_path / "iter_20.pth", tmp_path / "hf"
    checkpoint.write_bytes(torch_file(content, {**STORAGES, "4": lora_a, "5": lora_b}))

    done = do_convert(checkpoint=checkpoint, out=out)

    assert done["dtype"] == "bfloat16"
    assert read_tensors(out / "adapter_model.safetensors") == {
        f"{MODULE}.lora_A.weight": ("BF16", [2, 4], lora_a),
        f"{MODULE}.lora_B.weight": ("BF16", [4, 2], struct.pack("<8H", 0, 4, 1, 5, 2, 6, 3, 7)),
    }


def test_a_bias_that_was_trained_as_well_is_named(base: Path, tmp_path: Path) -> None:
    content = checkpoint_content(config=config_of(base))
    content["state_dict"] = ordered(
        {
            f"{LORA}.lora_A.default.weight": tensor("0", (2, 4)),
            f"{LORA}.lora_B.default.weight": tensor("1", (4, 2)),
            f"{LORA}.base_layer.bias": tensor("2", (1,)),
        }
    )
    checkpoint = tmp_path / "iter_20.pth"
    checkpoint.write_bytes(torch_file(content, STORAGES))

    with pytest.raises(XtguiError) as caught:
        do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    assert (caught.value.code, caught.value.exit) == ("convert.adapter_strange", Exit.ANSWERS)
    assert caught.value.data["name"] == f"{MODULE}.base_layer.bias"
    assert not (tmp_path / "hf").exists()


# --- the base of an adapter ----------------------------------------------------------------------

LAYER = f"{MODULE.removeprefix('base_model.model.')}.weight"


@pytest.mark.parametrize("shape", [(4, 4), (1, 9)])
@pytest.mark.parametrize("name", [LAYER, "model.layers.0.mlp.weight", "lm_head.weight"])
def test_an_adapter_fits_a_base_of_its_shapes_or_of_other_names(
    base: Path, tmp_path: Path, name: str, shape: tuple[int, int]
) -> None:
    checkpoint = tmp_path / "iter_20.pth"
    checkpoint.write_bytes(small_checkpoint(config=config_of(base)))
    save_base(base, {name: (4, 4) if name == LAYER else shape})

    do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    assert (tmp_path / "hf" / "adapter_config.json").is_file()


@pytest.mark.parametrize(
    ("name", "shape", "code", "data"),
    [
        (LAYER, (4, 5), "convert.other_base", {"found": "4 × 5", "needed": "4 × 4"}),
        ("model.layers.1.self_attn.q_proj.weight", (4, 4), "convert.other_base_lacks", {}),
    ],
)
def test_an_adapter_of_another_model_is_refused_before_anything_is_written(
    base: Path, tmp_path: Path, name: str, shape: tuple[int, int], code: str, data: dict[str, str]
) -> None:
    checkpoint = tmp_path / "iter_20.pth"
    checkpoint.write_bytes(small_checkpoint(config=config_of(base)))
    save_base(base, {name: shape})

    with pytest.raises(XtguiError) as caught:
        do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    expected = {"base": str(base), "name": LAYER.removesuffix(".weight"), **data}
    assert (caught.value.code, caught.value.data) == (code, expected)
    assert {path.name for path in tmp_path.iterdir()} == {"base", "iter_20.pth"}


def test_a_base_that_has_moved_is_the_one_that_the_last_result_was_made_with(
    base: Path, tmp_path: Path
) -> None:
    checkpoint, out = tmp_path / "iter_20.pth", tmp_path / "hf"
    checkpoint.write_bytes(small_checkpoint(config=config_of(base)))
    moved = base.rename(tmp_path / "moved")

    with pytest.raises(XtguiError) as caught:
        do_convert(checkpoint=checkpoint, out=out)
    do_convert(checkpoint=checkpoint, out=out, base=moved)
    again = do_convert(checkpoint=checkpoint, out=out)

    assert (caught.value.code, caught.value.data) == ("convert.base_missing", {"folder": str(base)})
    assert (again["base"], again["reused"]) == (str(moved), True)


# --- whole models --------------------------------------------------------------------------------


TIED = {
    "llm.model.embed.weight": tensor("10", (4, 2)),
    "llm.model.norm.weight": tensor("11", (2,), elements=3, offset=1),
    "llm.model.steps": tensor("12", (), kind="Long"),
    "llm.lm_head.weight": tensor("10", (4, 2)),
}
"""The output layer is the embedding; what its values become in bfloat16: `SHORT`."""
WHOLE = {
    "10": float_bytes(0, 1, 2, 3, 4, 5, 6, 1 + 2**-8),
    "11": float_bytes(9, 1 + 3 * 2**-8, float("inf")),
    "12": struct.pack("<q", 7),
}
SHORT = {
    "model.embed.weight": (
        "BF16",
        [4, 2],
        struct.pack("<8H", 0, 0x3F80, 0x4000, 0x4040, 0x4080, 0x40A0, 0x40C0, 0x3F80),
    ),
    "model.norm.weight": ("BF16", [2], struct.pack("<2H", 0x3F82, 0x7F80)),
    "model.steps": ("I64", [], struct.pack("<q", 7)),
}
SHAPES: dict[str, tuple[int, ...]] = {
    "model.embed.weight": (4, 2),
    "model.norm.weight": (2,),
    "model.steps": (),
}


def save_base(base: Path, shapes: dict[str, tuple[int, ...]] = SHAPES) -> None:
    tensors = [TensorSpec(name, "bfloat16", shape) for name, shape in shapes.items()]
    write_weights(base, plan_shards(tensors), lambda one: [bytes(one.size)])


def save_whole(path: Path, weights: dict[str, Any], base: Path) -> Path:
    content = checkpoint_content(config=config_of(base).replace("lora=", "other="))
    content["state_dict"] = ordered(weights)
    path.write_bytes(torch_file(content, {**STORAGES, **WHOLE}))
    return path


def test_a_whole_model_has_the_names_of_the_base_in_its_dtype(base: Path, tmp_path: Path) -> None:
    save_base(base)
    (base / "generation_config.json").write_text('{"eos_token_id": 5}')
    (base / "modeling_own.py").write_text("own = 1")
    checkpoint = save_whole(tmp_path / "iter_20.pth", TIED, base)

    done = do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    assert (done["kind"], done["dtype"], done["method"]) == ("model", "bfloat16", "full")
    assert read_tensors(tmp_path / "hf" / "model.safetensors") == SHORT
    assert json.loads((tmp_path / "hf" / "config.json").read_text()) == {"torch_dtype": "bfloat16"}
    for name in ("generation_config.json", "modeling_own.py", "tokenizer.json"):
        assert (tmp_path / "hf" / name).read_bytes() == (base / name).read_bytes()


def test_a_whole_model_in_the_dtype_that_was_asked_for(base: Path, tmp_path: Path) -> None:
    save_base(base)
    (base / "config.json").write_text('{"dtype": "bfloat16", "text_config": {"dtype": "bfloat16"}}')
    checkpoint = save_whole(tmp_path / "iter_20.pth", TIED, base)

    do_convert(checkpoint=checkpoint, out=tmp_path / "hf", dtype="float32")

    found = read_tensors(tmp_path / "hf" / "model.safetensors")
    assert found["model.embed.weight"] == ("F32", [4, 2], WHOLE["10"])
    config = json.loads((tmp_path / "hf" / "config.json").read_text())
    assert config == {"dtype": "float32", "text_config": {"dtype": "float32"}}


def test_an_output_layer_that_the_base_holds_beside_the_embedding_is_held(
    base: Path, tmp_path: Path
) -> None:
    save_base(base, {**SHAPES, "lm_head.weight": (4, 2)})
    checkpoint = save_whole(tmp_path / "iter_20.pth", TIED, base)

    do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    found = read_tensors(tmp_path / "hf" / "model.safetensors")
    assert found == {**SHORT, "lm_head.weight": SHORT["model.embed.weight"]}


def test_a_checkpoint_of_a_base_with_other_shapes_is_refused_before_anything_is_written(
    base: Path, tmp_path: Path
) -> None:
    save_base(base, {**SHAPES, "model.norm.weight": (3,)})
    checkpoint = save_whole(tmp_path / "iter_20.pth", TIED, base)

    with pytest.raises(XtguiError) as caught:
        do_convert(checkpoint=checkpoint, out=tmp_path / "hf")

    assert (caught.value.code, caught.value.exit) == ("convert.other_base", Exit.ANSWERS)
    assert caught.value.data == {
        "base": str(base),
        "name": "model.norm.weight",
        "found": "3",
        "needed": "2",
    }
    assert {path.name for path in tmp_path.iterdir()} == {"base", "iter_20.pth"}


@pytest.mark.parametrize("kind", ["adapter", "model"])
def test_no_library_is_loaded(kind: str, base: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "iter_20.pth"
    save_base(base)
    save_whole(checkpoint, TIED, base)
    if kind == "adapter":
        checkpoint.write_bytes(small_checkpoint(config=config_of(base)))
    allowed = ["numpy"] if kind == "model" else []
    code = (
        "import sys, threading\n"
        "from xtgui_cli.engine import convert, serve\n"
        "request = dict(zip(('checkpoint', 'out'), sys.argv[1:]))\n"
        "convert.run(request, serve.Reply(lambda _: None, threading.Event()))\n"
        "print([name for name in ('torch', 'transformers', 'peft', 'safetensors', 'numpy')"
        " if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, checkpoint, tmp_path / "hf"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"{allowed}\n"
    assert len(list((tmp_path / "hf").glob("*model.safetensors"))) == 1
