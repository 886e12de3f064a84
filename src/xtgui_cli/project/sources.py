"""Model and data of a project, checked and counted only once while their files stay the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ..data.measure import measure_rows
from ..data.messages import DataInfo, Messages, check_data, read_messages
from ..data.rows_to_reword import RowToReword, choose_rows_to_reword
from ..models.model_folder import ModelInfo, check_model
from ..models.model_mark import ModelMark, mark_model, weight_files
from ..models.template_match import TemplateMatch, match_template, template_itself
from ..models.tokenization import RowTokenizer, load_tokenizer
from ..planning.held_out import HeldOut, plan_held_out, question_number
from ..planning.packing import Measured
from ..settings.table import Settings
from ..shared.errors import Exit, XtguiError

Found = TypeVar("Found")
_SEVERAL = 8


class Sources:
    """What has been found out about models and data, by the state of their files."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Any] = {}

    def model(self, path: Path | str) -> ModelInfo:
        """Return the result of `check_model` for a folder."""
        folder = Path(path).expanduser().absolute()
        files = sorted(folder.glob("*.json")) + sorted(folder.glob("*.jinja"))
        stamps = tuple(_stamp(file) for file in (folder, *files))
        return self._once(("model", folder, stamps), lambda: check_model(folder))

    def data(self, path: Path | str) -> DataInfo:
        """Return the result of `check_data` for a file."""
        file = Path(path).expanduser().absolute()
        return self._once(("data", file, _stamp(file)), lambda: check_data(file))

    def rows_to_reword(self, data: DataInfo) -> tuple[RowToReword, ...]:
        """Return the result of `choose_rows_to_reword` for the data."""
        return self._once(
            ("reword", _stamp(data.path)),
            lambda: choose_rows_to_reword(read_messages(data.path), data.rows),
        )

    def template(self, model: ModelInfo) -> TemplateMatch:
        """Return the result of `match_template` for a model."""
        return self._once(("template", *_state(model)), lambda: match_template(model))

    def measured(self, model: ModelInfo, data: DataInfo, template: TemplateMatch) -> Measured:
        """Return the rows of the data, counted with the model's tokenizer and a template.

        Raises:
            XtguiError: "data.system_has_no_place".
        """
        prompt_template = template_itself(template)
        if data.has_system and not prompt_template.system:
            raise XtguiError(
                "data.system_has_no_place", Exit.ANSWERS, path=data.path, template=template.name
            )
        key = ("rows", *_state(model), _stamp(data.path), prompt_template, template.bos_ids)
        return self._once(
            key,
            lambda: measure_rows(
                read_messages(data.path), prompt_template, *_tokenizer(model, template)
            ),
        )

    def measured_rows(
        self, model: ModelInfo, template: TemplateMatch, rows: Sequence[Messages]
    ) -> Measured:
        """Return some rows, counted with the model's tokenizer and a template."""
        prompt_template = template_itself(template)
        content = json.dumps(rows)
        key = ("few_rows", *_state(model), prompt_template, template.bos_ids, content)
        return self._once(
            key,
            lambda: measure_rows(rows, prompt_template, *_tokenizer(model, template)),
        )

    def split(self, measured: Measured, settings: Settings) -> tuple[HeldOut, Measured]:
        """Return which rows are held out, and those that are left."""
        train = settings.train
        key = ("split", id(measured), train.seed, train.val_ratio, train.recipe)

        def find() -> tuple[Measured, HeldOut, Measured]:
            shown = [question_number(question) for question in measured.facts.questions]
            held_out = plan_held_out(settings, measured.prompts, shown)
            return measured, held_out, measured.without(held_out.rows)

        _, held_out, taught = self._once(key, find)  # keeps the rows, and so their id, alive
        return held_out, taught

    def mark(self, model: ModelInfo) -> ModelMark:
        """Return an identity of the model."""
        files = [*model.path.glob("*.json"), *weight_files(model.path)]
        return self._once(("mark", *map(_stamp, sorted(files))), lambda: mark_model(model.path))

    def _once(self, key: tuple[Any, ...], find: Callable[[], Found]) -> Found:
        """Return the value of a key, computed if necessary; old entries are dropped."""
        if key not in self._known:
            found = find()
            same_kind = [known for known in self._known if known[0] == key[0]]
            for known in same_kind[: len(same_kind) - _SEVERAL + 1]:
                del self._known[known]
            self._known[key] = found
        result: Found = self._known[key]
        return result


def _tokenizer(model: ModelInfo, template: TemplateMatch) -> tuple[RowTokenizer, tuple[int, ...]]:
    """Return what counts a model's tokens, and the ids before a conversation."""
    if model.has_fast_tokenizer:
        return load_tokenizer(model), template.bos_ids
    from .engine_tokenizers import engine_tokenizer

    tokenizer = engine_tokenizer(model, template_itself(template))
    return tokenizer, tokenizer.bos_ids


def _state(model: ModelInfo) -> tuple[Any, ...]:
    return model.path, model.chat_template, _stamp(model.path / "tokenizer.json")


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), status.st_mtime_ns, status.st_size
