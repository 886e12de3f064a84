"""What the UI counts and encodes without torch is what xtuner counts and encodes."""

from __future__ import annotations

import itertools
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tiny
from places import SUPPORT

from xtgui_cli.data.measure import measure_rows
from xtgui_cli.data.messages import read_messages
from xtgui_cli.models.model_folder import check_model
from xtgui_cli.models.template_match import bos_for
from xtgui_cli.models.tokenization import load_tokenizer
from xtgui_cli.planning.packing import count_samples
from xtgui_cli.runs.training_process import engine_environment
from xtgui_cli.shared.templates import all_templates, encode_conversation, turns_from_messages

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]

Row = dict[str, Any]
MISTRAL = (
    "{{bos_token}}{% for message in messages %}{% if message.role == 'user' %}"
    "[INST] {{message.content}} [/INST]{% else %}{{message.content}}{{eos_token}}{% endif %}"
    "{% endfor %}"
)
CONVERSATIONS: list[list[tuple[str, Any]]] = [
    [("user", "Who are you?"), ("assistant", "An assistant.")],
    [("system", "Be brief {now}."), ("user", "你是谁？"), ("assistant", "助手\n\n一个 {x}")],
    [("user", " a "), ("assistant", "b"), ("user", "c 12345"), ("assistant", ""), ("user", "d")],
    [("assistant", "hello"), ("user", "a"), ("user", "b"), ("assistant", "c"), ("assistant", "d")],
    [("user", "<|im_end|>"), ("assistant", "<|im_start|>"), ("user", "é"), ("assistant", "\t")],
]


def _row(turns: list[tuple[str, Any]]) -> Row:
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


ROWS = [_row(turns) for turns in CONVERSATIONS]
ROWS.append(_row([("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")]))
ROWS[-1]["messages"][1]["loss"] = False


@dataclass(frozen=True)
class Case:
    """One way to make samples of a data file."""

    data: str
    max_length: int
    pack: bool
    seed: int
    max_dataset_length: int | None = None


