# Everything that is done to this repository by hand. Each target sets up what it needs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# `make run port=8081 today=2020-06-02`, `make chat procedure=... language=en`
port ?= 8080
procedure ?= elternentschaedigung
language ?= de
today ?= 2020-06-02
runs ?= 1200

LOCK := --no-config --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet

.PHONY: help setup run chat test testbrowser test-outside check types bench format messages pictures lock clean

help: ## what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 12

setup: $(READY) ## a virtual environment in .venv, from the hashed lists in requirements/

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Antragslotse needs Python 3.11 or newer (Debian 12 or newer: apt install python3 python3-venv).'; \
	  echo 'Another interpreter: make PYTHON=/path/to/python3.12 ...'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'The module venv of Python is missing. On Debian and Ubuntu: apt install python3-venv'; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(READY) ## the web chat on http://localhost:8080, as a demonstration as of a past day
	@ANTRAGSLOTSE_DEMO_DATE=$(today) PORT=$(port) $(BIN)/antragslotse serve

chat: $(READY) ## talk to the first procedure in this terminal, as of the same day
	@echo 'Vorführung mit dem Datum $(today). Demonstration as of $(today): make chat language=en'
	@$(BIN)/antragslotse chat $(procedure) --lang $(language) --today $(today)

test: $(READY) ## the test suite, the pages in a real browser among it
	$(BIN)/python -m pytest -n auto --ignore=tests/browser --ignore=tests/outside
	$(BIN)/python -m pytest -n auto tests/browser

testbrowser: $(READY) ## only the pages in a real browser
	$(BIN)/python -m pytest -n auto tests/browser

test-outside: $(READY) ## strangers' programs judge what we send (needs Node), then thousands of broken sendings
	cd tests/outside/node && npm ci --silent --no-progress
	$(BIN)/python -m pytest -n auto tests/outside
	ANTRAGSLOTSE_RUNS=$(runs) $(BIN)/python -m pytest -n auto tests/agency/once

check: $(READY) ## style, types, import contracts, dialogs, translations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/antragslotse check
	$(BIN)/python -m bot.i18n check

types: ## types of the chat page's modules; a developer's check that needs Node
	npx --yes --package typescript@7.0.2 tsc -p tsconfig.json

bench: $(READY) ## measures, and writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

format: $(READY) ## put the code into the one form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: $(READY) ## bring the catalogues in locales/ up to the sources
	$(BIN)/python -m bot.i18n update

pictures: $(READY) ## draw the pictures of the documentation anew
	$(BIN)/python docs/images/make_terminal_picture.py
	ANTRAGSLOTSE_PICTURES=docs/images/first-run $(BIN)/python -m pytest -n 0 tests/browser/test_first_run.py

lock: requirements/lock.txt ## resolve the requirements anew: requirements/*.in -> *.txt
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	.cache/lock/bin/uv pip compile $(LOCK) --upgrade requirements/lock.in -o requirements/lock.txt
	.cache/lock/bin/uv pip compile $(LOCK) --upgrade requirements/run.in -o requirements/run.txt
	.cache/lock/bin/uv pip compile $(LOCK) --upgrade requirements/dev.in -o requirements/dev.txt

clean: ## remove what was built; data/ stays
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
