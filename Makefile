# Needs GNU make and Python 3.11 or newer, nothing else. `make` alone says what there is.

PYTHON ?= python3
VENV ?= .venv
RESULTS ?= results.jsonl
SECONDS ?= 20

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

# What runs here is the embedded model, even where a key for another one is at hand.
unexport OPENAI_API_KEY OPENAI_BASE_URL LLM_EXTRACT_API_KEY LLM_EXTRACT_BASE_URL LLM_EXTRACT_MODEL

# An environment that is gone, broken, or moved here from another place is no reason to trust its stamp.
INSTALLED := $(shell $(BIN)/python -I -c 'import llm_extract, os; print(os.path.samefile(llm_extract.__path__[0], "llm_extract"))' 2>/dev/null || echo no)
ifneq ($(INSTALLED),True)
STALE = stale
endif

.PHONY: help run test docs record bench bench-quality bench-schemas bench-speed soak fuzz clean stale
.DELETE_ON_ERROR:

help: ## Say what there is.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

run: $(VENV)/.local ## Find the meetings and quotes of the articles in seeds/ with the embedded model, and show them.
	$(BIN)/llm-extract run seeds -o $(RESULTS)
	$(BIN)/llm-extract show $(RESULTS)

test: $(VENV)/.dev ## Check style, types, layers and behaviour, without a network.
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

docs: $(VENV)/.dev ## Build the documentation, to be opened at site/index.html; nothing in it needs a network.
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

record: $(VENV)/.dev ## Record the cassettes anew from the embedded model.
	$(BIN)/python -m pytest -m vcr --record-mode=rewrite

bench: bench-quality bench-schemas bench-speed ## Measure quality and speed, beside other programs; takes about an hour.

bench-quality: $(VENV)/.dev ## Measure llm-extract, LangExtract and instructor on seeds/ with the embedded model.
	$(BIN)/python -m benchmarks.quality

bench-schemas: $(VENV)/.dev ## Measure llm-extract and instructor on the worked schemas of examples/ with the embedded model.
	$(BIN)/python -m benchmarks.any_schema

bench-speed: $(VENV)/.dev ## Measure the speed, beside plain instructor and a bare client, on a scripted server.
	$(BIN)/python -m benchmarks.speed

soak: $(VENV)/.dev ## Read 20,000 articles from a model that fails at random, killed again and again; takes an hour or less.
	$(BIN)/python -m benchmarks.soak

fuzz: $(VENV)/.dev ## Give random bytes to what reads what others wrote, for SECONDS (20) each; with atheris, where it has a wheel.
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(PIP) install --only-binary :all: 'atheris>=3.0' || true
	$(BIN)/python tests/fuzz.py --seconds $(SECONDS)

clean: ## Remove the environment, the results and what tools left behind; answers and weights in the user's cache stay.
	rm -rf $(VENV) $(RESULTS) build dist site .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	rm -rf benchmarks/quality/.venvs benchmarks/*/results
	find benchmarks docs llm_extract tests -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.local: pyproject.toml $(STALE)
	$(call install,local)
	@touch $@

$(VENV)/.dev: pyproject.toml $(STALE)
	$(call install,dev)
	@touch $(VENV)/.local $@

# pip is asked for, and not only Python, because an interrupted `python -m venv` leaves an environment without it.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed; name it: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || \
		{ echo 'Making the environment $(VENV) ...'; $(PYTHON) -m venv --clear $(VENV); }
	@echo 'Installing llm-extract[$(1)] into $(VENV); the first time it fetches 1.1 GB of model weights, so it takes some minutes ...'
	@$(PIP) install --editable '.[$(1)]'
endef