@dataclass(frozen=True)
class Truth:
    """What xtuner says, and what it was asked."""

    templates: Mapping[str, Mapping[str, Any]]
    encodings: Mapping[tuple[Path, str], list[dict[str, list[int]]]]
    samples: Mapping[Case, int]
    model: Path


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    folder = tmp_path_factory.mktemp("truth")
    models = _models(folder)
    pairs = list(itertools.product(models, all_templates()))
    cases = _cases(folder)
    request = {
        "encodings": {
            "pairs": [(str(model), name) for model, name in pairs],
            "conversations": ROWS,
        },
        "samples": {"model": str(models[0]), "cases": [vars(case) for case in cases]},
    }
    file = folder / "request.json"
    file.write_text(json.dumps(request), "utf-8")
    done = subprocess.run(
        [sys.executable, str(SUPPORT / "xtuner_truth.py"), str(file)],
        env=engine_environment() | {"OMP_NUM_THREADS": "1", "HF_HOME": str(folder / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer = json.loads(file.with_suffix(".answer").read_text("utf-8"))
    return Truth(
        answer["templates"],
        dict(zip(pairs, answer["encodings"], strict=True)),
        dict(zip(cases, answer["samples"], strict=True)),
        models[0],
    )


def _models(folder: Path) -> list[Path]:
    """Return models whose tokenizers differ where training could go wrong.

    Their BOS begins the template, has no place in it, is written by it, or is not there; one names
    a class of transformers that would split digits in another way than its tokenizer.json.
    """
    plain = tiny.save_model(folder / "bos_in_template")
    return [
        plain,
        _changed(plain, folder / "bos_unused", bos_token="<|endoftext|>"),
        _changed(plain, folder / "bos_written", bos_token="<|endoftext|>", chat_template=MISTRAL),
        _changed(plain, folder / "no_bos", bos_token=None, tokenizer_class="Qwen2Tokenizer"),
        _changed(plain, folder / "no_chat", bos_token="<|endoftext|>", chat_template=None),
        _with_single_digits(_changed(plain, folder / "digits", tokenizer_class="GPT2Tokenizer")),
    ]


def _changed(model: Path, copy: Path, **changes: str | None) -> Path:
    shutil.copytree(model, copy)
    file = copy / "tokenizer_config.json"
    config = json.loads(file.read_text("utf-8")) | changes
    if config["chat_template"] is None:
        del config["chat_template"]
    file.write_text(json.dumps(config), "utf-8")
    return copy


def _with_single_digits(model: Path) -> Path:
    from tokenizers import Tokenizer, pre_tokenizers

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.save(str(model / "tokenizer.json"))
    return model


def _cases(folder: Path) -> list[Case]:
    files = {rows: str(_uneven(folder / f"{rows}.jsonl", rows)) for rows in (5, 20, 80, 500, 1500)}
    cases = [
        Case(data, length, pack, seed=42)
        for data in files.values()
        for length, pack in ((24, True), (300, True), (2048, True), (300, False))
    ]
    # a last batch of a few rows, which fills a pack or does not as the order will have it
    few_more = str(_uneven(folder / "1026.jsonl", 1026))
    cases += [
        Case(few_more, length, pack=True, seed=seed) for length in (850, 1050) for seed in range(3)
    ]
    cases += [
        Case(files[500], 300, pack=True, seed=seed, max_dataset_length=123) for seed in (0, 7)
    ]
    cases += [
        Case(files[1500], 900, pack=True, seed=seed, max_dataset_length=1028) for seed in (0, 7, 8)
    ]
    return cases


def _uneven(path: Path, rows: int) -> Path:
    """Write rows of 1 to 120 words; every 50th has no answer."""
    dice = random.Random(rows)
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            words = " ".join(
                dice.choice(["one", "two", "三", "four"]) for _ in range(dice.choice((1, 9, 120)))
            )
            turns = [("user", f"Say {number}"), ("assistant", words)]
            row = _row(turns if number % 50 != 49 else turns[:1])
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def test_the_templates_are_those_of_xtuner(truth: Truth) -> None:
    ours = {
        name: {
            "SYSTEM": template.system,
            "INSTRUCTION": template.instruction,
            "SUFFIX": template.suffix,
            "SUFFIX_AS_EOS": template.suffix_as_eos,
            "SEP": template.sep,
            "STOP_WORDS": list(template.stop_words),
        }
        for name, template in all_templates().items()
    }

    nothing = {"SYSTEM": "", "SUFFIX": "", "SUFFIX_AS_EOS": False, "SEP": "", "STOP_WORDS": []}
    assert ours == {name: nothing | dict(theirs) for name, theirs in truth.templates.items()}


@pytest.mark.parametrize("name", sorted(all_templates()))
def test_token_ids_and_labels_are_those_of_xtuner(truth: Truth, name: str) -> None:
    template = all_templates()[name]
    for folder in {folder for folder, _ in truth.encodings}:
        model = check_model(folder)
        encoder = load_tokenizer(model).encoder(bos_for(model, template))
        rows = [row for row in ROWS if template.system or "system" not in str(row)]

        ours = [
            encode_conversation(turns_from_messages(row["messages"]), template, encoder)
            for row in rows
        ]

        theirs = truth.encodings[folder, name]
        assert [vars(encoded) for encoded in ours] == theirs, folder.name


def test_the_number_of_samples_is_that_of_xtuner(truth: Truth) -> None:
    model = check_model(truth.model)
    template = all_templates()["qwen_chat"]
    ours = {}
    for case in truth.samples:
        measured = measure_rows(
            read_messages(case.data),
            template,
            load_tokenizer(model),
            bos_for(model, template),
        )
        ours[case] = count_samples(
            measured,
            case.max_length,
            pack=case.pack,
            seed=case.seed,
            max_dataset_length=case.max_dataset_length,
        ).count

    assert ours == truth.samples
