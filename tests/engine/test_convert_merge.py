"""Conversion and merge by the real engine: every number kept, faults named, nothing half done."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from made_checkpoints import save_checkpoint
from places import SUPPORT

from xtgui_cli.project.model_card import CardFacts, write_card
from xtgui_cli.runs.engine_session import EngineSession
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.run_folder import RunFolder

pytestmark = pytest.mark.engine

METHODS = ("lora", "qlora", "full")

TrainedRuns = Callable[[str], Any]


# --- convert ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_a_trained_checkpoint_of_each_method_becomes_a_folder_that_works(
    session: EngineSession, trained_runs: TrainedRuns, method: str, tmp_path: Path
) -> None:
    run = trained_runs(method)
    checkpoint = max(run.folder.work_dir.glob("iter_*.pth"))

    done = session.result(
        "convert",
        checkpoint=str(checkpoint),
        out=str(tmp_path / "hf"),
        config=str(run.folder.config_file),
    )

    names = {path.name for path in (tmp_path / "hf").iterdir()}
    assert done["method"] == method
    assert {"tokenizer.json", "tokenizer_config.json"} <= names
    expected = {"model.safetensors", "config.json"}
    adapter = {"adapter_model.safetensors", "adapter_config.json"}
    assert (expected if method == "full" else adapter) <= names


XTUNER = SUPPORT / "xtuner_converter.py"


@pytest.mark.parametrize("method", ["lora", "full"])
def test_every_number_is_that_of_xtuners_own_conversion_before_it_rounds(
    session: EngineSession, trained_runs: TrainedRuns, method: str, tmp_path: Path
) -> None:
    """xtuner makes everything float16; the same is done to ours, and no bit differs."""
    run = trained_runs(method)
    checkpoint = str(max(run.folder.work_dir.glob("iter_*.pth")))
    config = str(run.folder.config_file)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"

    session.result("convert", checkpoint=checkpoint, out=str(ours), config=config, dtype="float32")
    subprocess.run(
        [sys.executable, XTUNER, config, checkpoint, theirs],
        check=True,
        capture_output=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )

    expected, found = weights_in(theirs), weights_in(ours)
    assert expected
    assert set(found) == set(expected)
    for name, tensor in found.items():
        assert tensor.shape == expected[name].shape
        assert (tensor.half() == expected[name]).all(), name


def weights_in(folder: Path) -> dict[str, Any]:
    """Return the tensors of a folder, in whichever form they are."""
    import torch
    from safetensors.torch import load_file

    found: dict[str, Any] = {}
    for file in folder.glob("*model*.safetensors"):
        found |= load_file(file)
    for file in folder.glob("*model*.bin"):
        found |= torch.load(file, weights_only=True)
    return found


def trained_tensors(checkpoint: Path) -> dict[str, Any]:
    """Return what torch itself reads, by the names in the language model."""
    import torch

    state = torch.load(checkpoint, weights_only=False)["state_dict"]
    return {name.removeprefix("llm."): tensor for name, tensor in state.items()}


@pytest.mark.parametrize("method", ["lora", "qlora"])
def test_an_adapter_keeps_every_trained_number(
    converted: dict[str, Path], tiny_model: Path, method: str
) -> None:
    import torch
    from safetensors.torch import load_file

    trained = trained_tensors(converted[method].with_name(f"{method}.pth"))

    written = load_file(converted[method] / "adapter_model.safetensors")

    assert set(written) == {name.replace(".default", "") for name in trained}
    for name, tensor in trained.items():
        assert torch.equal(written[name.replace(".default", "")], tensor)
    config = json.loads((converted[method] / "adapter_config.json").read_text())
    assert (config["r"], config["lora_alpha"]) == (8, 16)
    assert config["base_model_name_or_path"] == str(tiny_model)


def test_a_whole_model_keeps_every_trained_number(converted: dict[str, Path]) -> None:
    import torch
    from safetensors.torch import load_file

    trained = trained_tensors(converted["full"].with_name("full.pth"))

    written = load_file(converted["full"] / "model.safetensors")

    assert set(written) == set(trained)
    assert all(torch.equal(written[name], tensor) for name, tensor in trained.items())


def test_experts_that_are_held_in_one_tensor_get_the_names_of_the_bases_files(
    session: EngineSession, tmp_path: Path
) -> None:
    """transformers 5 has one weight for all experts of a layer; the files name each of them."""
    import torch
    from transformers import AutoModelForCausalLM, Qwen2MoeConfig, Qwen2MoeForCausalLM

    config = Qwen2MoeConfig(
        vocab_size=512,
        hidden_size=32,
        intermediate_size=48,
        moe_intermediate_size=16,
        shared_expert_intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        num_experts=4,
        num_experts_per_tok=2,
    )
    model, base, out = Qwen2MoeForCausalLM(config), tmp_path / "base", tmp_path / "hf"
    model.save_pretrained(base)
    trained = {name: tensor + 1 for name, tensor in model.state_dict().items()}
    state = {f"llm.{name}": tensor for name, tensor in trained.items()}
    torch.save({"state_dict": state, "meta": {}}, tmp_path / "iter_1.pth")

    session.result("convert", checkpoint=str(tmp_path / "iter_1.pth"), out=str(out), base=str(base))

    loaded = AutoModelForCausalLM.from_pretrained(out).state_dict()
    assert set(weights_in(out)) == set(weights_in(base))
    assert set(loaded) == set(trained)
    assert all(torch.equal(loaded[name], tensor) for name, tensor in trained.items())


def test_a_base_of_bin_files_is_one_to_compare_with(
    session: EngineSession, tiny_model: Path, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file

    base = shutil.copytree(tiny_model, tmp_path / "base")
    torch.save(load_file(base / "model.safetensors"), base / "pytorch_model.bin")
    (base / "model.safetensors").unlink()
    checkpoint = save_checkpoint(tmp_path / "iter_1.pth", tiny_model, "full")

    session.result("convert", checkpoint=str(checkpoint), out=str(tmp_path / "hf"), base=str(base))

    found, expected = weights_in(tmp_path / "hf"), trained_tensors(checkpoint)
    assert set(found) == set(expected)
    assert all(torch.equal(found[name], tensor) for name, tensor in expected.items())


def test_converting_again_finds_the_result_and_another_checkpoint_replaces_it(
    session: EngineSession, tiny_model: Path, tmp_path: Path
) -> None:
    request = {"checkpoint": str(tmp_path / "iter_1.pth"), "out": str(tmp_path / "hf")}
    save_checkpoint(tmp_path / "iter_1.pth", tiny_model, "lora", seed=1)

    first = session.result("convert", **request)
    again = session.result("convert", **request)
    save_checkpoint(tmp_path / "iter_1.pth", tiny_model, "lora", seed=2)
    other = session.result("convert", **request)

    assert [first["reused"], again["reused"], other["reused"]] == [False, True, False]


def truncated(path: Path, base: Path) -> None:
    save_checkpoint(path, base, "lora")
    os.truncate(path, path.stat().st_size // 2)


def other_model(path: Path, base: Path) -> None:
    import torch

    torch.save({"state_dict": {"llm.model.norm.weight": torch.zeros(3)}, "meta": {}}, path)


def no_weights(path: Path, base: Path) -> None:
    import torch

    torch.save({"optimizer": {}}, path)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (truncated, "faults.checkpoint_cut_off"),
        (no_weights, "faults.checkpoint_no_weights"),
        (other_model, "convert.other_base"),
        (lambda path, base: path.mkdir(), "convert.deepspeed_folder"),
        (lambda path, base: None, "convert.checkpoint_missing"),
    ],
)
def test_a_bad_checkpoint_is_named_and_leaves_nothing(
    session: EngineSession, tiny_model: Path, tmp_path: Path, spoil: Any, code: str
) -> None:
    path = tmp_path / "iter_3.pth"
    spoil(path, tiny_model)

    with pytest.raises(XtguiError) as caught:
        session.result(
            "convert", checkpoint=str(path), out=str(tmp_path / "hf"), base=str(tiny_model)
        )

    assert (caught.value.code, caught.value.exit) == (code, Exit.ANSWERS)
    assert {entry.name for entry in tmp_path.iterdir()} <= {"iter_3.pth"}


@pytest.mark.parametrize("method", ["lora", "full"])
def test_the_python_code_of_a_card_runs_as_it_stands(
    converted: dict[str, Path], tiny_model: Path, tmp_path: Path, method: str
) -> None:
    made, project = converted[method], RunFolder(tmp_path)
    facts = CardFacts(
        "full" if method == "full" else "adapter", tiny_model, method, tmp_path / "iter_20.pth"
    )
    write_card(made, facts, project)
    card = (made / "README.md").read_text("utf-8")

    done = subprocess.run(
        [sys.executable, "-c", card.partition("```python\n")[2].partition("\n```")[0]],
        check=True,
        capture_output=True,
        cwd=made,
        env=os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
    )

    assert done.stdout.strip()


# --- merge -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["lora", "qlora"])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_merged_model_finds_the_tokens_that_base_and_adapter_find(
    session: EngineSession,
    converted: dict[str, Path],
    tiny_model: Path,
    tmp_path: Path,
    method: str,
    dtype: str,
) -> None:
    done = session.result(
        "merge",
        adapter=str(converted[method]),
        base=str(tiny_model),
        out=str(tmp_path / "merged"),
        dtype=dtype,
    )

    assert done["tokens"] >= 200
    assert done["same"] >= 0.99 * done["tokens"]


def test_merging_again_finds_the_result_with_its_proof(
    session: EngineSession, converted: dict[str, Path], tiny_model: Path, tmp_path: Path
) -> None:
    request = {
        "adapter": str(converted["lora"]),
        "base": str(tiny_model),
        "out": str(tmp_path / "m"),
    }

    first = session.result("merge", **request)
    again = session.result("merge", **request)

    assert again == {**first, "id": again["id"], "reused": True}


def test_a_diverged_adapter_is_refused(
    session: EngineSession, tiny_model: Path, tmp_path: Path
) -> None:
    import torch

    path = save_checkpoint(tmp_path / "iter_1.pth", tiny_model, "lora")
    content = torch.load(path, weights_only=False)
    next(iter(content["state_dict"].values()))[0, 0] = float("nan")
    torch.save(content, path)
    session.result("convert", checkpoint=str(path), out=str(tmp_path / "hf"))

    with pytest.raises(XtguiError) as caught:
        session.result(
            "merge", adapter=str(tmp_path / "hf"), base=str(tiny_model), out=str(tmp_path / "m")
        )

    assert caught.value.code == "convert.not_finite"
    assert not (tmp_path / "m").exists()
