"""`xtgui results --png`: a picture of the curves, and nothing else replaced by it.

The training interpreter draws, so what draws is an engine test.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from xtgui_cli.commands import results
from xtgui_cli.commands.results import ResultsRequest
from xtgui_cli.shared.errors import Exit, XtguiError
from xtgui_cli.shared.events import EventWriter
from xtgui_cli.shared.run_folder import RunFolder
from xtgui_cli.texts import set_language


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A project with the events of a run, a loss that was no number among them."""
    folder = RunFolder(tmp_path / "我的 $project_1^2$")
    folder.state_dir.mkdir(parents=True)
    (folder.work_dir / "iter_20.pth").touch()
    write = EventWriter(folder.events_file)
    write("start", run_id="run-1", method="lora", model="/models/tiny", pid=1)
    for number in range(1, 31):
        loss = float("nan") if number == 7 else 3 / number
        write("iter", iter=number, loss=loss, lr=1e-4, epoch=1.0)
    return folder


def _size(picture: Path) -> tuple[int, int]:
    """Return width and height of a PNG whose checksum of the header is right."""
    content = picture.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert zlib.crc32(content[12:29]) == struct.unpack(">I", content[29:33])[0]
    width, height = struct.unpack(">II", content[16:24])
    return width, height


@pytest.mark.engine
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_curves_become_a_picture(
    folder: RunFolder, tmp_path: Path, language: str, capfd: pytest.CaptureFixture[str]
) -> None:
    set_language(language)
    picture = tmp_path / "curves.png"

    assert results.run(ResultsRequest(root=folder.root, png=picture)) == Exit.DONE
    set_language("en")

    assert _size(picture) == (1350, 900)
    assert capfd.readouterr().out == f"{picture}\n"
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".png"] == ["curves.png"]


@pytest.mark.engine
def test_the_held_out_loss_is_in_the_picture(folder: RunFolder, tmp_path: Path) -> None:
    picture = tmp_path / "curves.png"
    results.run(ResultsRequest(root=folder.root, png=picture))
    without = picture.read_bytes()
    write = EventWriter(folder.events_file)
    for iteration, loss in ((0, 3.5), (20, 1.25)):
        write("learning", iter=iteration, held_out=loss)

    results.run(ResultsRequest(root=folder.root, png=picture))

    assert _size(picture) == (1350, 900)
    assert picture.read_bytes() != without


@pytest.mark.parametrize(
    ("name", "code"),
    [("curves.jpg", "png_name"), ("no/curves.png", "png_no_folder"), ("mine.png", "png_taken")],
)
def test_what_is_no_picture_of_ours_is_left_alone(
    folder: RunFolder, tmp_path: Path, name: str, code: str
) -> None:
    mine = tmp_path / "mine.png"
    mine.write_text("my diary")

    with pytest.raises(XtguiError) as caught:
        results.run(ResultsRequest(root=folder.root, png=tmp_path / name))

    assert (caught.value.code, caught.value.exit) == (f"results.{code}", Exit.ANSWERS)
    assert mine.read_text() == "my diary"


@pytest.mark.engine
def test_a_picture_is_replaced_by_a_new_one(folder: RunFolder, tmp_path: Path) -> None:
    picture = tmp_path / "curves.png"
    results.run(ResultsRequest(root=folder.root, png=picture))
    first = picture.stat().st_ino

    results.run(ResultsRequest(root=folder.root, png=picture))

    assert picture.stat().st_ino != first
