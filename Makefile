# Everything sets itself up in .venv first, from nothing but Python 3.11 or 3.12 and a package
# index. `make PYTHON=/path/to/python test` chooses the interpreter.

PYTHON ?= $(shell for python in python3 python3.11 python3.12; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null \
	&& echo $$python && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
# Without the engine, one for each Python: recursive, so that only targets that need it ask.
LIGHT = $(VENV)/light-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')

# Tests start hundreds of interpreters: with this set, each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup setup-classic setup-light demo test test-fast test-processes test-light test-engine \
	test-typer check format wheel bench teach clean

setup:
	@$(PYTHON) scripts/set_up.py $(VENV)

# The classic engine as well, for the tests that need it; they are skipped without it.
setup-classic:
	@$(PYTHON) scripts/set_up.py $(VENV) classic

# What needs no engine, under any Python from 3.10 on.
setup-light:
	@$(PYTHON) scripts/set_up.py $(LIGHT) light

demo: setup
	$(BIN)/xtgui demo

test: check test-fast test-processes setup-classic test-engine test-typer

# What runs in the test's own process: for every save.
test-fast: setup
	$(BIN)/python -m pytest -m "not engine and not process" -n 2 --dist worksteal -q

# Three workers for two cores: these tests wait for terminals, processes and servers.
test-processes: setup
	$(BIN)/python -m pytest -m "process and not engine" -n 3 --dist worksteal -q

# The fast tests without torch and xtuner: `make PYTHON=python3.13 test-light`.
test-light: setup-light
	$(LIGHT)/bin/python -m pytest -m "not engine" --ignore=tests/engine -n 3 --dist worksteal -q

# One thread for each engine: two of them share the cores better than they share a thread pool.
test-engine: setup
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m engine -n 2 --dist loadfile -q

# The command line with the oldest and the newest Typer that pyproject.toml allows, and with the last
# one that checks values itself; each comes into a folder of its own, found before what is installed.
# Older ones use what newer clicks call deprecated.
test-typer: setup
	for typer in 'typer==0.25.*' 'typer==0.28.*' 'typer<1'; do \
		$(BIN)/uv pip install --quiet --upgrade --target "build/$$typer" "$$typer" && \
		PYTHONPATH="build/$$typer" $(BIN)/python -m pytest -n 2 -q \
			-W ignore::DeprecationWarning tests/cli || exit 1; \
	done

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# What a release uploads, and whether the wheel works by itself.
wheel: setup-light
	rm -rf dist build/wheel
	$(LIGHT)/bin/python -m build --outdir dist
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/python -m pip install --quiet dist/*.whl
	build/wheel/bin/xtgui --help

bench: setup
	$(BIN)/python bench/run.py

# What small models learn, on sets of rows that nothing was tuned on: hours, see docs/learning.md.
teach: setup
	$(BIN)/python bench/teach/teach.py --split judge

clean:
	rm -rf $(VENV) build dist xtgui-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
