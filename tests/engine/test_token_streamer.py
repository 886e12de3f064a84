"""The pieces of an answer, joined, are the answer; a stop word is never shown, not even half."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as some

from xtgui_cli.engine.token_streamer import AnswerText, ends_in_loop


def decode_bytes(ids: Sequence[int]) -> str:
    """A tokenizer whose tokens are bytes: every character of three bytes comes in three pieces."""
    return bytes(ids).decode("utf-8", errors="replace")


def stream(text: str, stop_texts: Sequence[str] = ()) -> tuple[list[str], AnswerText]:
    words = AnswerText(decode_bytes, stop_texts)
    pieces = [words.add(token) for token in text.encode("utf-8")]
    return [*pieces, words.finish()], words


@given(some.text())
def test_joined_pieces_are_the_whole_text(text: str) -> None:
    pieces, words = stream(text)

    assert "".join(pieces) == text
    assert words.text == text


def test_a_character_is_shown_once_it_is_whole() -> None:
    pieces, _ = stream("你a")

    assert pieces == ["", "", "你", "a", ""]


def test_bytes_that_never_become_a_character_are_shown_at_the_end() -> None:
    words = AnswerText(decode_bytes, ())

    words.add(0xE4)

    assert words.finish() == "\N{REPLACEMENT CHARACTER}"


def test_a_stop_word_ends_the_answer_and_is_not_part_of_it() -> None:
    pieces, words = stream("Hello<eoa> and more", ["<eoa>"])

    assert "".join(pieces) == "Hello"
    assert words.is_stopped


def test_the_beginning_of_a_stop_word_is_held_back_until_it_is_none() -> None:
    pieces, words = stream("a<eo b", ["<eoa>"])

    assert pieces[:5] == ["a", "", "", "", "<eo "]
    assert words.text == "a<eo b"


def test_the_beginning_of_a_stop_word_at_the_end_is_text() -> None:
    pieces, _ = stream("a<eo", ["<eoa>"])

    assert "".join(pieces) == "a<eo"


def test_an_answer_that_repeats_itself_is_told_from_one_that_does_not() -> None:
    said = list(range(100, 160))

    assert ends_in_loop([*said, *[7] * 48])
    assert ends_in_loop([*said, *[1, 2, 3, 4, 5] * 10])
    assert ends_in_loop(list(range(30)) * 4)
    assert not ends_in_loop(said)
    assert not ends_in_loop([*said, *[7] * 40])
    assert not ends_in_loop([*list(range(30)) * 3, *said])
    assert not ends_in_loop([1, 2, 3] * 5)
