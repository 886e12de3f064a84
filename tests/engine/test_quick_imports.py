"""Models are built and computed without torch's compiler, which is there for whoever wants it."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("torch")]

LEFT_OUT = ("torch._dynamo", "sympy", "scipy", "torchvision")


def run(code: str, *arguments: str) -> Any:
    """Run code in a process of its own, and return the JSON that it prints last."""
    beginning = f"import json, sys\nleft_out = {LEFT_OUT}\n"
    command = [sys.executable, "-c", beginning + textwrap.dedent(code), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_model_is_built_without_what_only_others_need(tiny_model: Path) -> None:
    found = run(
        """
        from pathlib import Path
        from xtgui_cli.engine.quick_imports import import_transformers
        import_transformers(trust_remote_code=False)
        import transformers
        transformers.AutoTokenizer.from_pretrained(sys.argv[1])
        from xtgui_cli.engine.merging.streamed_model import build
        from xtgui_cli.engine.weights.weight_files import open_weights
        with open_weights(Path(sys.argv[1])) as weights:
            build(Path(sys.argv[1]), weights.tensors, trust_remote_code=False)
        print(json.dumps([name for name in left_out if name in sys.modules]))
        """,
        str(tiny_model),
    )

    assert found == []


def test_what_was_left_out_can_be_imported_later() -> None:
    found = run(
        """
        from xtgui_cli.engine.quick_imports import import_transformers
        import_transformers(trust_remote_code=False)
        import torch
        compiled = torch.compile(lambda value: value + 1, backend="eager")
        from transformers import masking_utils
        with masking_utils.TransformGetItemToIndex():
            pass
        import scipy, torchvision
        print(json.dumps([compiled(torch.ones(2)).tolist(), all(map(sys.modules.get, left_out))]))
        """
    )

    assert found == [[2, 2], True]


def test_a_version_that_needs_more_is_imported_as_usual(tiny_model: Path) -> None:
    found = run(
        """
        from xtgui_cli.engine import quick_imports
        quick_imports._MARKS = ("disable",)
        quick_imports.import_transformers(trust_remote_code=False)
        from transformers import AutoModelForCausalLM
        model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
        print(json.dumps([model.config.model_type, hasattr(sys.modules["torch._dynamo"], "reset")]))
        """,
        str(tiny_model),
    )

    assert found == ["llama", True]


@pytest.mark.parametrize("trusted", [True, False])
def test_code_of_a_models_own_finds_everything(trusted: bool) -> None:
    found = run(
        f"""
        from xtgui_cli.engine.quick_imports import import_transformers
        import_transformers(trust_remote_code={trusted})
        from transformers.utils import is_scipy_available
        print(json.dumps(is_scipy_available()))
        """
    )

    assert found is trusted
