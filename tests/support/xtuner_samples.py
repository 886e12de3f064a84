"""Asks xtuner what all its templates make of a file: argument 1 JSON lines, argument 2 a tokenizer.

Writes beside the file (.answer), by template, one entry a sample: the text of the tokens with a
label. minicpm has no place for a system text: it is given the rows without one. Under "alpaca"
stand the questions that alpaca_map_fn makes of the pairs in the file .pairs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from xtgui_cli.engine import compat, compat_xtuner
from xtgui_cli.engine.config_facts import ConfigFacts
from xtgui_cli.shared.custom_template import as_template


def main() -> None:
    path, folder = Path(sys.argv[1]), sys.argv[2]
    facts = ConfigFacts(needs_bitsandbytes=False)
    compat.apply_fixes(compat.BEFORE_IMPORTS + compat.BEFORE_XTUNER, facts)
    import datasets
    import xtuner.dataset.utils as xtuner_utils
    from transformers import AutoTokenizer
    from xtuner.dataset import process_hf_dataset
    from xtuner.dataset.map_fns import alpaca_map_fn, openai_map_fn, template_map_fn_factory
    from xtuner.utils import PROMPT_TEMPLATE

    datasets.disable_progress_bars()
    original = xtuner_utils.get_bos_eos_token_ids
    tokenizer = AutoTokenizer.from_pretrained(folder)
    rows = datasets.load_dataset(
        "json", data_files={"train": str(path)}, cache_dir=str(path.parent)
    )

    def has_no_system(row: dict[str, Any]) -> bool:
        return all(message["role"] != "system" for message in row["messages"])

    answer: dict[str, Any] = {}
    for name in PROMPT_TEMPLATE:
        xtuner_utils.get_bos_eos_token_ids = original
        compat_xtuner.choose_bos_by_chat_template(ConfigFacts(template=as_template(name)))
        samples = process_hf_dataset(
            dataset=rows.filter(has_no_system) if name == "minicpm" else rows,
            tokenizer=tokenizer,
            max_length=10**9,
            dataset_map_fn=openai_map_fn,
            template_map_fn=template_map_fn_factory(PROMPT_TEMPLATE[name]),
            remove_unused_columns=True,
            pack_to_max_length=False,
            map_num_proc=None,
        )
        answer[name] = [
            tokenizer.decode([label for label in labels if label >= 0])
            for labels in samples["labels"]
        ]
    pairs = json.loads(path.with_suffix(".pairs").read_text("utf-8"))
    answer["alpaca"] = [alpaca_map_fn(pair)["conversation"][0]["input"] for pair in pairs]
    path.with_suffix(".answer").write_text(json.dumps(answer), "utf-8")


if __name__ == "__main__":
    main()
