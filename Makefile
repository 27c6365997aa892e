# `make` alone lists what there is. Every target sets up the environment when it is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help build check test long docs clean
help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: $(VENV)/.installed  ## make sample documents, build, check and publish warehouse/mingzhang.duckdb
	$(BIN)/mingzhang build

check: $(VENV)/.installed  ## lint, format, types, changed SQL, unit tests and conventions (before each commit)
	$(BIN)/python -m tests.run check

test: $(VENV)/.installed  ## everything that must pass before a merge: the above, all SQL and every test
	$(BIN)/python -m tests.run test

long: $(VENV)/.installed  ## faults, soak, mutations, planted errors, growing inputs, corpora: an hour and more
	$(BIN)/python -m tests.run long

docs: build  ## regenerate docs/tables.md and docs/identities.md
	$(BIN)/mingzhang docs

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

clean:  ## remove the environment, builds and what dbt compiled
	rm -rf $(VENV) var
