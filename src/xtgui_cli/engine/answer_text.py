"""The text of an answer while its tokens come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

_UNFINISHED = "\N{REPLACEMENT CHARACTER}"


class AnswerText:
    """Turns token ids into text piece by piece; the pieces joined are the whole answer.

    A character may be spread over several tokens, and a stop word too: text that may still become
    either is held back.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str], stop_texts: Sequence[str]) -> None:
        self._decode = decode
        self._stop_texts = stop_texts
        self._ids: list[int] = []
        self._context = 0
        self._read = 0
        self._held = ""
        self.text = ""
        self.is_stopped = False

    def add(self, token: int) -> str:
        """Take one more token and give the text that it settles, "" while none is sure."""
        if self.is_stopped:
            return ""
        self._ids.append(token)
        return self._settle(self._new_text(wait=True), is_last=False)

    def finish(self) -> str:
        """Give what was held back."""
        return "" if self.is_stopped else self._settle(self._new_text(wait=False), is_last=True)

    def _new_text(self, wait: bool) -> str:
        """Decode from a little before the new tokens: some tokenizers write a space by what
        precedes. The length of that context keeps long answers linear."""
        before = self._decode(self._ids[self._context : self._read])
        text = self._decode(self._ids[self._context :])
        if wait and text.endswith(_UNFINISHED):
            return ""
        self._context, self._read = self._read, len(self._ids)
        return text[len(before) :]

    def _settle(self, new: str, is_last: bool) -> str:
        pending = self._held + new
        found = [pending.find(stop) for stop in self._stop_texts if stop in pending]
        if found:
            self.is_stopped = True
            settled, self._held = pending[: min(found)], ""
        else:
            keep = 0 if is_last else self._may_become_stop(pending)
            settled, self._held = pending[: len(pending) - keep], pending[len(pending) - keep :]
        self.text += settled
        return settled

    def _may_become_stop(self, text: str) -> int:
        """Give how many characters at the end may be the beginning of a stop word."""
        longest = max((len(stop) for stop in self._stop_texts), default=0)
        for length in range(min(longest - 1, len(text)), 0, -1):
            if any(stop.startswith(text[-length:]) for stop in self._stop_texts):
                return length
        return 0
