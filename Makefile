# The whole project in a few words: `make help`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

PYTHON := .venv/bin/python
# Never fetch a Python of uv's own: the machine's is used.
export UV_PYTHON_DOWNLOADS := never
CODE := acd ctiserver migrations tests benchmarks
# Compiled once, whatever the surroundings say: the daemon and the tools start three times as fast.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/var/bytecode

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

.PHONY: demo
demo: python pages ## the whole system with simulated callers and agents (CALLS=20: that many, then a summary)
	@exec $(PYTHON) -m ctiserver demo $(if $(CALLS),--calls $(CALLS))

.PHONY: run
run: python pages ## the whole system without simulated callers, until Ctrl-C
	@exec $(PYTHON) -m ctiserver up

.PHONY: test
test: python pages browser ## every check and every ring of tests (RINGS="check unit postgres": only those)
	@scripts/run_tests

.PHONY: check
check: python pages ## style, types, imports, flows, pages: without running anything
	@echo "== ruff"
	@.venv/bin/ruff check $(CODE)
	@.venv/bin/ruff format --check $(CODE)
	@echo "== pyright"
	@.venv/bin/pyright
	@echo "== import contracts"
	@.venv/bin/lint-imports
	@echo "== flows"
	@$(PYTHON) -m ctiserver flows check
	@echo "== pages"
	@cd web && npm run --silent lint && npm run --silent typecheck && npm run --silent test

.PHONY: fix
fix: python ## repairs style where that can be done by a program
	@.venv/bin/ruff check --fix $(CODE)
	@.venv/bin/ruff format $(CODE)
	@scripts/build_pages packages && cd web && npm run --silent format

.PHONY: bench
bench: python ## measurements beside those of a plain alternative (BENCH=routing: only that)
	@for file in benchmarks/$(or $(BENCH),*).py; do echo "== $$file"; $(PYTHON) "$$file"; done

.PHONY: chaos
chaos: python ## callers, agents and faults from a seed, for long (MINUTES=30 SEED=7)
	@CHAOS_SECONDS=$$(( $(or $(MINUTES),10) * 60 )) CHAOS_SEED=$(or $(SEED),$$RANDOM) \
		$(PYTHON) -m pytest tests/asterisk/chaos/test_chaos.py -s -q

.PHONY: doctor
doctor: python ## each part: found, version, reachable, what to do
	@$(PYTHON) -m ctiserver doctor

.PHONY: down
down: python ## stops a stack that runs in another terminal
	@$(PYTHON) -m ctiserver down

.PHONY: clean
clean: ## removes all that was downloaded, built or recorded here
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m ctiserver down; fi
	@scripts/clean

# Set-up, quiet when there is nothing to do

.PHONY: python
python:
	@uv=$$(scripts/find_uv) && "$$uv" sync --frozen --quiet

.PHONY: pages
pages:
	@scripts/build_pages

.PHONY: browser
browser:
	@scripts/install_browser
