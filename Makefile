# make run | test | test-slow | bench | bench-all | lint | setup: what each does stands in README.md.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Shows the name of each package as it comes: the first run takes minutes.
INSTALL = $(BIN)/python -m pip install --disable-pip-version-check --editable
NAMES = sed -un 's/^Collecting \([^ ]*\).*/    \1/p; /^ERROR/p'
# A timestamp file for each set of packages: a second run starts in no time.
APP := $(VENV)/.app-installed
DEV := $(VENV)/.dev-installed

.PHONY: run test test-slow bench bench-all lint format setup setup-dev sound-library virtual-card prompts clean

run: setup
	@$(BIN)/voiceskill run $(ARGS)

# Live sound stutters when both cores are busy: it is tested after the rest, whole conversations one
# by one beside the tests of devices. 5: no such test was asked for.
PYTEST = $(BIN)/python -m pytest -n 2

test: setup-dev virtual-card
	@$(PYTEST) --dist worksteal -m 'not sound and not slow' $(ARGS) || [ $$? = 5 ]
	@$(PYTEST) --dist loadfile --no-loadscope-reorder -m 'sound and not slow' $(ARGS) || [ $$? = 5 ]

# What takes more than ten seconds a test: thousands of conversations, all recordings, retraining.
test-slow: setup-dev virtual-card
	@$(PYTEST) --dist worksteal -m 'slow and not sound' $(ARGS) || [ $$? = 5 ]
	@$(PYTEST) --dist loadfile --no-loadscope-reorder -m 'slow and sound' $(ARGS) || [ $$? = 5 ]

bench: setup-dev virtual-card
	@$(BIN)/python -m benchmarks $(ARGS)

# Endurance and hours of sleep too, and as many turns of each kind as a published figure takes: about
# two hours.
bench-all: setup-dev virtual-card
	@VOICESKILL_BENCH_TURNS=30 $(BIN)/python -m benchmarks all

lint: setup-dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: setup-dev
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

setup: $(APP) sound-library

setup-dev: $(DEV) sound-library

$(BIN)/python:
	@./tools/make-venv "$(PYTHON)" "$(VENV)"

$(APP): $(BIN)/python pyproject.toml
	@echo "Installing voiceskill and its engines (once; a few minutes on a slow line) ..."
	@$(INSTALL) '.[all]' | $(NAMES)
	@touch $@

$(DEV): $(BIN)/python pyproject.toml
	@echo "Installing voiceskill with its test tools (once; a few minutes on a slow line) ..."
	@$(INSTALL) '.[dev]' | $(NAMES)
	@touch $@ $(APP)

# The one system library that no Python package brings.
sound-library:
	@./tools/apt-install libportaudio2 -- libportaudio2

# A sound card for the tests; where it cannot be had, the tests that need it are skipped.
virtual-card:
	@./tools/apt-install pulseaudio -- pulseaudio pulseaudio-utils libasound2-plugins libportaudio2

# After a change of words, examples or answers: what is made from them. Commit what changes.
prompts: setup-dev
	@$(INSTALL) '.[train]' | $(NAMES)
	@$(BIN)/python tools/check_examples.py
	@$(BIN)/python -m voiceskill.nlu.compile
	@$(BIN)/python -m tools.train_intents
	@$(BIN)/python -m tools.train_signs
	@$(BIN)/python tools/write_safety.py

clean:
	rm -rf $(VENV) build dist out
