"""Newer kinds of models, tiny and random: each trains, converts, merges and chats.

One process imports everything and forks for each training; one other serves all the rest.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny
from small_models import NO_EXPERTS, SIZES, SIZES_OF
from training_runs import NewRun, TrainingRun

from xtgui_cli.models.model_family import stack_of
from xtgui_cli.models.model_folder import check_model
from xtgui_cli.runs.engine_session import EngineSession
from xtgui_cli.shared.packing import KEEPS_PACKS_APART

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("newer_models")]

STATE_SPACE = {"mamba_n_heads": 8, "mamba_d_head": 16, "mamba_d_state": 16, "mamba_chunk_size": 16}
PLAIN = (
    *("apertus", "ernie4_5", "gemma3_text", "glm4", "granite", "granitemoehybrid"),
    *("hunyuan_v1_dense", "internlm3", "minicpm3", "olmo3", "phi3", "qwen3", "seed_oss"),
    *("smollm3", "youtu"),
)
"""Model types of transformers."""
HYBRID: dict[str, dict[str, Any]] = {
    "falcon_h1": STATE_SPACE | {"mamba_d_ssm": 128},
    "granitemoehybrid": NO_EXPERTS | STATE_SPACE | {"layer_types": ["mamba", "attention"]},
    "lfm2": {"layer_types": ["conv", "full_attention"], "block_auto_adjust_ff_dim": False},
    "qwen3_5": {"layer_types": ["linear_attention", "full_attention"]},
}
LINEAR_ATTENTION = {
    "linear_key_head_dim": 16,
    "linear_value_head_dim": 16,
    "linear_num_key_heads": 2,
    "linear_num_value_heads": 2,
}
VISION = {
    "depth": 1,
    "hidden_size": 32,
    "intermediate_size": 32,
    "num_heads": 2,
    "out_hidden_size": 64,
    "num_position_embeddings": 16,
}


def save(folder: Path, model_type: str, sizes: dict[str, Any]) -> Path:
    """Write a tiny random model of a type, as a repository of it would be."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText

    folder.mkdir(parents=True)
    tiny.save_tokenizer(folder)
    facts = {**SIZES, "vocab_size": tiny.VOCABULARY, **sizes}
    facts = {name: value for name, value in facts.items() if value is not None}
    torch.manual_seed(0)
    if model_type == "qwen3_5":  # published with what sees
        config = AutoConfig.for_model(
            model_type, text_config=facts | LINEAR_ATTENTION, vision_config=VISION
        )
        model = AutoModelForImageTextToText.from_config(config)
    else:
        model = AutoModelForCausalLM.from_config(AutoConfig.for_model(model_type, **facts))
    model.float().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineSession]:
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    log = tmp_path_factory.mktemp("serve") / "engine.log"
    with EngineSession(Path(sys.executable), log, environment) as session:
        yield session


@pytest.fixture(scope="module")
def some_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_data(tmp_path_factory.mktemp("data") / "rows.jsonl", rows=40)


Trip = Callable[..., tuple[TrainingRun, dict[str, Any], set[str]]]


@pytest.fixture
def trip(session: EngineSession, new_run: NewRun, some_rows: Path, tmp_path: Path) -> Trip:
    """Return a function that takes a model all the way, and the names of its adapted layers."""

    def go(base: Path, *, packs: bool) -> tuple[TrainingRun, dict[str, Any], set[str]]:
        run = new_run(
            "lora",
            pretrained_model_name_or_path=str(base),
            data_path=str(some_rows),
            pack_to_max_length=packs,
            accumulative_counts=1,
            evaluation_inputs=[],
        )
        run.train()
        checkpoint = max(run.folder.work_dir.glob("iter_*.pth"))
        adapter, merged = str(tmp_path / "hf"), str(tmp_path / "merged")
        config = str(run.folder.config_file)
        session.result("convert", checkpoint=str(checkpoint), out=adapter, config=config)
        proof = session.result("merge", adapter=adapter, base=str(base), out=merged, config=config)
        answers = []
        for loaded in ({"base": str(base), "adapter": adapter}, {"tuned": merged}):
            session.result("load", template="qwen_chat", **loaded)
            answers.append(
                session.result(
                    "generate",
                    which="tuned",
                    conversation=[{"input": "Who is number 3?", "output": None}],
                    system="",
                    settings={"temperature": 0, "max_new_tokens": 6},
                )["tokens"]
            )
        assert all(answers)
        return run, proof, _adapted(Path(adapter))

    return go


