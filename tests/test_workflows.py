"""CI runs make targets that exist, pins its actions, and may only read."""

from __future__ import annotations

import re

import pytest
from places import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (REPOSITORY / "Makefile").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.M))

of_each_workflow = pytest.mark.parametrize(
    "workflow",
    [path.read_text("utf-8") for path in WORKFLOWS],
    ids=[path.stem for path in WORKFLOWS],
)


@of_each_workflow
def test_a_workflow_runs_make_targets_only(workflow: str) -> None:
    commands = re.findall(r"^\s*(?:- )?run: *(.*)$", workflow, re.M)

    assert commands
    assert [one for one in commands if one.removeprefix("make ") not in TARGETS] == []


@of_each_workflow
def test_actions_are_pinned_to_commits(workflow: str) -> None:
    uses = re.findall(r"uses: *(.*)$", workflow, re.M)

    assert uses
    assert [
        one for one in uses if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", one)
    ] == []


@of_each_workflow
def test_a_workflow_may_only_read(workflow: str) -> None:
    assert re.findall(r"^permissions:\n((?: +.*\n)+)", workflow, re.M) == ["  contents: read\n"]
    assert workflow.count("permissions:") == 1
    assert workflow.count("persist-credentials: false") == workflow.count("actions/checkout@")


def test_every_supported_python_is_tested() -> None:
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    oldest = re.search(r'requires-python = ">=3\.(\d+)"', project)
    assert oldest

    tested = re.findall(r"python: \[(.*)\]", "".join(path.read_text("utf-8") for path in WORKFLOWS))

    assert tested[0].startswith(f'"3.{oldest[1]}"')


def test_contributing_names_targets_that_exist() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")

    named = set(re.findall(r"`make (?:[A-Z]+=\S+ )?([a-z-]+)`", text))

    assert len(named) > 10
    assert named <= TARGETS


def test_every_target_is_phony() -> None:
    phony = re.search(r"^\.PHONY:((?:.*\\\n)*.*)$", MAKEFILE, re.M)
    assert phony

    assert set(phony[1].replace("\\", "").split()) == TARGETS
