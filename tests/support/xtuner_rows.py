"""Asks xtuner what becomes of rows: argument 1 a file of lists of messages, argument 2 a tokenizer.

Writes a list beside the file (.answer), one entry a row: `turns` (input, output, system, trained),
`trained` (how many tokens have a label; 0 means xtuner drops the row), or `error`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from xtgui_cli.engine import compat, compat_xtuner
from xtgui_cli.engine.config_facts import ConfigFacts


def main() -> None:
    path, folder = Path(sys.argv[1]), sys.argv[2]
    facts = ConfigFacts(needs_bitsandbytes=False)
    compat.apply_fixes(compat.BEFORE_IMPORTS + compat.BEFORE_XTUNER, facts)
    from transformers import AutoTokenizer
    from xtuner.dataset.map_fns import openai_map_fn, template_map_fn_factory
    from xtuner.dataset.utils import encode_fn
    from xtuner.utils import PROMPT_TEMPLATE

    compat_xtuner.choose_bos_by_chat_template(facts)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    write = template_map_fn_factory(PROMPT_TEMPLATE.qwen_chat)

    def ask(messages: list[Any]) -> dict[str, Any]:
        try:
            mapped = openai_map_fn({"messages": messages})
            turns = [dict(turn) for turn in mapped["conversation"]]
            if not turns:
                return {"turns": [], "trained": 0}
            labels = encode_fn(write(mapped), tokenizer, 10**9)["labels"]
            return {"turns": turns, "trained": sum(label >= 0 for label in labels)}
        except Exception as error:
            return {"error": type(error).__name__}

    answers = [ask(messages) for messages in json.loads(path.read_text("utf-8"))]
    path.with_suffix(".answer").write_text(json.dumps(answers), "utf-8")


if __name__ == "__main__":
    main()
