# Sets up its own environment in .venv: with uv where that is installed, else with python3 and pip.
# Everything comes from the lock files, by hash; a second run finds nothing to do.

PYTHON ?= python3
UV := $(shell uv --version >/dev/null 2>&1 && echo uv)
VENV := .venv
BIN := $(VENV)/bin
SERVE_READY := $(VENV)/serve.ready
DEV_READY := $(VENV)/dev.ready
VLLM_VENV := .venv-vllm
VLLM_READY := $(VLLM_VENV)/vllm.ready

ifdef UV
INSTALL_INTO = uv pip install --quiet --python $(1)/bin/python
else
INSTALL_INTO = $(1)/bin/python -m pip install --quiet --disable-pip-version-check
endif
INSTALL := $(call INSTALL_INTO,$(VENV))

LOCKED := --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet $(LOCK_OPTIONS)
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest $(LOCKED)

# Where pip finds packages besides its index: PyTorch's build for the CPU is on few of them, and uv does not look there.
FIND_LINKS := UV_FIND_LINKS="$$PIP_FIND_LINKS"

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve test test-vllm soak check format docs bench lock clean

help: ## Show these lines.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

serve: $(SERVE_READY) ## Serve the HTTP API on port 8000; Ctrl-C stops it. QUIRE_PORT and the like are honoured.
	@trap : INT; $(BIN)/quire serve || { code=$$?; [ $$code -eq 130 ] || exit $$code; }

test: $(DEV_READY) ## Run the tests; PYTEST='-k pdf -x' passes options on.
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(PYTEST)

test-vllm: $(DEV_READY) $(VLLM_READY) ## Run the tests with real vLLM, on the CPU, in an environment of its own.
	@$(BIN)/python -m pytest -m vllm $(PYTEST)

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

docs: $(DEV_READY) ## Write docs/api.md anew, as the server describes itself.
	@$(BIN)/python tools/api_page docs/api.md

bench: $(DEV_READY) ## Measure speed beside the peers that are installed.
	@$(BIN)/quire bench speed

lock: ## Bring the lock files up to date with pyproject.toml (needs uv); LOCK_OPTIONS=--upgrade takes new releases.
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group build --group dev --extra bench --constraint requirements.lock \
		--output-file requirements-dev.lock
	@$(FIND_LINKS) uv pip compile tests/vllm/requirements.in --override tests/vllm/overrides.txt \
		--python-version 3.11 $(LOCKED) --output-file tests/vllm/requirements.lock

clean: ## Remove the environments and all caches.
	@rm -rf $(VENV) $(VLLM_VENV) .grimp_cache .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
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

# All that is needed is locked, and what vLLM's wheel asks for besides is left out on purpose: see overrides.txt there.
$(VLLM_READY): tests/vllm/requirements.lock | $(BIN)/python
	@echo "Installing vLLM into $(VLLM_VENV) ..."
	@$(BIN)/python -m venv --clear $(VLLM_VENV)
	@$(FIND_LINKS) $(call INSTALL_INTO,$(VLLM_VENV)) --require-hashes --no-deps -r tests/vllm/requirements.lock
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
