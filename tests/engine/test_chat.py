"""Answers of the real engine: of base, adapter, merged and whole models, and how they end."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tokenizers

from xtgui_cli.runs.engine_session import EngineSession
from xtgui_cli.shared.errors import XtguiError
from xtgui_cli.shared.templates import Encoder, Turn, all_templates, encode_conversation

pytestmark = pytest.mark.engine

QUESTION = [{"input": "Who are you? 你是谁？", "output": None}]
GREEDY = {"temperature": 0, "max_new_tokens": 24}

TrainedRuns = Callable[[str], Any]


def load(session: EngineSession, base: Path, **fields: Any) -> None:
    session.result("load", **{"base": str(base), "template": "qwen_chat", **fields})


def answer(session: EngineSession, which: str, **settings: Any) -> dict[str, Any]:
    return session.result(
        "generate", which=which, conversation=QUESTION, system="", settings={**GREEDY, **settings}
    )


def test_a_merged_model_answers_by_itself_as_base_and_adapter_do(
    session: EngineSession, converted: dict[str, Path], tiny_model: Path, tmp_path: Path
) -> None:
    merged = tmp_path / "merged"
    session.result("merge", adapter=str(converted["lora"]), base=str(tiny_model), out=str(merged))
    load(session, tiny_model, adapter=str(converted["lora"]))
    expected = answer(session, "tuned")["text"]

    load(session, merged)

    assert answer(session, "base")["text"] == expected


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