def _adapted(adapter: Path) -> set[str]:
    from safetensors import safe_open

    with safe_open(adapter / "adapter_model.safetensors", "pt") as file:
        names = {name.partition(".lora_")[0] for name in file.keys()}  # noqa: SIM118 (no mapping)
    return {name.removeprefix("base_model.model.") for name in names}


@pytest.mark.parametrize("model_type", PLAIN)
def test_a_plain_model_trains_converts_merges_and_chats(
    model_type: str, trip: Trip, tmp_path: Path
) -> None:
    base = save(tmp_path / "base", model_type, SIZES_OF.get(model_type, {}))

    run, proof, adapted = trip(base, packs=model_type in KEEPS_PACKS_APART)

    assert check_model(base).is_hybrid is False
    assert (proof["of"], proof["same"]) == ("answers", proof["tokens"])
    assert all(name.startswith("model.layers.") for name in adapted)
    assert run.events("end")[-1]["status"] == "finished"


@pytest.mark.parametrize(
    ("model_type", "name"), [("phi3", "Phi3ForCausalLM"), ("minicpm3", "MiniCPM3ForCausalLM")]
)
def test_code_that_transformers_has_by_now_is_not_run(
    model_type: str, name: str, trip: Trip, tmp_path: Path
) -> None:
    base = save(tmp_path / "base", model_type, SIZES_OF.get(model_type, {}))
    config = json.loads((base / "config.json").read_text())
    config["auto_map"] = {
        "AutoConfig": f"modeling_own.{name.replace('ForCausalLM', 'Config')}",
        "AutoModelForCausalLM": f"modeling_own.{name}",
    }
    (base / "config.json").write_text(json.dumps(config))
    (base / "modeling_own.py").write_text("raise SystemExit('it ran')\n")

    run, proof, _ = trip(base, packs=False)

    info = check_model(base)
    assert (info.needs_remote_code, stack_of(info)) == (False, "modern")
    assert (proof["of"], proof["same"]) == ("answers", proof["tokens"])
    assert run.events("end")[-1]["status"] == "finished"


@pytest.mark.parametrize("model_type", HYBRID)
def test_a_hybrid_trains_converts_merges_and_chats_without_packing(
    model_type: str, trip: Trip, tmp_path: Path
) -> None:
    base = save(tmp_path / "base", model_type, HYBRID[model_type])

    _, proof, adapted = trip(base, packs=False)

    assert check_model(base).is_hybrid
    assert model_type not in KEEPS_PACKS_APART
    assert (proof["of"], proof["same"]) == ("answers", proof["tokens"])
    assert all(name.startswith("model.layers.") for name in adapted)
    is_state_space = "mamba_d_state" in HYBRID[model_type]
    assert any(name.endswith("mamba.in_proj") for name in adapted) == is_state_space
    assert not any(name.endswith("mamba.out_proj") for name in adapted)


def test_what_sees_is_left_out_where_a_config_of_ones_own_loads_it() -> None:
    import torch
    from transformers import AutoConfig, AutoModelForImageTextToText

    from xtgui_cli.engine.lora_targets import in_language_model

    text = {**SIZES, "vocab_size": 512, **LINEAR_ATTENTION, **HYBRID["qwen3_5"]}
    config = AutoConfig.for_model("qwen3_5", text_config=text, vision_config=VISION)
    model = AutoModelForImageTextToText.from_config(config)
    linears = {n for n, m in model.named_modules() if isinstance(m, torch.nn.Linear)}

    targets = in_language_model(lambda _: [n.rpartition(".")[2] for n in linears])(model)

    taken = {n for n in linears for t in targets if n == t or n.endswith(f".{t}")}
    assert {n for n in linears if ".visual." in n}
    assert taken == {n for n in linears if ".language_model." in n or n == "lm_head"}
    assert json.dumps(targets)
