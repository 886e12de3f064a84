"""One sitting of the wizard: what has been answered so far, each answer kept as it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..project import settings_file as answers_step
from ..project.settings_file import Answers
from ..shared.run_folder import RunFolder

if TYPE_CHECKING:
    from ..data.messages import DataInfo
    from ..models.model_folder import ModelInfo
    from ..models.template_match import TemplateMatch


@dataclass
class Sitting:
    """The project's folder, its answers, and what has been found out about model and data."""

    folder: RunFolder
    answers: Answers = field(default_factory=dict)
    """Only what somebody has set; see `answers.py`."""
    edits: Answers = field(default_factory=dict)
    """What a person has changed in the config by hand, as long as it is not answered anew."""
    model: ModelInfo | None = None
    data: DataInfo | None = None
    template: TemplateMatch | None = None

    def record(self, key: str, value: Any) -> None:
        """Keep one answer, in xtgui.toml too; None: it is no longer set."""
        answers_step.save(self.folder.settings_file, {key: value})
        self.answers = answers_step.merge(self.answers, {key: value})
        self.edits.pop(key, None)

    def effective(self) -> Answers:
        """Give the answers as the config will have them: hand edits of it stay."""
        return answers_step.merge(self.answers, self.edits)

    @property
    def method(self) -> str:
        """The fine-tuning method in force."""
        return str(self.answers.get("train.method") or "lora")
