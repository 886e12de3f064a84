"""The check of a merge: large weights are read when they are used, and what differs is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from merged_models import (
    LINEAR,
    logits_beside,
    merge_ours,
    save_adapter,
    save_base,
)

from xtgui_cli.engine.known import TaughtRow
from xtgui_cli.engine.merging import check as checking
from xtgui_cli.engine.merging import merged_pieces, streamed_model, whole_check
from xtgui_cli.engine.merging.asked_tokens import AskedTokens, asked_tokens
from xtgui_cli.engine.merging.fold import fold, load
from xtgui_cli.engine.merging.whole_check import Compared, likeliest_tokens
from xtgui_cli.engine.weights.weight_files import open_weights
from xtgui_cli.shared.errors import Exit, XtguiError

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

IDS = list(range(3, 60))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return save_base(tmp_path / "base")


@pytest.fixture
def adapter(base: Path, tmp_path: Path) -> Path:
    return save_adapter(tmp_path / "adapter", base)


@pytest.mark.parametrize("most_packed", [1024, 0], ids=["packed", "padded"])
@pytest.mark.parametrize("begin", [1, 6])
@pytest.mark.parametrize("resident_bytes", [0, 1 << 20])
@pytest.mark.parametrize("targets", [LINEAR, [*LINEAR, "lm_head", "embed_tokens"]])
def test_a_streamed_model_finds_the_tokens_that_the_whole_one_does(
    base: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    resident_bytes: int,
    targets: list[str],
    begin: int,
    most_packed: int,
) -> None:
    """The rows have one token in common, or as many as the shorter one has unasked."""
    adapter = save_adapter(tmp_path / "adapter", base, target_modules=targets)
    monkeypatch.setattr(streamed_model, "RESIDENT_BYTES", resident_bytes)
    monkeypatch.setattr(whole_check, "_MOST_PACKED", most_packed)
    labels = [-100] * begin + IDS[begin:]
    asked = AskedTokens((TaughtRow(0, IDS, labels), TaughtRow(1, IDS[:9], labels[:9])), 1)

    with open_weights(base) as weights:
        compared = Compared(base, weights.tensors, adapter, frozenset(targets))
        found = likeliest_tokens(compared, asked, trust_remote_code=False)

    expected = logits_beside(base, adapter).argmax(-1)
    assert torch.equal(found, torch.cat([expected[begin - 1 : -1], expected[begin - 1 : 8]]))


@pytest.mark.parametrize("kind", ["gpt2", "xglm", "mpt", "gemma3_text", "cohere2", "minicpm3"])
def test_models_that_count_positions_in_other_ways_are_built_right(
    tmp_path: Path, kind: str
) -> None:
    """Nothing of them is initialized; some compute tables when they are built."""
    from transformers import AutoModelForCausalLM

    base = save_base(tmp_path / "base", kind)
    whole = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
    with torch.inference_mode():
        expected = whole(torch.tensor([IDS]), use_cache=False).logits[0].argmax(-1)

    with open_weights(base) as weights:
        asked = AskedTokens((TaughtRow(0, IDS, IDS),), 1)
        found = likeliest_tokens(Compared(base, weights.tensors), asked, trust_remote_code=False)

    assert torch.equal(found, expected[:-1])


def test_rows_with_nothing_in_common_are_compared_in_one_pass(base: Path, adapter: Path) -> None:
    """As when the built-in text follows a few taught rows."""
    other = IDS[::-1]
    asked = AskedTokens((TaughtRow(0, IDS, IDS), TaughtRow(-1, other, other)), 1)

    with open_weights(base) as weights:
        compared = Compared(base, weights.tensors, adapter, frozenset(LINEAR))
        together = likeliest_tokens(compared, asked, trust_remote_code=False)
        apart = [
            likeliest_tokens(compared, AskedTokens((row,), 1), trust_remote_code=False)
            for row in asked.rows
        ]

    assert torch.equal(together, torch.cat(apart))


def test_many_long_rows_without_a_common_beginning_are_compared(base: Path) -> None:
    rows = [TaughtRow(at, [at + 3, *IDS[at:], *IDS[:at]], [-100, *IDS]) for at in range(40)]
    asked = AskedTokens(tuple(rows), 1)

    with open_weights(base) as weights:
        compared = Compared(base, weights.tensors)
        together = likeliest_tokens(compared, asked, trust_remote_code=False)
        apart = [
            likeliest_tokens(compared, AskedTokens((row,), 1), trust_remote_code=False)
            for row in asked.rows
        ]

    assert torch.equal(together, torch.cat(apart))


def test_a_model_that_multiplies_in_bfloat16_finds_nearly_the_same_tokens(
    base: Path, adapter: Path
) -> None:
    save_in(torch.bfloat16, base)
    asked = AskedTokens((TaughtRow(0, IDS, IDS),), 1)

    with open_weights(base) as weights:
        compared = Compared(base, weights.tensors, adapter, frozenset(LINEAR))
        plain, rounded = (
            likeliest_tokens(compared, asked, trust_remote_code=False, is_rounded=is_rounded)
            for is_rounded in (False, True)
        )

    assert (plain == rounded).float().mean() > 0.8  # of a random model, which is sure of nothing


def test_the_answers_of_taught_rows_are_asked(base: Path, tmp_path: Path) -> None:
    import tiny
    from transformers import AutoTokenizer

    data = tiny.save_data(tmp_path / "rows.jsonl", 80)
    config = tmp_path / "config.py"
    config.write_text(f"prompt_template = 'qwen_chat'\ndata_path = {str(data)!r}\nseed = 1\n")
    tokenizer = AutoTokenizer.from_pretrained(base)

    asked = asked_tokens(config, tokenizer)
    without = asked_tokens(tmp_path / "none.py", tokenizer)

    assert len(asked.positions) == asked.taught >= 200
    row = asked.rows[0]
    answer = tokenizer.decode([one for one in row.labels if one != -100])
    assert answer.startswith("Number ")
    assert answer.endswith("<|im_end|>")
    assert (without.taught, len(without.positions)) == (0, 200)


def save_in(dtype: torch.dtype, base: Path) -> None:
    from transformers import AutoModelForCausalLM

    AutoModelForCausalLM.from_pretrained(base, dtype=dtype).save_pretrained(base)


def forget_scale(own: Callable[..., Any]) -> Callable[..., Any]:
    """Fold as one does who forgets that an adapter is scaled."""
    return lambda weight, change, *arguments, **options: own(
        weight, replace(change, scale=3.0), *arguments, **options
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=["float32", "bfloat16"])
@pytest.mark.parametrize(("most", "code"), [(1 << 40, "merge_differs"), (0, "layers_differ")])
def test_a_merge_that_went_wrong_is_found_out_and_not_kept(
    base: Path,
    adapter: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    code: str,
    dtype: torch.dtype,
) -> None:
    """Of a base in bfloat16, inputs are rounded first."""
    save_in(dtype, base)
    monkeypatch.setattr(checking, "MOST_ON_CPU", most)
    monkeypatch.setattr(merged_pieces, "fold", forget_scale(fold))

    with pytest.raises(XtguiError) as caught:
        merge_ours(base, adapter, tmp_path / "merged")

    assert (caught.value.code, caught.value.exit) == (f"convert.{code}", Exit.FAILED)
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize(
    ("shift", "rounded"),
    [(0, [True] * 2), (1, [True] * 2 + [False] * 2)],
    ids=["all the same", "some differ"],
)
def test_what_differs_in_bfloat16_is_computed_once_more_in_float32(
    base: Path,
    adapter: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shift: int,
    rounded: list[bool],
) -> None:
    """Rounding moves all tokens that the merged model finds."""
    save_in(torch.bfloat16, base)
    found: list[bool] = []

    def noisy(compared: Compared, asked: AskedTokens, **options: bool) -> torch.Tensor:
        found.append(options["is_rounded"])
        tokens = likeliest_tokens(compared, asked, **options)
        return tokens + shift if options["is_rounded"] and not compared.adapter else tokens

    monkeypatch.setattr(checking, "likeliest_tokens", noisy)
    monkeypatch.setattr(checking, "multiplies_bfloat16", lambda: True)

    done = merge_ours(base, adapter, tmp_path / "merged")

    assert found == rounded
    assert done["same"] >= 0.99 * done["tokens"]


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
def test_of_a_model_that_is_too_large_some_layers_are_compared(
    base: Path, adapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dtype: str
) -> None:
    monkeypatch.setattr(checking, "MOST_ON_CPU", 0)

    done = merge_ours(base, adapter, tmp_path / "merged", dtype=dtype)

    assert (done["of"], done["tokens"], done["layers"]) == ("layers", 0, 12)


def test_a_model_that_cannot_be_asked_has_its_layers_compared(
    base: Path, adapter: Path, tmp_path: Path
) -> None:
    (base / "tokenizer.json").write_text("{}")

    assert merge_ours(base, adapter, tmp_path / "merged")["of"] == "layers"


def test_the_result_is_found_again_until_base_or_dtype_change(
    base: Path, adapter: Path, tmp_path: Path
) -> None:
    first = merge_ours(base, adapter, tmp_path / "merged")
    again = merge_ours(base, adapter, tmp_path / "merged")
    other = merge_ours(base, adapter, tmp_path / "merged", dtype="bfloat16")
    save_base(base, initializer_range=0.03)
    changed = merge_ours(base, adapter, tmp_path / "merged", dtype="bfloat16")

    assert again == first | {"reused": True}
    assert not other["reused"]
    assert not changed["reused"]
    assert json.loads((tmp_path / "merged" / ".xtgui_made.json").read_text())["check"]["tokens"]


def test_weights_are_mapped_wherever_they_lie_in_their_file(tmp_path: Path) -> None:
    """Of the second one, no number begins at an even byte."""
    values = torch.arange(60_000).view(torch.bfloat16).view(300, 800)
    size = values.numel() * 2
    header = {
        "odd": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},
        "first": {"dtype": "BF16", "shape": [300, 800], "data_offsets": [1, 1 + size]},
    }
    text = json.dumps(header).encode()
    content = values.view(torch.uint8).numpy().tobytes()
    for spaces in range(2):
        whole = text + b" " * spaces
        path = tmp_path / str(spaces) / "model.safetensors"
        path.parent.mkdir()
        path.write_bytes(len(whole).to_bytes(8, "little") + whole + b"\0" + content)

        with open_weights(path.parent) as weights:
            stored = weights.tensors["first"]
            found = streamed_model.mapped(stored)

            assert torch.equal(found.view(torch.int16), load(stored).view(torch.int16))
        assert torch.equal(found.view(torch.int16), values.view(torch.int16))
