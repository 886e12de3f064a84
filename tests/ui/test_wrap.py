"""Lines are broken by cells, where each language may be broken."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from xtgui_cli.ui.console import sanitize
from xtgui_cli.ui.wrap import cut, pad, wrap


def test_english_breaks_between_words() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]


def test_chinese_breaks_between_characters_and_not_before_a_full_stop() -> None:
    assert wrap("微调语言模型。", 12) == ["微调语言模", "型。"]


def test_both_together_fill_their_lines() -> None:
    assert wrap("用 XTuner 微调语言模型", 14) == ["用 XTuner 微调", "语言模型"]


def test_a_path_is_not_cut() -> None:
    assert wrap("Written: /a/very/long/path.py", 12) == ["Written:", "/a/very/long/path.py"]


def test_a_command_on_its_own_line_is_not_cut_and_a_sentence_is() -> None:
    command = "xtgui download model a/b --endpoint https://hf-mirror.com"
    strange = "xtgui trust 'a folder, with. marks'"

    assert wrap(f"Through a mirror:\n{command}", 30) == ["Through a mirror:", command]
    assert wrap(strange, 12) == [strange]
    assert wrap("xtgui trains on one GPU.", 12) == ["xtgui trains", "on one GPU."]


def test_a_command_at_the_end_of_a_sentence_that_is_too_long_has_its_own_line() -> None:
    advice = "Install it beside the other one: xtgui setup --stack classic"
    chinese = "请安装旧版环境：xtgui setup --stack classic"

    assert wrap(advice, 40) == ["Install it beside the other one:", "xtgui setup --stack classic"]
    assert wrap(advice, 60) == [advice]
    assert wrap(chinese, 20) == ["请安装旧版环境：", "xtgui setup --stack classic"]
    assert wrap("To see: xtgui status. To stop: xtgui stop", 30) == [
        "To see: xtgui status. To stop:",
        "xtgui stop",
    ]


def test_a_line_break_stays() -> None:
    assert wrap("one\n\ntwo", 80) == ["one", "", "two"]


def test_padding_counts_cells() -> None:
    assert pad("模型", 6) == "模型  "


def test_what_is_left_out_is_marked() -> None:
    assert cut("微调语言模型", 7) == "微调语…"
    assert cut("short", 7) == "short"


@given(st.text(max_size=60), st.integers(2, 40))
def test_nothing_is_lost_and_only_single_words_are_wider(text: str, width: int) -> None:
    lines = wrap(text, width)

    assert "".join("".join(lines).split()) == "".join(sanitize(text).split())
    for line in lines:
        assert cell_len(line) <= width or len(line.split()) <= 1


@given(st.text(max_size=40), st.integers(1, 20))
def test_cut_text_always_fits(text: str, width: int) -> None:
    assert cell_len(cut(text, width)) <= width
