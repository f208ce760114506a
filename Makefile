# From a fresh clone: `make run` starts the bot, `make test` tests it in a few minutes. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BROWSER := tests/browser
CONFORMANCE := tests/conformance
BESIDE := benchmarks/beside
YEARS := tests/soak/test_year.py tests/soak/test_nine_boards.py

# Hundreds of bots are started by the tests: each would compile again what the one before it did.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install run test check lint types imports long browser-test conformance soak beside bench pictures paper-pictures lock clean

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

$(BROWSER)/node_modules/.stamp $(CONFORMANCE)/node_modules/.stamp $(BESIDE)/node/node_modules/.stamp: %/node_modules/.stamp: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@touch $@

# What the bot is measured beside, each in an environment of its own.
benchmarks/.env-%/stamp: $(BESIDE)/%.lock
	@test -x $(@D)/bin/python || $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

install: $(VENV)/run.stamp ## make the environment, and start nothing

run: $(VENV)/run.stamp ## start the bot with the embedded SharePoint and a fictional board
	MHRMB_DEMO=$${MHRMB_DEMO-1} $(BIN)/python -m bot

test: $(VENV)/dev.stamp ## test every rule, card, list and door, in a few minutes and with Python alone
	$(BIN)/python -m pytest -n 3 --dist loadfile

long: $(VENV)/dev.stamp ## the tests that take longer: six weeks, kills, faults, several bots, imports, what the guides say
	$(BIN)/python -m pytest -m long -n 3 --dist loadfile

browser-test: $(VENV)/dev.stamp $(BROWSER)/node_modules/.stamp ## every card in Microsoft's renderer, in Chromium
	@$(BROWSER)/ensure-chromium
	$(BIN)/python -m pytest -m browser

conformance: $(VENV)/dev.stamp $(CONFORMANCE)/node_modules/.stamp ## what two clients make of the embedded SharePoint, as a table
	$(BIN)/python -m pytest -m node

check: lint types imports test long browser-test conformance ## every test, and everything else that CI runs

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

imports: $(VENV)/dev.stamp
	$(BIN)/lint-imports

soak: $(VENV)/dev.stamp ## the long suites (two years side by side, kills, many members at once)
	$(BIN)/python -m pytest -m soak --timeout 1500 -n 2 $(YEARS)
	$(BIN)/python -m pytest -m soak --timeout 1500 $(addprefix --ignore ,$(YEARS))

beside: $(addprefix benchmarks/.env-,$(addsuffix /stamp,stock_botbuilder agents teams_apps)) $(BESIDE)/node/node_modules/.stamp

bench: $(VENV)/dev.stamp beside ## measure, and print ratios from one run (QUICK=1: in three minutes)
	QUICK=$(QUICK) $(BIN)/python -m benchmarks

pictures: $(VENV)/dev.stamp $(BROWSER)/node_modules/.stamp ## render every card into docs/pictures with Microsoft's renderer
	@$(BROWSER)/ensure-chromium
	$(BIN)/python -m tests.browser.pictures
	$(BIN)/python -m tests.browser.sheets

paper-pictures: $(VENV)/dev.stamp ## draw the papers in docs/pictures/papers (needs LibreOffice and poppler)
	$(BIN)/python -m tests.paper_pictures

lock: $(VENV)/dev.stamp ## choose versions anew and write both lock files
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what make made, keep the data
	rm -rf $(VENV) $(BROWSER)/node_modules $(CONFORMANCE)/node_modules $(BESIDE)/node/node_modules benchmarks/.env-* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
