"""What each check of `xtgui doctor` makes of what is known: the level, the words, the commands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from doctor_example import (
    AMPERE,
    CLASSIC,
    ENGINE,
    HEALTHY,
    HUGGING_FACE,
    MODELSCOPE,
    NOW,
    TURING,
    with_engine,
    with_gpu,
    with_packages,
    without_gpu,
)

from xtgui_cli.project.doctor.facts import EngineFacts, Facts, HubState, TorchBuild
from xtgui_cli.project.doctor.findings import Level
from xtgui_cli.project.doctor.table import CHECKS, examine
from xtgui_cli.texts import LANGUAGES, in_language
from xtgui_cli.ui.console import in_words
from xtgui_cli.ui.doctor_view import label_of

OK, WARNING, FAILURE = Level


def hubs(first: HubState, second: HubState, reason: str = "") -> Facts:
    states = ((HUGGING_FACE, first), (MODELSCOPE, second))
    asked = (replace(hub, clock=None, state=state, reason=reason) for hub, state in states)
    return replace(HEALTHY, hubs=tuple(asked))


def memory(total: float, machine: float = 64.0, shm: float | None = 32.0) -> Facts:
    there = replace(HEALTHY.memory, total_gib=total, machine_gib=machine, shm_gib=shm)
    return replace(HEALTHY, memory=there)


def disk(**said: Any) -> Facts:
    return replace(HEALTHY, disk=replace(HEALTHY.disk, **said))


EMPTY = replace(ENGINE, installed={"numpy": "2.4.6"}, torch=None, bitsandbytes_cuda=frozenset())
GONE = EngineFacts(stack="modern", python=Path("/env/bin/python"), tested=ENGINE.tested)
SILENT = replace(GONE, is_silent=True)
OLD_CARD, ANCIENT_CARD = (replace(TURING, capability=each) for each in ((6, 1), (3, 7)))
NEW_CARD = replace(TURING, capability=(10, 3))
CUDA_13 = TorchBuild((13, 0), frozenset({(8, 0)}))

CASES = [
    # name, facts, level, code, what a command must hold
    ("system", HEALTHY, OK, "system.linux", ""),
    ("system", replace(HEALTHY, system="win32"), FAILURE, "system.windows", "wsl --install"),
    ("system", replace(HEALTHY, system="darwin"), OK, "system.mac", ""),
    ("python", HEALTHY, OK, "python.ok", ""),
    ("python", with_engine(is_ours=False), OK, "python.ok_other", ""),
    (
        "python",
        replace(HEALTHY, engines=(replace(EMPTY, version=(3, 13, 1)),)),
        FAILURE,
        "python.wrong",
        "xtgui setup --python ~/xtgui-engine",
    ),
    ("python", with_engine(version=(3, 10, 4)), OK, "python.ok", ""),
    ("modern", HEALTHY, OK, "stack.ok", ""),
    ("modern", with_packages(torch="2.9.1+cu126"), OK, "stack.ok", ""),
    ("modern", replace(HEALTHY, engines=(EMPTY,)), FAILURE, "stack.missing", "xtgui setup"),
    ("modern", replace(HEALTHY, engines=(GONE,)), FAILURE, "stack.gone", "xtgui setup --python"),
    ("modern", replace(HEALTHY, engines=(SILENT,)), WARNING, "stack.silent", ""),
    ("modern", with_packages(transformers=None), FAILURE, "stack.incomplete", "xtgui setup"),
    ("modern", with_packages(bitsandbytes=None), OK, "stack.ok", ""),
    ("modern", with_packages(transformers="4.57.6"), WARNING, "stack.untested", "xtgui setup"),
    (
        "modern",
        with_engine(torch_of_torchvision="2.8.0"),
        FAILURE,
        "stack.torch_pair",
        "uv pip install --python /env/bin/python torch==2.9.1 torchvision==0.24.1",
    ),
    ("gpu", HEALTHY, OK, "gpu.ok", ""),
    ("gpu", with_gpu(TURING, AMPERE), OK, "gpu.ok_many", ""),
    ("gpu", without_gpu(), WARNING, "gpu.none", ""),
    ("gpu", replace(without_gpu(), system="darwin"), WARNING, "gpu.mac", ""),
    ("gpu", with_gpu(AMPERE, visible="-1"), WARNING, "gpu.hidden", "unset CUDA_VISIBLE_DEVICES"),
    ("gpu", without_gpu(is_on_bus=True), WARNING, "gpu.no_driver", "drivers install"),
    ("gpu", without_gpu(is_on_bus=True, driver="5.1"), WARNING, "gpu.no_program", ""),
    ("gpu", without_gpu(driver="5.1", complaint="mismatch"), WARNING, "gpu.failed", "reboot"),
    ("gpu", without_gpu(is_silent=True), WARNING, "gpu.silent", "reboot"),
    ("cuda", HEALTHY, OK, "cuda.ok", ""),
    ("cuda", with_gpu(AMPERE, cuda=(12, 2)), OK, "cuda.ok_minor", ""),
    ("cuda", with_gpu(AMPERE, cuda=(13, 0)), OK, "cuda.ok", ""),
    ("cuda", with_gpu(AMPERE, cuda=None), OK, "cuda.built", ""),
    ("cuda", with_gpu(AMPERE, cuda=(11, 4)), WARNING, "cuda.old_driver", ""),
    ("cuda", with_engine(torch=CUDA_13), WARNING, "cuda.older_build", "--torch-backend auto"),
    ("cuda", with_engine(torch=TorchBuild(None)), WARNING, "cuda.cpu_build", "--torch-backend"),
    ("cuda", without_gpu(), OK, "cuda.unused", ""),
    ("capability", HEALTHY, OK, "capability.bf16", ""),
    ("capability", with_gpu(TURING), OK, "capability.fp16", ""),
    ("capability", with_gpu(replace(AMPERE, capability=(8, 9))), OK, "capability.bf16", ""),
    ("capability", with_gpu(OLD_CARD), FAILURE, "capability.too_old", "--torch-backend cu126"),
    ("capability", with_gpu(NEW_CARD), FAILURE, "capability.too_new", "--torch-backend auto"),
    ("capability", with_gpu(ANCIENT_CARD), FAILURE, "capability.never", "CUDA_VISIBLE_DEVICES"),
    (
        "flash_attention",
        with_packages(flash_attn="2.8.3"),
        FAILURE,
        "flash.trap",
        "uv pip uninstall --python /env/bin/python flash-attn",
    ),
    ("flash_attention", with_packages(flash_attn="2.1.0"), OK, "flash.unused", ""),
    ("flash_attention", with_packages(without_gpu(), flash_attn="2.8.3"), OK, "flash.unused", ""),
    ("triton", HEALTHY, OK, "triton.ok", ""),
    ("triton", with_packages(triton=None), WARNING, "triton.missing", "triton==3.5.1"),
    ("triton", with_packages(triton="3.0.0"), WARNING, "triton.other", "triton==3.5.1"),
    ("bitsandbytes", HEALTHY, OK, "bitsandbytes.ok", ""),
    (
        "bitsandbytes",
        with_packages(bitsandbytes=None),
        WARNING,
        "bitsandbytes.missing",
        "install --python /env/bin/python bitsandbytes==0.50.2",
    ),
    (
        "bitsandbytes",
        with_packages(bitsandbytes="0.45.0"),
        FAILURE,
        "bitsandbytes.broken",
        "bitsandbytes==0.50.2",
    ),
    (
        "bitsandbytes",
        with_engine(bitsandbytes_cuda=frozenset({(11, 8)})),
        WARNING,
        "bitsandbytes.no_cuda",
        "bitsandbytes==0.50.2",
    ),
    ("disk", HEALTHY, OK, "disk.ok", ""),
    ("disk", disk(free_bytes=5e9), WARNING, "disk.little", "du -xh"),
    ("disk", disk(free_bytes=5e8), FAILURE, "disk.full", "du -xh"),
    ("disk", disk(is_writable=False), FAILURE, "disk.read_only", ""),
    ("memory", HEALTHY, OK, "memory.ok", ""),
    ("memory", memory(16), OK, "memory.ok_limited", ""),
    ("memory", memory(4, 4), WARNING, "memory.little", "xtgui estimate"),
    ("memory", memory(4), WARNING, "memory.little_limited", "xtgui estimate"),
    ("memory", memory(1.5, 1.5), FAILURE, "memory.too_little", ""),
    ("memory", memory(1.5), FAILURE, "memory.too_little_limited", ""),
    ("shared_memory", HEALTHY, OK, "shm.ok", ""),
    ("shared_memory", memory(64, shm=0.0625), WARNING, "shm.small", "docker run --shm-size"),
    ("shared_memory", memory(64, shm=None), WARNING, "shm.missing", ""),
    ("wsl", replace(HEALTHY, is_wsl=True), OK, "wsl.ok", ""),
    ("wsl", replace(memory(8, 8), is_wsl=True), WARNING, "wsl.capped", "wsl --shutdown"),
    ("wsl", replace(disk(kind="9p"), is_wsl=True), WARNING, "wsl.windows_drive", "--root ~/"),
    ("hub", HEALTHY, OK, "hub.ok", ""),
    ("hub", hubs("answered", "silent"), OK, "hub.ok_some", ""),
    ("hub", hubs("silent", "answered"), WARNING, "hub.ok_other", "--source modelscope"),
    ("hub", hubs("silent", "silent"), WARNING, "hub.silent", "HF_ENDPOINT=https://hf-mirror.com"),
    ("hub", hubs("unreachable", "silent", "refused"), WARNING, "hub.unreachable", "HF_ENDPOINT="),
    ("hub", hubs("offline", "silent"), WARNING, "hub.offline", "unset HF_HUB_OFFLINE"),
    ("token", HEALTHY, OK, "token.there", ""),
    ("token", replace(HEALTHY, has_token=False), OK, "token.none", ""),
    ("clock", HEALTHY, OK, "clock.compared", ""),
    ("clock", replace(HEALTHY, now=NOW + timedelta(hours=1)), WARNING, "clock.off", "set-ntp"),
    ("clock", hubs("silent", "silent"), OK, "clock.ok", ""),
    (
        "clock",
        replace(hubs("silent", "silent"), now=NOW - timedelta(days=2000)),
        WARNING,
        "clock.early",
        "set-ntp",
    ),
    ("locale", HEALTHY, OK, "locale.ok", ""),
    ("locale", replace(HEALTHY, encoding="gbk"), WARNING, "locale.narrow", "LC_ALL=C.UTF-8"),
]


@pytest.mark.parametrize(
    ("name", "facts", "level", "code", "command"), CASES, ids=[f"{c[0]}-{c[3]}" for c in CASES]
)
def test_a_check_says_what_is_wrong_and_what_mends_it(
    name: str, facts: Facts, level: Level, code: str, command: str
) -> None:
    found = examine(facts)[name]

    assert (found.level, found.notice.name) == (level, code)
    assert command in " && ".join(found.commands)
    for language in LANGUAGES:
        words = in_language(language, lambda: in_words(found.notice))
        assert words, language
        assert "{" not in words


def test_every_check_is_tried_above_and_has_a_label() -> None:
    assert {check.name for check in CHECKS} - {case[0] for case in CASES} == {"classic"}
    assert all(label_of(check.name) for check in CHECKS)


def test_a_healthy_machine_gets_no_warning() -> None:
    assert [name for name, found in examine(HEALTHY).items() if found.level] == []


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("classic", HEALTHY),
        ("wsl", HEALTHY),
        ("flash_attention", HEALTHY),
        ("shared_memory", replace(HEALTHY, system="darwin")),
        ("capability", without_gpu()),
        ("capability", with_gpu(replace(AMPERE, capability=None))),
        ("triton", without_gpu()),
        ("bitsandbytes", replace(HEALTHY, engines=(EMPTY,))),
    ],
)
def test_what_does_not_concern_a_machine_is_not_shown(name: str, facts: Facts) -> None:
    assert name not in examine(facts)


def test_a_second_stack_that_is_missing_or_broken_stops_nobody() -> None:
    absent = replace(HEALTHY, engines=(ENGINE, replace(CLASSIC, python=None, version=None)))
    broken = replace(HEALTHY, engines=(ENGINE, replace(CLASSIC, installed={})))

    assert examine(absent)["classic"].level == OK
    assert examine(broken)["classic"].level == WARNING
    assert "--stack classic" in examine(broken)["classic"].commands[0]


def test_the_second_stack_alone_trains_what_it_can() -> None:
    classic = replace(CLASSIC, torch=TorchBuild(None))
    facts = replace(HEALTHY, engines=(EMPTY, classic))

    assert facts.engine is classic
    assert examine(facts)["cuda"].notice.name == "cuda.cpu_build"


@pytest.mark.parametrize(
    ("visible", "index"), [(None, 0), ("1", 1), ("1,0", 1), ("GPU-bb", 1), ("", None), ("7", None)]
)
def test_the_gpu_that_a_run_takes_is_the_first_visible_one(
    visible: str | None, index: int | None
) -> None:
    used = with_gpu(TURING, AMPERE, visible=visible).gpu.used

    assert (used and used.index) == index
