# Each target is one readable command line a step. State lies under BCBV_HOME (default: data).
BCBV_HOME ?= data
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SAMPLE := $(BCBV_HOME)/sample

export BCBV_HOME
# Health data projects do not phone home.
export DO_NOT_TRACK = 1
export GX_ANALYTICS_ENABLED = false

.PHONY: setup demo sample build publish test lint docs pages benchmark lock clean help

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/installed ## the environment, from the lock file

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Python 3.11 is needed: make PYTHON=... setup")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	touch $@

demo: sample build publish ## fresh machine to result, on a synthetic sample
	@$(BIN)/python scripts/national_opportunity.py
	@echo "sample     about 5 % of England's activity; its pounds are not scaled up"

sample: setup ## generate and land the synthetic sample
	$(BIN)/python scripts/generate_extracts.py --scale 0.05 --quarters 8 --seed 1 --out $(SAMPLE)
	$(BIN)/python scripts/ingest.py $(SAMPLE)

build: setup ## the warehouse, from what is landed
	$(BIN)/dbt --quiet build

publish: setup ## one release of the marts
	$(BIN)/python scripts/publish.py

test: setup ## every check that .ci/run makes
	$(BIN)/python -m pytest

lint: setup ## the SQL and Python conventions alone
	$(BIN)/python -m pytest tests/python/test_conventions.py

docs: setup ## the dbt documentation as one HTML file
	$(BIN)/dbt --quiet docs generate --static
	mkdir -p $(BCBV_HOME)/reports
	cp $(BCBV_HOME)/target/static_index.html $(BCBV_HOME)/reports/documentation.html
	@echo "written: $(BCBV_HOME)/reports/documentation.html"

pages: setup ## docs/indicators, a page an indicator
	$(BIN)/dbt --quiet compile
	$(BIN)/python scripts/document_indicators.py

benchmark: setup ## time the demo's steps and record them
	$(BIN)/python benchmarks/run.py

lock: ## exact versions of everything, from requirements.in
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.in
	(sed -n '/^#/p;/^#/!q' requirements.lock; $(BIN)/python -m pip freeze) > requirements.lock.new
	mv requirements.lock.new requirements.lock

clean: ## the environment and build artefacts, never BCBV_HOME
	rm -rf .venv .pytest_cache .ruff_cache logs
