# Each target is one readable command line a step. State lies under BCBV_HOME (default: data).
BCBV_HOME ?= data
ifeq ($(value BCBV_HOME),)
override BCBV_HOME := data
endif
# The newest Python that the project takes and that really runs (a shim may stand for none).
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c $(TAKEN) 2>/dev/null && command -v "$$python" && break; done)
TAKEN := 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
BIN := .venv/bin
# The shell puts the home in, for it may have blanks and quotes.
SAMPLE = "$$BCBV_HOME/sample"
# What everybody's extracts have wrong with them, and a few more that say at once what is meant:
# uncoded diagnoses, two figures for one thing, thousands for pounds, no figure, absence unrecorded.
FAULTS := usual,A12,D02,S01,U01,W01
# What the inner loop parses and builds, apart from the warehouse; a second parse is quick.
SCRATCH = "$$BCBV_HOME/scratch"

export BCBV_HOME
# Health data projects do not phone home.
export DO_NOT_TRACK = 1
export GX_ANALYTICS_ENABLED = false

.NOTPARALLEL:
.PHONY: help setup develop python demo sample build publish serve check sql parse unit fix lint test \
	docs pages pictures benchmark vendor lock wheels clean

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup: .venv/installed ## the environment to run it, from requirements.lock

develop: .venv/developing ## the same and the tools, from requirements-dev.lock

# Made anew when its lock changes, so that nothing is left in it that the lock does not name. Where
# .venv is a link, as in a second worktree, the link goes and not what it leads to.
.venv/installed: requirements.lock
	$(call environment,requirements.lock)
	touch $@

.venv/developing: requirements.lock requirements-dev.lock
	$(call environment,requirements-dev.lock)
	touch .venv/installed $@

define environment
@python="$(PYTHON)"; \
if [ -n "$$python" ] && "$$python" -c $(TAKEN) 2>/dev/null; \
then rm -rf .venv && "$$python" -m venv .venv; \
elif command -v uv >/dev/null; then rm -rf .venv && uv venv --seed --python 3.13 .venv; \
else echo "Python 3.11, 3.12 or 3.13 is needed, one that runs and has venv and pip:" \
	"$${python:-nothing on the path} is not. Install one, or uv, which brings one," \
	"or name one: make PYTHON=..." >&2; exit 1; fi
$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $(1)
endef

python: ## the Python that an environment would be made with
	@echo "$(PYTHON)"

# The path of the Explorer comes last.
demo: sample build publish ## fresh machine to result, on a synthetic sample
	@echo
	@echo "The sample has about 5 % of England's activity; its pounds are not scaled up."
	@$(BIN)/python scripts/national_opportunity.py

sample: setup ## generate and land the synthetic sample
	$(BIN)/python scripts/generate_extracts.py --scale 0.05 --quarters 8 --seed 1 \
		--faults $(FAULTS) --out $(SAMPLE)
	$(BIN)/python scripts/ingest.py $(SAMPLE)

build: setup ## the warehouse, from what is landed
	$(BIN)/dbt --quiet build

publish: setup ## one release for anyone (scripts/publish.py --internal: one for yourself)
	$(BIN)/python scripts/publish.py

serve: setup ## the current release on this machine alone, in a browser
	$(BIN)/python scripts/serve.py

check: develop ## seconds: Python, types, changed SQL, and whether dbt can parse it all
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --no-error-summary
	@$(MAKE) --silent sql parse

sql: develop ## changed SQL alone
	BCBV_HOME=$(SCRATCH) $(BIN)/python tools/sql.py lint

# A deprecation is an error here: it is mended before the release of dbt that drops what it names.
parse: develop ## whether dbt can read the project, and nothing in it is deprecated
	BCBV_HOME=$(SCRATCH) $(BIN)/dbt --quiet \
		--warn-error-options '$(DEPRECATIONS)' parse

DEPRECATIONS := {"error": ["Deprecations"], \
	"silence": ["ConfigTargetPathDeprecation", "DeprecationsSummary"]}

unit: develop ## under a minute: every model and unit test, on an empty lake
	rm -rf $(SCRATCH)/lake $(SCRATCH)/warehouse.duckdb
	BCBV_HOME=$(SCRATCH) $(BIN)/dbt --quiet build \
		--resource-type seed --resource-type model --resource-type unit_test

fix: develop ## what ruff and sqlfluff can mend: Python, and changed SQL
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .
	BCBV_HOME=$(SCRATCH) $(BIN)/python tools/sql.py fix

lint: develop ## everything that is linted, changed or not; builds nothing
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/mypy --no-error-summary
	BCBV_HOME=$(SCRATCH) $(BIN)/python tools/sql.py lint --all

test: develop ## every check that .ci/run makes
	$(BIN)/python -m pytest --numprocesses 2

docs: setup ## the dbt documentation as one HTML file
	$(BIN)/dbt --quiet docs generate --static
	$(BIN)/python scripts/document_warehouse.py

pages: setup ## what is generated: docs/indicators, docs/feeds.md, contracts of what is published
	$(BIN)/python tools/publication_contracts.py
	$(BIN)/dbt --quiet compile
	$(BIN)/python scripts/document_indicators.py
	$(BIN)/python scripts/document_feeds.py

pictures: develop ## docs/explorer/, the pictures of the page on the explorer; needs chromium
	$(BIN)/python scripts/document_explorer.py "$$BCBV_HOME/published/current"

benchmark: setup ## time the demo's steps and record them
	$(BIN)/python benchmarks/run.py

# Needs npm and the network; a release is made without either. What comes must be what was looked at:
# for another version, change it here and write SHA256SUMS anew.
vendor: ## the explorer's two libraries, from npm again, held to their checksums
	cd $(VENDOR) && npm pack --silent d3@7.9.2 @observablehq/plot@0.6.17
	cd $(VENDOR) && tar -xzOf d3-7.9.2.tgz package/dist/d3.min.js > d3.min.js
	cd $(VENDOR) && tar -xzOf d3-7.9.2.tgz package/LICENSE > d3.LICENSE.txt
	cd $(VENDOR) && tar -xzOf observablehq-plot-0.6.17.tgz package/dist/plot.umd.min.js > plot.min.js
	cd $(VENDOR) && tar -xzOf observablehq-plot-0.6.17.tgz package/LICENSE > plot.LICENSE.txt
	rm $(VENDOR)/d3-7.9.2.tgz $(VENDOR)/observablehq-plot-0.6.17.tgz
	cd $(VENDOR) && sha256sum --check SHA256SUMS

VENDOR := scripts/publication/explorer_assets/vendor

# Both from one resolution, for Python 3.11 and later on any platform. What is locked stays where it
# still fits; UPGRADE=--upgrade moves it.
lock: develop ## exact versions of everything, from requirements.in and requirements-dev.in
	$(BIN)/uv pip compile $(COMPILE) requirements-dev.in --output-file requirements-dev.lock
	$(BIN)/uv pip compile $(COMPILE) requirements.in --constraints requirements-dev.lock \
		--output-file requirements.lock

COMPILE = --quiet --universal --python-version 3.11 --custom-compile-command 'make lock' \
	--no-annotate $(UPGRADE)

wheels: develop ## whether every pin has a wheel for each Python that the project takes
	for version in 3.11 3.12 3.13; do $(BIN)/uv pip install --dry-run --quiet --no-deps \
		--only-binary :all: --python-version $$version --target $(SCRATCH)/wheels \
		--requirements requirements-dev.lock || exit 1; echo "$$version: every pin has a wheel"; done

clean: ## the environment and build artefacts, never BCBV_HOME
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache logs
