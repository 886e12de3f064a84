"""How our reader (`data.formats`) reads a data set of the catalogue."""

from __future__ import annotations

from ..data.formats.data_format import ColumnMapping
from .datasets import Dataset


def layout_of(dataset: Dataset) -> ColumnMapping:
    """Give what `data.formats.convert.convert` needs to turn the set into OpenAI messages."""
    if dataset.kind == "pretrain":
        return ColumnMapping("text", text=dataset.columns[0])
    how = dataset.reading
    return ColumnMapping(
        how.layout or "known",
        turns=how.turns,
        user=how.user,
        assistant=how.assistant,
        system=how.system,
        system_line=how.system_line,
        begins_after=how.begins_after,
    )
