# make run   builds, validates, exports and questions the graph of seeds/articles in out/
# make test  runs every check
# Both set up what they need in .venv; nothing has to be installed first but Python 3.11 or newer.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
OUT := out
ARTICLES := seeds/articles
GOLD_DIR ?= tests/gold
GOLD ?= $(GOLD_DIR)
QUOTATIONS ?=

# What the graph is made from: when one of these is newer than the graph, it is built again.
SOURCES = $(shell find pipeline/schachzug ontology queries seeds -type f \
	! -name '*.pyc' ! -path '*/sources/*' 2>/dev/null | sed 's/ /\\ /g')

.PHONY: help install run test lint types unit evaluate bench faults picture pages model model-report lock clean

help: ## show what can be made
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

# The first of these names that is Python 3.11 or newer makes the environment; PYTHON=… overrides.
$(BIN)/python:
	@for name in $${PYTHON:-} python3.11 python3.12 python3.13 python3.14 python3 python; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then echo "Schachzug needs Python 3.11 or newer. Install it, or name it: make PYTHON=/path/to/python" >&2; exit 3; fi; \
	"$$found" -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "$$found cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 3; }

$(VENV)/.locked: requirements.lock | $(BIN)/python
	@echo "Installing the pinned dependencies into $(VENV) …" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml pipeline/schachzug/_version.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

install: $(VENV)/.installed ## make .venv with the pinned dependencies and the package

$(OUT)/.built: $(VENV)/.installed $(SOURCES)
	$(BIN)/schachzug build $(ARTICLES) --out $(OUT)
	$(BIN)/schachzug validate $(OUT)
	@touch $@

run: $(OUT)/.built ## build and validate the graph of seeds/articles, and answer the stored questions
	$(BIN)/schachzug ask --all --on $(OUT)

test: lint types unit ## run every check

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed
	$(BIN)/mypy

unit: $(VENV)/.installed
	$(BIN)/python -m pytest

evaluate: $(VENV)/.installed ## score the claims, into docs/figures.md (GOLD_DIR=folder, QUOTATIONS=file)
	$(BIN)/schachzug evaluate $(GOLD) $(if $(QUOTATIONS),--quotations "$(QUOTATIONS)") --figures docs/figures.md

picture: $(OUT)/.built ## draw the influence graph of seeds/articles again
	$(BIN)/python -m schachzug.picture $(OUT) docs/influence.svg

pages: picture ## write again what commands print in README.md and docs
	$(BIN)/python tests/docs/pages.py

model: $(VENV)/.installed ## train the bundled language model again, some two hours (DATA=folder of the data)
	pipeline/training/train.sh "$(DATA)"

model-report: $(VENV)/.installed ## measure the language model, into docs/figures.md (DATA=folder of the data)
	OMP_NUM_THREADS=1 $(BIN)/python pipeline/training/report.py "$(DATA)" --into docs/figures.md

bench: $(VENV)/.installed ## measure speed, memory and questions, into docs/figures.md (DATA=file.jsonl BENCH=--large)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python pipeline/tools/bench.py --data $(or $(DATA),$(ARTICLES)) $(BENCH)

faults: $(VENV)/.installed ## kill 200 builds, feed 10,000 broken inputs, into docs/figures.md (DATA=file.jsonl FAULTS=--kills=20)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONPATH=pipeline \
	  $(BIN)/python -m tests.faults --data $(or $(DATA),$(ARTICLES)) $(FAULTS)

lock: ## pin the dependencies again, in an environment of its own
	@rm -rf $(VENV)-lock && $${PYTHON:-python3} -m venv $(VENV)-lock
	@$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools
	$(VENV)-lock/bin/pip-compile --quiet --extra dev --extra picture --extra cluster --strip-extras --generate-hashes --allow-unsafe \
	  --no-annotate --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
	  --output-file requirements.lock pyproject.toml
	@rm -rf $(VENV)-lock

clean: ## remove what was made, except .venv
	rm -rf $(OUT) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +
