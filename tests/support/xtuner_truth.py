"""Asks xtuner itself, in one process: templates, token ids, numbers of samples.

Reads a JSON request from the file that is its argument and writes the answer to stdout's file
beside it, so that what libraries print does no harm.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from xtgui_cli.engine import compat, compat_xtuner
from xtgui_cli.engine.config_facts import ConfigFacts
from xtgui_cli.shared.custom_template import as_template


def templates() -> dict[str, Any]:
    from xtuner.utils import PROMPT_TEMPLATE

    return {name: dict(template) for name, template in PROMPT_TEMPLATE.items()}


def encodings(request: dict[str, Any], original: Any) -> list[list[dict[str, Any]]]:
    """Return what encode_fn makes of each conversation: one list a (tokenizer, template) pair."""
    import xtuner.dataset.utils as xtuner_utils
    from transformers import AutoTokenizer
    from xtuner.dataset.map_fns import openai_map_fn, template_map_fn_factory
    from xtuner.utils import PROMPT_TEMPLATE

    answers = []
    for folder, name in request["pairs"]:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        xtuner_utils.get_bos_eos_token_ids = original
        compat_xtuner.choose_bos_by_chat_template(ConfigFacts(template=as_template(name)))
        write = template_map_fn_factory(PROMPT_TEMPLATE[name])
        answers.append(
            [
                xtuner_utils.encode_fn(
                    write(openai_map_fn(row)), tokenizer, request.get("max_length", 10**9)
                )
                for row in request["conversations"]
                if name != "minicpm" or all(m["role"] != "system" for m in row["messages"])
            ]
        )
    return answers


def samples(request: dict[str, Any], original: Any) -> list[int]:
    """Return the number of samples that process_hf_dataset makes of each case."""
    import xtuner.dataset.utils as xtuner_utils
    from datasets import load_dataset
    from mmengine.runner import set_random_seed
    from transformers import AutoTokenizer
    from xtuner.dataset import process_hf_dataset
    from xtuner.dataset.map_fns import openai_map_fn, template_map_fn_factory
    from xtuner.utils import PROMPT_TEMPLATE

    xtuner_utils.get_bos_eos_token_ids = original
    compat_xtuner.choose_bos_by_chat_template(ConfigFacts(template=as_template("qwen_chat")))
    tokenizer = AutoTokenizer.from_pretrained(request["model"])
    counts = []
    for case in request["cases"]:
        rows = load_dataset("json", data_files={"train": case["data"]})
        set_random_seed(case["seed"])
        dataset = process_hf_dataset(
            dataset=rows,
            tokenizer=tokenizer,
            max_length=case["max_length"],
            dataset_map_fn=openai_map_fn,
            template_map_fn=template_map_fn_factory(PROMPT_TEMPLATE.qwen_chat),
            max_dataset_length=case["max_dataset_length"],
            remove_unused_columns=True,
            shuffle_before_pack=True,
            pack_to_max_length=case["pack"],
            map_num_proc=None,
        )
        counts.append(len(dataset))
    return counts


def main() -> None:
    path = Path(sys.argv[1])
    request = json.loads(path.read_text("utf-8"))
    facts = ConfigFacts(needs_bitsandbytes=False)
    compat.apply_fixes(compat.BEFORE_IMPORTS + compat.BEFORE_XTUNER, facts)
    import datasets
    import xtuner.dataset.utils as xtuner_utils

    datasets.disable_progress_bars()
    original = xtuner_utils.get_bos_eos_token_ids
    answer = {
        "templates": templates(),
        "encodings": encodings(request["encodings"], original),
        "samples": samples(request["samples"], original) if "samples" in request else [],
    }
    path.with_suffix(".answer").write_text(json.dumps(answer), "utf-8")


if __name__ == "__main__":
    main()
