"""From a checkpoint to a chat, through one engine that serves; the tiny model, on any CPU."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from checkpoints import save_checkpoint

from xtgui_cli.engine.merge import TOLERANCES
from xtgui_cli.runs.engine_session import EngineSession
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.templates import Encoder, Turn, all_templates, encode_conversation

pytestmark = pytest.mark.engine

METHODS = ("lora", "qlora", "full")
QUESTION = [{"input": "Who are you? 你是谁？", "output": None}]
GREEDY = {"temperature": 0, "max_new_tokens": 24}

TrainedRuns = Callable[[str], Any]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineSession]:
    environment = dict(os.environ, OMP_NUM_THREADS="1")
    log = tmp_path_factory.mktemp("serve") / "engine.log"
    with EngineSession(Path(sys.executable), log, environment) as session:
        yield session


@pytest.fixture(scope="module")
def converted(
    session: EngineSession, tiny_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A converted folder for each method, made from checkpoints with loud random weights."""
    folder = tmp_path_factory.mktemp("converted")
    made = {}
    for method in METHODS:
        checkpoint = save_checkpoint(folder / f"{method}.pth", tiny_model, method)
        made[method] = folder / f"{method}_hf"
        session.result("convert", checkpoint=str(checkpoint), out=str(made[method]))
    return made


def load(session: EngineSession, base: Path, **fields: Any) -> None:
    session.result("load", **{"base": str(base), "template": "qwen_chat", **fields})


def answer(session: EngineSession, which: str, **settings: Any) -> dict[str, Any]:
    return session.result(
        "generate", which=which, conversation=QUESTION, system="", settings={**GREEDY, **settings}
    )


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


@pytest.mark.parametrize("method", ["lora", "qlora"])
def test_an_adapter_keeps_every_trained_number(
    converted: dict[str, Path], tiny_model: Path, method: str
) -> None:
    import torch
    from safetensors.torch import load_file

    from xtgui_cli.engine.checkpoint import open_trained

    with open_trained(converted[method].with_name(f"{method}.pth")) as state:
        trained = state.tensors

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

    from xtgui_cli.engine.checkpoint import open_trained

    with open_trained(converted["full"].with_name("full.pth")) as state:
        trained = state.tensors

    written = load_file(converted["full"] / "model.safetensors")

    assert set(written) == set(trained)
    assert all(torch.equal(written[name], tensor) for name, tensor in trained.items())


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
        (other_model, "convert.does_not_fit"),
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


# --- merge -----------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["lora", "qlora"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_merged_logits_are_those_of_base_and_adapter(
    session: EngineSession,
    converted: dict[str, Path],
    tiny_model: Path,
    tmp_path: Path,
    method: str,
    dtype: str,
) -> None:
    """Within the tolerance of the dtype, relative root mean square (see engine/merge.py)."""
    done = session.result(
        "merge",
        adapter=str(converted[method]),
        base=str(tiny_model),
        out=str(tmp_path / "merged"),
        dtype=dtype,
    )

    assert done["difference"] <= TOLERANCES[dtype] + done["effect"] / 10 < done["effect"] / 2
    assert done["agreement"] >= 0.9


def test_a_merged_model_answers_by_itself_as_base_and_adapter_do(
    session: EngineSession, converted: dict[str, Path], tiny_model: Path, tmp_path: Path
) -> None:
    merged = tmp_path / "merged"
    session.result("merge", adapter=str(converted["lora"]), base=str(tiny_model), out=str(merged))
    load(session, tiny_model, adapter=str(converted["lora"]))
    expected = answer(session, "tuned")["text"]

    load(session, merged)

    assert answer(session, "base")["text"] == expected


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


def test_fold_adds_the_scaled_product_in_float32() -> None:
    import torch

    from xtgui_cli.engine.merge import fold

    weight = torch.full((3, 4), 1.0, dtype=torch.bfloat16)
    lora_a, lora_b = torch.full((2, 4), 0.5), torch.full((3, 2), 0.25)

    folded = fold(weight, lora_a, lora_b, scale=2.0)

    assert folded.dtype == torch.bfloat16
    assert torch.equal(folded, torch.full((3, 4), 1.5, dtype=torch.bfloat16))


def test_a_base_that_was_not_merged_does_not_pass_for_merged() -> None:
    import torch

    from xtgui_cli.engine.merge import prove

    alone, expected = torch.ones(2, 5), torch.ones(2, 5) * 1.1

    with pytest.raises(XtguiError) as caught:
        prove(alone, expected, alone, TOLERANCES["bfloat16"])

    assert caught.value.code == "convert.merge_differs"


def test_fold_refuses_matrices_that_do_not_fit() -> None:
    import torch

    from xtgui_cli.engine.merge import fold

    with pytest.raises(XtguiError) as caught:
        fold(torch.zeros(3, 4), torch.zeros(2, 5), torch.zeros(3, 2), 1.0)

    assert caught.value.code == "convert.does_not_fit"


# --- chat ------------------------------------------------------------------------------------


