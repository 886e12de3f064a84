"""A token is present where huggingface_hub would send one."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.project.doctor.gather import has_token


@pytest.fixture(autouse=True)
def no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Take away what the machine has; gives the place of the file that `hf auth login` writes."""
    from huggingface_hub import constants

    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_OIDC_RESOURCE"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "token"
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(file))
    return file


@pytest.mark.parametrize("stored", [None, "", " \n", "hf_stored\n"])
@pytest.mark.parametrize(
    "named",
    [
        {},
        {"HF_TOKEN": ""},
        {"HF_TOKEN": " "},
        {"HF_TOKEN": "hf_named"},
        {"HUGGING_FACE_HUB_TOKEN": "hf_old"},
        {"HF_TOKEN": " ", "HUGGING_FACE_HUB_TOKEN": "hf_old"},
    ],
    ids=str,
)
def test_it_is_found_where_huggingface_hub_finds_one(
    named: dict[str, str], stored: str | None, no_token: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import get_token

    for name, value in named.items():
        monkeypatch.setenv(name, value)
    if stored is not None:
        no_token.write_text(stored)

    assert has_token() == bool(get_token())


def test_a_pipe_in_place_of_the_file_keeps_nobody_waiting(no_token: Path) -> None:
    import os

    os.mkfifo(no_token)

    assert not has_token()
