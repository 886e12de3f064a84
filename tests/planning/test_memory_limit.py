"""The limits of control groups, read from files as the kernel writes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xtgui_cli.planning.memory_limit import MemoryLimit, find_memory_limit


def write(system: Path, files: Mapping[str, str]) -> Path:
    for name, content in files.items():
        file = system / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return system


def test_a_container_sees_its_own_limit_at_the_root(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": "4000\n",
        "sys/fs/cgroup/memory.current": "3000\n",
        "sys/fs/cgroup/memory.stat": "anon 900\ninactive_file 2000\nactive_file 100\n",
    }

    assert find_memory_limit(write(tmp_path, files)) == MemoryLimit(total=4000, used=1000)


def test_the_tightest_of_all_outer_groups_counts(tmp_path: Path) -> None:
    group = "sys/fs/cgroup/slurm"
    files = {
        "proc/self/cgroup": "0::/slurm/job_7/step_0\n",
        f"{group}/memory.max": "max\n",
        f"{group}/memory.current": "1\n",
        f"{group}/job_7/memory.max": "500\n",
        f"{group}/job_7/memory.current": "20\n",
        f"{group}/job_7/step_0/memory.max": "900\n",
        f"{group}/job_7/step_0/memory.current": "10\n",
    }

    assert find_memory_limit(write(tmp_path, files)) == MemoryLimit(total=500, used=20)


def test_the_first_version_of_control_groups_is_read_too(tmp_path: Path) -> None:
    group = "sys/fs/cgroup/memory/docker/abc"
    files = {
        "proc/self/cgroup": "9:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/\n",
        f"{group}/memory.limit_in_bytes": "700\n",
        f"{group}/memory.usage_in_bytes": "300\n",
        f"{group}/memory.stat": "inactive_file 1\ntotal_inactive_file 100\n",
    }

    assert find_memory_limit(write(tmp_path, files)) == MemoryLimit(total=700, used=200)


def test_a_group_outside_of_the_containers_view_is_looked_for_within_it(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/../../etc\n",
        "sys/fs/cgroup/memory.max": "800\n",
        "sys/fs/cgroup/memory.current": "8\n",
        "etc/memory.max": "1\n",
        "etc/memory.current": "1\n",
    }

    assert find_memory_limit(write(tmp_path, files)) == MemoryLimit(total=800, used=8)


def test_without_limits_there_is_none(tmp_path: Path) -> None:
    assert find_memory_limit(tmp_path) is None
    assert find_memory_limit(write(tmp_path, {"proc/self/cgroup": "garbage\n0::/a\n"})) is None
