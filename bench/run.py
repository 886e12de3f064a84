"""Print the table of the README: `python bench/run.py [startup] [question] [screen] ...`.

Without names, it measures all PARTS. The figures are ratios of interleaved runs, with their spread.
Training takes minutes; the rest less than two.
"""

from __future__ import annotations

import sys

from checkpoints import measure_checkpoints
from conversion import measure_conversion
from data import measure_data
from history import measure_history
from memory import measure_memory
from merging import measure_merging
from screen import measure_screen
from spread import table
from startup import measure_commands, measure_first_question
from training import measure_training

PARTS = {
    "startup": lambda: measure_commands(rounds=15),
    "question": lambda: measure_first_question(rounds=7),
    "screen": lambda: measure_screen(rounds=3),
    "history": lambda: measure_history(rounds=5),
    "memory": lambda: measure_memory(rounds=2),
    "training": lambda: measure_training(rounds=3),
    "data": lambda: measure_data(rounds=5),
    "checkpoints": lambda: measure_checkpoints(rounds=9),
    "merging": lambda: measure_merging(rounds=3),
    "conversion": lambda: measure_conversion(rounds=5),
}


def main(names: list[str]) -> None:
    """Measure the named parts, or all."""
    rows = []
    for name in names or list(PARTS):
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        rows += PARTS[name]()
    print(table(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
