# Verbs. `make help` lists them; what the checks do stands in tox.ini.

SHELL := bash
PYTHON ?= python3
PORT ?= 5000
MINUTES ?= 5
export PYTHON PORT

PIP := .venv/bin/python -m pip --disable-pip-version-check -qq install
TOX := .venv/bin/tox run --skip-missing-interpreters=false
REPORTS := .tox/reports
SUITES := architecture widget unit data hosts integration browser packaging
MATRIX := lowest newest sqlalchemy20 sqlalchemy21
CHECKS := lint format types site architecture widget unit data hosts integration browser packaging docs translations coverage lossy

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset dev test test-all soak bench bench-rivals bench-widget $(CHECKS) $(MATRIX) clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

demo: .venv/.demo ## the example school with the chat in it, on port 5000 (PORT=5001 for another)
	@exec .venv/bin/python scripts/foreground .venv/bin/python -m host_example

demo-reset: .venv/.demo ## forget what the demo stored, and start over
	@.venv/bin/python -m host_example --reset

dev: .venv/.dev ## .venv with everything for working on the project

test: .venv/.tox ## every check and every test
	@scripts/ensure-system venv node chromium postgres redis nginx
	@rm -rf $(REPORTS)
	@status=0; $(TOX) || status=$$?; \
	.venv/bin/python scripts/sum-reports $(REPORTS) $(SUITES) || status=1; \
	exit $$status

test-all: .venv/.tox ## the same, and again on the oldest and newest versions of what we stand on
	@scripts/ensure-system venv node chromium postgres redis nginx
	@rm -rf $(REPORTS)
	@status=0; $(TOX) $(addprefix -e ,lint types site $(SUITES) lossy $(MATRIX)) || status=$$?; \
	.venv/bin/python scripts/sum-reports $(REPORTS) $(SUITES) $(MATRIX) || status=1; \
	exit $$status

lint: ## style and likely bugs (ruff)
bench-widget: ## what the widget costs in Chromium, beside what it may cost
format: ## repair style in place
types: ## mypy, strict
architecture: ## the floors, the rules of the house, and what the docs say
widget: ## the browser's modules under Node, and their types
unit: ## one room at a time, and the example app
data: ## the verbs and REST over two databases; the simulation, the replay
hosts: ## small apps of every kind, with the chat in them and without it again
integration: ## real servers, PostgreSQL, Redis
browser: ## two people talk, in Chromium
lossy: ## the same journeys, over a bus that loses one entry in ten
packaging: ## wheel, sdist, editable, checkout
docs: ## write the tables of the docs that the code knows best
site: ## the documentation as one site, in .tox/site
translations: ## collect what the chat says, and compile the languages
coverage: ## how much of the package the tests visit

soak: .venv/.tox ## people talk while processes are killed, for MINUTES=5 (FULL=1: first every fault at full length)
	@scripts/ensure-system venv postgres redis nginx
	@$(if $(FULL),$(TOX) -q -e faults)
	@$(TOX) -q -e $@ -- --minutes $(MINUTES)

bench-widget: .venv/.dev
	@scripts/ensure-system venv chromium
	@.venv/bin/python benchmarks/widget.py

BENCH := .bench
bench: .venv/.dev $(BENCH)/.rivals ## what the chat costs, beside what others cost (QUICK=1: 20 minutes, not two hours)
	@scripts/ensure-system venv node postgres redis
	@.venv/bin/python -m benchmarks $(if $(QUICK),--effort quick --results $(BENCH)/results)
	@.venv/bin/python -m benchmarks.table $(if $(QUICK),$(BENCH)/results)
	@$(BENCH)/venv/bin/python -m benchmarks.plots $(if $(QUICK),--results $(BENCH)/results --to $(BENCH))
	@$(if $(QUICK),true,.venv/bin/python scripts/generate-docs)

bench-rivals: $(BENCH)/.rivals ## install what the chat is compared with, in an environment of its own

widget: NEEDS := node
data hosts integration coverage $(MATRIX): NEEDS := node postgres redis nginx
browser lossy: NEEDS := node chromium postgres redis
$(CHECKS) $(MATRIX): .venv/.tox
	@scripts/ensure-system venv $(NEEDS)
	@$(TOX) -q -e $@

clean: ## remove what the other verbs built
	rm -rf .venv .tox .bench build dist node_modules benchmarks/rivals/node_modules *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Each of these files says: this was done, after the files on the right last changed.
.venv/.created:
	@scripts/ensure-system venv
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.tox: .venv/.created
	@$(PIP) 'tox>=4.11'
	@touch $@

.venv/.demo: .venv/.created setup.py pyproject.toml
	@echo 'Preparing the demo; the first time takes a minute.'
	@$(PIP) --editable '.[gevent,login]' 'flask-wtf>=1.2'
	@touch $@

$(BENCH)/.rivals: benchmarks/rivals/requirements.txt benchmarks/rivals/package.json
	@scripts/ensure-system venv node
	@$(PYTHON) -m venv --clear $(BENCH)/venv
	@$(BENCH)/venv/bin/python -m pip --disable-pip-version-check -qq install -r $<
	@npm install --silent --no-audit --no-fund --no-package-lock --prefix benchmarks/rivals
	@touch $@

.venv/.dev: .venv/.tox setup.py pyproject.toml
	@$(PIP) --editable '.[dev]' 'pre-commit>=3.5'
	@touch $@
