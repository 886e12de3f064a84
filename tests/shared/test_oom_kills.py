"""How often the kernel has killed for want of memory, wherever it counts that."""

from __future__ import annotations

from pathlib import Path

import pytest

from xtgui_cli.shared.oom_kills import count_oom_kills

EVENTS = "low 0\nhigh 0\nmax 12\noom 3\noom_kill {count}\noom_group_kill 0\n"


def write(system: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (system / name).parent.mkdir(parents=True, exist_ok=True)
        (system / name).write_text(content)
    return system


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.events": EVENTS.format(count=2)}, 2),
        (
            {
                "proc/self/cgroup": "0::/user.slice/user-0.slice/session-3.scope\n",
                "sys/fs/cgroup/user.slice/memory.events": EVENTS.format(count=5),
                "proc/vmstat": "nr_free_pages 9\noom_kill 7\n",
            },
            5,
        ),
        ({"proc/self/cgroup": "4:memory:/x\n", "proc/vmstat": "pgfault 1\noom_kill 7\n"}, 7),
        ({"proc/vmstat": "oom_kill many\n"}, None),
        ({}, None),
    ],
)
def test_the_outermost_group_counts_or_else_the_whole_machine(
    tmp_path: Path, files: dict[str, str], count: int | None
) -> None:
    assert count_oom_kills(write(tmp_path, files)) == count
