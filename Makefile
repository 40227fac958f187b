# Every target first makes .venv from requirements.lock; pip's own configuration decides where packages come from.
SHELL := bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/.stamp
UV_VERSION := 0.13.9
FUZZ_SECONDS ?= 3600

.PHONY: help setup demo up test test-faults fuzz bench bench-x12 lint lock clean
.DEFAULT_GOAL := help

help: $(STAMP) ## Show these targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(STAMP) ## Make .venv with the overturn command, and fetch the broker's jars

$(STAMP): requirements.lock pyproject.toml deploy/local/kafka.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; name one: make PYTHON=/path/to/python3.11 setup" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	$(BIN)/python -m compileall -q -j 0 .venv/lib services schemas deploy
	$(BIN)/python -m deploy.local.fetch
	@touch $@

demo: $(STAMP) ## 200 encounters through every service to the money
	$(BIN)/overturn demo --encounters 200 --seed 7

up: $(STAMP) ## The whole stack in the foreground until Ctrl-C; keeps its state
	$(BIN)/overturn up

test: $(STAMP) ## All tests but the long fault run and the benchmarks
	$(BIN)/python -m pytest -m "not long"

test-faults: $(STAMP) ## The full fault run: 2,000 encounters, 200 kills
	$(BIN)/python -m pytest -m long tests/faults

fuzz: $(STAMP) ## The X12 codec fed with bent files for FUZZ_SECONDS (3600); what it finds is in .overturn/fuzz/found
	mkdir -p .overturn/fuzz/found
	$(BIN)/python -m tests.fuzz.x12_fuzz -max_total_time=$(FUZZ_SECONDS) -max_len=16384 -timeout=20 \
	  -artifact_prefix=.overturn/fuzz/found/ .overturn/fuzz/corpus

bench-x12: $(STAMP) ## Speed and memory of the X12 codec beside str.split, oxedi and x12sdk
	$(BIN)/python -m tests.bench.bench_x12

bench: $(STAMP) ## Throughput beside a bare loop on the same parts
	$(BIN)/overturn bench

lint: $(STAMP) ## ruff, mypy --strict, import walls
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict services schemas deploy
	@if grep -q '^\[tool.importlinter\]' pyproject.toml; then $(BIN)/lint-imports; fi

lock: ## Resolve pyproject.toml anew into requirements.lock (needs a package index)
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet --output-file requirements.lock

clean: ## Delete what the targets made: .venv, .overturn, caches
	rm -rf .venv .overturn build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
