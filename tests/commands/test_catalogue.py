"""`xtgui models` and `xtgui datasets`: list, filter, detail, and what is said of wrong names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from xtgui_cli import texts
from xtgui_cli.catalogue import Dataset, Model, datasets, models
from xtgui_cli.cli import entry as cli
from xtgui_cli.commands import catalogue, data_convert
from xtgui_cli.commands.catalogue import CatalogueRequest
from xtgui_cli.commands.data_convert import DataConvertRequest
from xtgui_cli.shared.errors import Exit, XtguiError


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_lists_name_every_entry_and_explain_their_marks(
    capsys: pytest.CaptureFixture[str], language: str
) -> None:
    texts.set_language(language)

    assert catalogue.run_models(CatalogueRequest()) == Exit.DONE
    assert catalogue.run_datasets(CatalogueRequest()) == Exit.DONE

    shown = capsys.readouterr().out
    assert all(entry.id in shown for entry in (*models(), *datasets()))
    assert all(texts.t(f"catalogue.legend_{mark}") in shown for mark in ("classic", "code"))


def test_words_filter_and_only_the_marks_that_are_used_are_explained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    catalogue.run_models(CatalogueRequest(words=["qwen2.5", "instruct"]))

    shown = capsys.readouterr().out
    assert f"5 of {len(models())}" in shown
    assert "Qwen/Qwen2.5-7B-Instruct" in shown
    assert "Llama" not in shown
    assert "classic" not in shown


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("model", list(models()), ids=lambda model: model.id)
def test_every_model_can_be_seen_in_full(
    capsys: pytest.CaptureFixture[str], model: Model, language: str
) -> None:
    texts.set_language(language)

    assert catalogue.run_models(CatalogueRequest(words=[model.id])) == Exit.DONE

    shown, said = capsys.readouterr()
    assert f"xtgui download model {model.id}" in shown
    assert f"xtgui estimate --model {model.id}" in shown
    assert f"{model.parameters:,}" in shown
    assert said == ""


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("dataset", list(datasets()), ids=lambda dataset: dataset.id)
def test_every_data_set_can_be_seen_in_full(
    capsys: pytest.CaptureFixture[str], dataset: Dataset, language: str
) -> None:
    texts.set_language(language)

    assert catalogue.run_datasets(CatalogueRequest(words=[dataset.id])) == Exit.DONE

    assert f"xtgui download dataset {dataset.id}" in capsys.readouterr().out


def test_an_old_name_leads_to_the_right_one_with_a_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    catalogue.run_models(CatalogueRequest(words=["01-ai/Yi-24B"]))

    shown, said = capsys.readouterr()
    assert "01-ai/Yi-24B does not exist. The closest match is 01-ai/Yi-34B." in said
    assert "xtgui download model 01-ai/Yi-34B" in shown


def test_json_is_a_list_with_all_fields_also_for_one(capsys: pytest.CaptureFixture[str]) -> None:
    catalogue.run_models(CatalogueRequest(words=["Qwen/Qwen2.5-7B-Instruct"], as_json=True))
    (model,) = json.loads(capsys.readouterr().out)
    catalogue.run_datasets(CatalogueRequest(as_json=True))
    sets = json.loads(capsys.readouterr().out)

    assert model["shape"]["num_key_value_heads"] == 4
    assert model["template"] == {"name": "qwen_chat", "basis": "family"}
    assert model["stack"] == "modern"
    assert model["sources"]["shape"]["en"].startswith("github.com/Lightning-AI/litgpt")
    assert [one["id"] for one in sets] == [one.id for one in datasets()]


@pytest.mark.parametrize(
    ("run", "words", "code"),
    [
        (catalogue.run_models, ["qwen2.5-7b-intruct"], "catalogue.no_model_near"),
        (catalogue.run_models, ["zzzz"], "catalogue.no_model"),
        (catalogue.run_models, ["gsm8k"], "catalogue.is_a_dataset"),
        (catalogue.run_datasets, ["tatsu-lab/alpaka"], "catalogue.no_dataset_near"),
        (catalogue.run_datasets, ["zzzz"], "catalogue.no_dataset"),
        (catalogue.run_datasets, ["mistralai/Mistral-7B-v0.1"], "catalogue.is_a_model"),
    ],
)
def test_a_name_that_leads_nowhere_is_an_answer_to_put_right(
    run: Callable[..., Exit], words: list[str], code: str
) -> None:
    with pytest.raises(XtguiError) as caught:
        run(CatalogueRequest(words=words))

    assert caught.value.code == code
    assert caught.value.exit == Exit.ANSWERS


def test_a_known_data_set_is_converted_with_its_system_line(tmp_path: Path) -> None:
    source, target = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"prompt": "a", "completion": "b"}\n', "utf-8")

    done = data_convert.run(
        DataConvertRequest(source=source, target=target, dataset="codealpaca_20k", as_json=True)
    )

    (row,) = map(json.loads, target.read_text("utf-8").splitlines())
    assert done == Exit.DONE
    assert [one["role"] for one in row["messages"]] == ["system", "user", "assistant"]


def test_columns_and_a_known_data_set_contradict_each_other() -> None:
    assert cli.main(["data", "convert", "a", "b", "--column", "user=a", "--dataset", "c"]) == 2
