"""One session of the wizard: the answers so far, each kept as it is given."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..project import settings_file, trust
from ..project.sources import Sources
from ..settings.layers import Layers
from ..settings.table import Settings, Value
from ..shared.run_folder import RunFolder

if TYPE_CHECKING:
    from ..data.messages import DataInfo
    from ..models.model_folder import ModelInfo
    from ..models.template_match import TemplateMatch


@dataclass
class Session:
    """The project's folder, its settings, and what has been found out about model and data."""

    folder: RunFolder
    layers: Layers = field(default_factory=Layers)
    sources: Sources = field(default_factory=Sources)
    model: ModelInfo | None = None
    data: DataInfo | None = None
    template: TemplateMatch | None = None

    @property
    def settings(self) -> Settings:
        """The settings for a plan."""
        return self.layers.to_plan()

    def is_answered(self, key: str) -> bool:
        """Return whether a question was answered, now or in an earlier session."""
        return key in self.layers.saved

    def record(self, key: str, value: Value) -> None:
        """Keep one answer, also in xtgui.toml; None: it is no longer set.

        An answer replaces a manual edit of the config.
        """
        settings_file.save(self.folder.settings_file, {key: value})
        if key.startswith("model."):  # it may let a model run its code without asking again
            trust.trust(self.folder.root)
        answered = {**self.layers.saved, key: value}
        saved = {name: known for name, known in answered.items() if known is not None}
        edited = {name: known for name, known in self.layers.edited.items() if name != key}
        self.layers = replace(self.layers, saved=saved, edited=edited)
