# Lost & Found: one target for each thing to do. `make` alone lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/
PORT ?= 8099
# Processes that compile everything anew at each start cost minutes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help sandbox test check lint types imports browser-installed tests coverage bench trial-kill trial-year lock picture

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(VENV)/runtime: requirements.lock
	@test -x $(RUN)python || $(PYTHON) -m venv $(VENV)
	@$(RUN)python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev: $(VENV)/runtime requirements-dev.lock
	@$(RUN)python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

sandbox: $(VENV)/runtime ## try it: the bot in a workspace of its own, in your browser (RESET=1 starts afresh)
	@$(RUN)python -m bot sandbox --port $(PORT) $(if $(RESET),--reset)

test: $(VENV)/dev ## run the tests that need nothing but Python
	@$(RUN)python -m pytest -n logical --ignore tests/e2e/browser --ignore tests/trials

check: $(VENV)/dev ## everything CI runs, ending with the tests' own summary
	@$(MAKE) --no-print-directory --jobs types lint imports browser-installed
	@$(MAKE) --no-print-directory tests

lint: $(VENV)/dev ## look for mistakes and untidy lines
	@$(RUN)ruff check . && $(RUN)ruff format --check .

types: $(VENV)/dev ## check the types of everything
	@$(RUN)mypy

imports: $(VENV)/dev ## check that imports go one way through the house
	@$(RUN)lint-imports

browser-installed:
	@command -v chromium >/dev/null || .ci/install-chromium

tests: $(VENV)/dev
	@TEST_DATABASES=sqlite,postgresql $(RUN)python -m pytest -n logical

coverage: $(VENV)/dev ## run the tests and say which lines of domain and handlers none of them reached
	@TEST_DATABASES=sqlite,postgresql $(RUN)python -m pytest -n logical --cov --cov-report=term-missing:skip-covered

bench: $(VENV)/dev ## measure speed as ratios against a floor of the same run (a quarter of an hour)
	@BENCH_ROWS=$${BENCH_ROWS:-200000} $(RUN)python -m tests.bench

trial-kill: $(VENV)/dev ## kill processes at random while losses come in and 2,000 nudges go out (some minutes, both databases)
	@TRIAL=long $(RUN)python -m pytest -s -q tests/trials -k "two_thousand or acknowledged"

trial-year: $(VENV)/dev ## play a year on the CRM sample: ledger proof, boards of each quarter, times of pages (some minutes)
	@TRIAL=long $(RUN)python -m pytest -s -q tests/trials -k "a_year or within_a_second"

lock: ## write the lock files anew from pyproject.toml
	@$(RUN)python -m pip install --quiet uv
	@$(RUN)uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock
	@$(RUN)uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

picture: $(VENV)/dev ## draw the README's picture from the running sandbox
	@$(RUN)python docs/picture.py