def test_the_prompt_is_the_beginning_of_what_training_sees(
    session: EngineSession, tiny_model: Path
) -> None:
    """What training sees is compared with xtuner itself by the tests of shared/templates."""
    tokenizer = tokenizers.Tokenizer.from_file(str(tiny_model / "tokenizer.json"))

    def ids_of(text: str) -> list[int]:
        ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    turns = [Turn("Who?", "Me.", "Be kind."), Turn("你好", "再见")]
    trained = encode_conversation(turns, all_templates()["qwen_chat"], Encoder(ids_of)).input_ids
    load(session, tiny_model)

    ids = session.result(
        "encode",
        conversation=[{"input": "Who?", "output": "Me."}, {"input": "你好", "output": None}],
        system="Be kind.",
    )["ids"]

    assert ids == trained[: len(ids)]
    assert trained[len(ids) :] == ids_of("再见<|im_end|>") + ids_of("\n")


def test_base_and_tuned_answer_from_one_copy_and_neither_changes_the_other(
    session: EngineSession, converted: dict[str, Path], tiny_model: Path
) -> None:
    load(session, tiny_model)
    alone = answer(session, "base")["text"]

    load(session, tiny_model, adapter=str(converted["lora"]))
    texts = [answer(session, which)["text"] for which in ("base", "tuned", "base", "tuned")]

    assert texts[0] == texts[2] == alone
    assert texts[1] == texts[3] != alone


def test_a_whole_fine_tuned_model_is_compared_with_its_base(
    session: EngineSession, converted: dict[str, Path], tiny_model: Path
) -> None:
    load(session, tiny_model, tuned=str(converted["full"]))

    assert answer(session, "base")["text"] != answer(session, "tuned")["text"]


def test_the_pieces_of_an_answer_are_the_answer(
    session: EngineSession, converted: dict[str, Path], tiny_model: Path
) -> None:
    load(session, tiny_model, adapter=str(converted["lora"]))

    events = list(
        session.request(
            "generate", which="tuned", conversation=QUESTION, system="", settings=GREEDY
        )
    )

    pieces = [event["text"] for event in events if event["event"] == "text"]
    assert len(pieces) > 1
    assert "".join(pieces) == events[-1]["text"]


def test_the_same_seed_gives_the_same_answer_and_another_seed_another(
    session: EngineSession, tiny_model: Path
) -> None:
    load(session, tiny_model)
    hot = {"temperature": 5.0, "top_k": 0, "top_p": 1.0}

    texts = [answer(session, "base", seed=seed, **hot)["text"] for seed in (7, 7, 8)]

    assert texts[0] == texts[1] != texts[2]


def test_an_answer_tells_how_long_it_was_and_that_the_limit_ended_it(
    session: EngineSession, tiny_model: Path
) -> None:
    load(session, tiny_model)

    done = answer(session, "base", max_new_tokens=5)

    assert (done["tokens"], done["stop"]) == (5, "length")
    assert done["seconds"] > 0


def test_beams_answer_too(session: EngineSession, tiny_model: Path) -> None:
    load(session, tiny_model)

    assert answer(session, "base", num_beams=3, max_new_tokens=6)["text"]


def test_an_interrupt_ends_the_answer_and_not_the_engine(
    session: EngineSession, tiny_model: Path
) -> None:
    load(session, tiny_model)
    request = session.request(
        "generate",
        which="base",
        conversation=QUESTION,
        system="",
        settings={"temperature": 0, "max_new_tokens": 1800},
    )
    assert next(request)["event"] == "text"

    session.cancel()
    done = list(request)[-1]

    assert done["stop"] == "cancelled"
    assert done["tokens"] < 1800
    assert answer(session, "base", max_new_tokens=3)["stop"] == "length"


def test_a_conversation_longer_than_the_model_reads_is_an_error_with_the_numbers(
    session: EngineSession, tiny_model: Path
) -> None:
    load(session, tiny_model)

    with pytest.raises(XtguiError) as caught:
        session.result(
            "generate",
            which="base",
            conversation=[{"input": "x y " * 3000, "output": None}],
            system="",
            settings=GREEDY,
        )

    assert caught.value.code == "chat.too_long"
    assert caught.value.data["limit"] == 2048


def test_what_a_run_has_learned_changes_the_answer(
    session: EngineSession, trained_runs: TrainedRuns, tmp_path: Path
) -> None:
    run = trained_runs("lora")
    checkpoint = max(run.folder.work_dir.glob("iter_*.pth"))
    done = session.result("convert", checkpoint=str(checkpoint), out=str(tmp_path / "hf"))

    load(session, Path(done["base"]), adapter=done["out"])
    base = answer(session, "base")["text"]
    tuned = answer(session, "tuned")["text"]

    assert tuned != base


# --- the process -----------------------------------------------------------------------------


def test_the_engine_leaves_in_the_middle_of_a_job_when_nobody_listens_any_more(
    tiny_model: Path, tmp_path: Path
) -> None:
    with EngineSession(Path(sys.executable), tmp_path / "log", patience_s=20) as session:
        load(session, tiny_model)
        request = session.request(
            "generate",
            which="base",
            conversation=QUESTION,
            system="",
            settings={"temperature": 0, "max_new_tokens": 1800},
        )
        next(request)
        killed = threading.Timer(19, os.kill, (session.pid, signal.SIGKILL))
        killed.start()

    assert session._process.returncode not in (None, -signal.SIGKILL)
    killed.cancel()
