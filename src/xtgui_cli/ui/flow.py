"""Text that arrives in pieces, wrapped at words as it is written."""

from __future__ import annotations

from collections.abc import Callable

from rich.cells import cell_len, chop_cells


class FlowingText:
    """Writes pieces, at most *width* cells per line; a word is held back until it is complete."""

    def __init__(self, write: Callable[[str], None], width: int, margin: str = " ") -> None:
        self._write = write
        self._width = max(width - len(margin), 8)
        self._margin = margin
        self._column = 0
        self._gap = ""
        self._word = ""

    def add(self, piece: str) -> None:
        """Add one more piece from a model."""
        for character in piece.expandtabs(4):
            if character == "\n":
                self._end_word()
                self._break()
            elif character == " ":
                self._end_word()
                self._gap += " "
            elif cell_len(character) == 2:
                self._end_word()
                self._word = character
                self._end_word()
            else:
                self._word += character

    def finish(self) -> None:
        """Write what was held back and end the line."""
        self._end_word()
        if self._column:
            self._write("\n")

    def _end_word(self) -> None:
        for part in chop_cells(self._word, self._width) if self._word else ():
            if self._column and self._column + cell_len(self._gap + part) > self._width:
                self._break()
            if not self._column:
                self._write(self._margin)
                self._gap = self._gap[: self._width - cell_len(part)]
            self._write(self._gap + part)
            self._column += cell_len(self._gap + part)
            self._gap = ""
        self._word = ""

    def _break(self) -> None:
        self._write("\n")
        self._column, self._gap = 0, ""
