"""The picture of a loss: a well-formed SVG, every mark inside it, readable on any page."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtgui_cli.runs.series import Point
from xtgui_cli.ui.curve_svg import loss_svg

SVG = "{http://www.w3.org/2000/svg}"
WIDTH, HEIGHT = 720, 300


def points(*values: float) -> list[Point]:
    return [Point(number, value) for number, value in enumerate(values, 1)]


def picture(losses: list[Point], held_out: list[Point] | None = None) -> ElementTree.Element:
    text = loss_svg(losses, held_out or [])
    assert text is not None
    return ElementTree.fromstring(text)


def lines(svg: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """Return the points of each line that is drawn."""
    found = []
    for line in svg.iter(f"{SVG}polyline"):
        pairs = (pair.split(",") for pair in line.attrib["points"].split(" "))
        found.append([(float(x), float(y)) for x, y in pairs])
    return found


def test_a_loss_that_falls_goes_down_from_left_to_right() -> None:
    faint, bold = lines(picture(points(*(4 - 0.03 * number for number in range(100)))))

    assert len(faint) == len(bold) == 100
    for line in (faint, bold):
        assert line == sorted(line)
        assert [y for _, y in line] == sorted(y for _, y in line)


def test_the_axes_are_named_in_round_numbers_from_zero_to_beyond_the_highest() -> None:
    svg = picture(points(*[4.3] * 99, 0.2))

    texts = [text.text for text in svg.iter(f"{SVG}text")]

    assert texts[:6] == ["0", "1", "2", "3", "4", "5"]
    assert texts[6:12] == ["0", "20", "40", "60", "80", "100"]


def test_a_loss_that_is_no_number_leaves_a_gap() -> None:
    svg = picture(points(3, 2, math.nan, math.inf, 1, 1))

    assert [len(line) for line in lines(svg)] == [2, 2, 2, 2]


def test_held_out_points_are_dots_joined_by_a_line_of_their_own() -> None:
    held_out = [Point(0, 3.0), Point(10, 2.0), Point(20, math.nan)]

    svg = picture(points(*[2.0] * 20), held_out)

    dots = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in svg.iter(f"{SVG}circle")]
    assert dots == lines(svg)[-1]
    assert len(dots) == 2


@pytest.mark.parametrize("losses", [[], points(2), points(math.nan, math.inf), points(1, math.nan)])
def test_there_is_no_picture_of_less_than_two_numbers(losses: list[Point]) -> None:
    assert loss_svg(losses) is None


VALUES = st.floats(allow_nan=True, allow_infinity=True, width=64)


@given(st.lists(VALUES, max_size=60), st.lists(VALUES, max_size=4))
def test_every_mark_lies_inside_whatever_the_losses(
    values: list[float], held_out: list[float]
) -> None:
    text = loss_svg(points(*values), points(*held_out))

    if text is None:
        assert sum(0 <= value < 1e6 for value in values) < 2
        return
    svg = ElementTree.fromstring(text)
    marks = [mark for line in lines(svg) for mark in line]
    for element in svg.iter():
        for name_x, name_y in (("x", "y"), ("cx", "cy"), ("x1", "y1"), ("x2", "y2")):
            if name_x in element.attrib:
                marks.append((float(element.attrib[name_x]), float(element.attrib[name_y])))
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in marks)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 counts it, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("page", ["#ffffff", "#0d1117", "#0b0f19"])
def test_every_colour_stands_out_on_light_pages_and_on_dark_ones(page: str) -> None:
    """The dark ones are those of GitHub and Hugging Face; 3 is what WCAG asks of a picture."""
    text = loss_svg(points(3, 2, 1), points(3, 2, 1))

    colours = set(re.findall("#[0-9a-f]{6}", text or ""))

    assert len(colours) == 3
    assert all(contrast(colour, page) >= 3.8 for colour in colours), colours
