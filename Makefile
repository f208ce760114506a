# From a fresh clone: `make run` starts the bot, `make test` runs every test. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BROWSER := tests/browser
CONFORMANCE := tests/conformance

.DEFAULT_GOAL := help
.PHONY: help run test check lint types imports unit browser-test conformance soak bench pictures lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# The virtual environments are stamped with the lock they were made from, so a changed lock rebuilds them.
$(VENV)/run.stamp: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BROWSER)/node_modules/.stamp $(CONFORMANCE)/node_modules/.stamp: %/node_modules/.stamp: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@touch $@

run: $(VENV)/run.stamp ## start the bot with the embedded SharePoint and a fictional board
	MHRMB_DEMO=$${MHRMB_DEMO-1} $(BIN)/python -m bot

test: unit browser-test conformance ## run every test

unit: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n 2 --dist loadfile

browser-test: $(VENV)/dev.stamp $(BROWSER)/node_modules/.stamp
	@$(BROWSER)/ensure-chromium
	$(BIN)/python -m pytest -m browser

conformance: $(VENV)/dev.stamp $(CONFORMANCE)/node_modules/.stamp ## what two clients make of the embedded SharePoint, as a table
	$(BIN)/python -m pytest -m node

check: lint types imports test ## everything CI runs

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

imports: $(VENV)/dev.stamp
	$(BIN)/lint-imports

soak: $(VENV)/dev.stamp ## the long suites (kills, many members at once)
	$(BIN)/python -m pytest -m soak --timeout 1500

bench: $(VENV)/dev.stamp ## measure, and print ratios from one run
	$(BIN)/python -m benchmarks

pictures: $(VENV)/dev.stamp $(BROWSER)/node_modules/.stamp ## render the cards in docs/pictures with Microsoft's renderer
	@$(BROWSER)/ensure-chromium
	$(BIN)/python -m tests.browser.pictures

lock: $(VENV)/dev.stamp ## choose versions anew and write both lock files
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what make made, keep the data
	rm -rf $(VENV) $(BROWSER)/node_modules $(CONFORMANCE)/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
