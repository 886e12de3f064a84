"""An exception becomes a code that the user interface has words for."""

from __future__ import annotations

import errno
import os
import string

import pytest

from xtgui_cli.engine.checkpoint_reader.errors import CheckpointError
from xtgui_cli.engine.faults import LossNotFiniteError, explain
from xtgui_cli.shared.causes import CAUSES, Cause
from xtgui_cli.shared.checkpoint_faults import CheckpointFault
from xtgui_cli.shared.signs import Sign
from xtgui_cli.texts import has, t


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."), "cuda_out_of_memory"),
        (MemoryError(), "host_out_of_memory"),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
            "host_out_of_memory",
        ),
        (LossNotFiniteError("the loss is nan"), "loss_not_finite"),
        (ModuleNotFoundError("No module named 'peft'"), "import_failed"),
        (ZeroDivisionError("division by zero"), "unknown"),
        (CheckpointError(CheckpointFault.EMPTY, file="iter_3.pth"), "checkpoint_empty"),
    ],
)
def test_an_exception_becomes_a_code(error: BaseException, code: str) -> None:
    assert explain(error, "training")[0] == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.ENOMEM, "host_out_of_memory"),
        (errno.EACCES, "no_permission"),
        (errno.EPERM, "no_permission"),
        (errno.EROFS, "disk_read_only"),
        (errno.EIO, "disk_failed"),
        (errno.ESTALE, "disk_failed"),
        (errno.EMFILE, "too_many_files"),
        (errno.ENOENT, "file_gone"),
    ],
)
def test_what_the_operating_system_says_becomes_a_code(number: int, code: str) -> None:
    assert explain(OSError(number, os.strerror(number), "/a/file"), "saving")[0] == code


def test_a_cause_counts_wherever_it_stands_in_the_chain() -> None:
    error = RuntimeError("the save failed")
    error.__cause__ = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert explain(error, "saving")[0] == "disk_full"


def test_what_is_often_caught_counts_only_where_it_ended_the_run() -> None:
    error = ValueError("something else")
    error.__context__ = ModuleNotFoundError("No module named 'mpi4py'")

    assert explain(error, "training")[0] == "unknown"


@pytest.mark.parametrize(
    ("phase", "code"),
    [
        ("config", "config_broken"),
        ("importing", "import_failed"),
        ("model", "model_unreadable"),
        ("data", "data_unreadable"),
        ("resuming", "checkpoint_unreadable"),
        ("reading", "checkpoint_unreadable"),
        ("training", "unknown"),
    ],
)
def test_what_nothing_explains_is_told_by_where_it_happened(phase: str, code: str) -> None:
    assert explain(ZeroDivisionError("division by zero"), phase)[0] == code


def test_an_import_that_a_config_names_in_vain_is_the_configs_fault() -> None:
    assert explain(ImportError("No module named 'mine'"), "config")[0] == "config_broken"


def test_the_words_that_stand_for_a_name_come_with_the_code() -> None:
    code, data = explain(KeyError("messages"), "data")

    assert (code, data["column"]) == ("data_column", "messages")


def test_the_mark_after_a_word_is_not_of_it() -> None:
    error = OSError("Error no file named model.safetensors, or pytorch_model.bin, found")

    assert explain(error, "model")[1]["file"] == "model.safetensors"


def test_a_sign_counts_only_where_all_of_it_holds() -> None:
    sign = Sign("'{column}'", raised="LookupError", phases=("data",))

    assert sign.find(KeyError("text"), "data") == {"column": "text"}
    assert sign.find(KeyError("text"), "model") is None
    assert sign.find(ValueError("'text'"), "data") is None
    assert sign.find(KeyError("two words"), "data") is None


def test_what_a_message_says_is_taken_as_it_stands() -> None:
    assert (
        Sign("worker (pid(s) {pid}) exited").find(RuntimeError("worker (pid) exited"), "") is None
    )


CODES = [*(cause.code for cause in CAUSES), "unknown"]


def test_each_of_at_least_thirty_causes_has_one_row() -> None:
    assert len(CODES) >= 30
    assert len(set(CODES)) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_every_cause_says_what_happened_why_and_what_helps(code: str) -> None:
    assert has(f"faults.{code}")
    assert has(f"faults.{code}.why")
    assert has(f"faults.{code}.hint")


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.code)
def test_every_sign_gives_the_words_that_its_sentences_need(cause: Cause) -> None:
    always = {"reason", "phase"}
    texts = [t(f"faults.{cause.code}{part}") for part in ("", ".why", ".hint")]
    needed = {name for text in texts for name in placeholders(text)} - always

    lacking = [
        sign for sign in (*cause.signs, *cause.otherwise) if needed - placeholders(sign.says)
    ]

    assert lacking == []


@pytest.mark.parametrize("code", CODES)
def test_why_and_what_helps_need_no_word_that_the_sentence_has_not(code: str) -> None:
    """A screen fills in "?" for what an event lacks of the sentence, and only of that."""
    more = placeholders(t(f"faults.{code}.why")) | placeholders(t(f"faults.{code}.hint"))

    assert more <= placeholders(t(f"faults.{code}"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
