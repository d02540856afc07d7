# Sets up its own environment in .venv: with uv where that is installed, else with python3 and pip.
# Everything comes from the lock files, by hash; a second run finds nothing to do.

PYTHON ?= python3
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
VENV := .venv
BIN := $(VENV)/bin
SERVE_READY := $(VENV)/serve.ready
DEV_READY := $(VENV)/dev.ready

ifdef UV
INSTALL := uv pip install --quiet --python $(BIN)/python
else
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet $(LOCK_OPTIONS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test soak check format bench lock clean

help: ## Show these lines.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

serve: $(SERVE_READY) ## Serve the HTTP API on port 8000; Ctrl-C stops it. QUIRE_PORT and the like are honoured.
	@trap : INT; $(BIN)/quire serve || { code=$$?; [ $$code -eq 130 ] || exit $$code; }

test: $(DEV_READY) ## Run the tests; PYTEST='-k pdf -x' passes options on.
	@$(BIN)/python -m pytest $(PYTEST)

soak: $(DEV_READY) ## Run the tests that take minutes: many kills, many pages.
	@$(BIN)/python -m pytest -m soak $(PYTEST)
	@$(BIN)/quire bench soak

check: $(DEV_READY) ## Lint, check formatting, types and who imports what.
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(DEV_READY) ## Format the code and mend what the linter can.
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(DEV_READY) ## Measure speed beside the peers that are installed.
	@$(BIN)/quire bench speed

lock: ## Bring the lock files up to date with pyproject.toml (needs uv); LOCK_OPTIONS=--upgrade takes new releases.
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group build --group dev --extra bench --constraint requirements.lock \
		--output-file requirements-dev.lock

clean: ## Remove the environment and all caches.
	@rm -rf $(VENV) .grimp_cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(SERVE_READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing Quire into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV_READY): requirements-dev.lock $(SERVE_READY)
	@echo "Installing the tools for tests and checks into $(VENV) ..."
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# A virtual environment that could not be completed is removed: the next run starts afresh.
$(BIN)/python:
ifdef UV
	@uv venv --quiet --clear --python '>=3.11' $(VENV)
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Quire needs Python 3.11 or newer: install it, name it with PYTHON=..., or install uv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "python3 cannot make environments: install python3-venv, or install uv"; exit 1; }
endif
