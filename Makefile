# Everything a checkout needs, each in one command; 'make' alone lists them.
# A command sets up first what it needs, in .venv and nowhere else; a second time there is nothing left to set up.

PYTHON ?= python3
PORT ?= 8000
SEEDS ?= 1 2 3
TEAMS ?= 60

VENV := .venv
BIN := $(VENV)/bin
UV_INSTALL := $(BIN)/uv --system-certs pip install --quiet --python $(BIN)/python --no-deps
# One version of a package for every Python ('fewest'), so that all tests run with what people get.
UV_COMPILE := $(BIN)/uv --system-certs pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--fork-strategy fewest --no-emit-index-url --no-annotate $(LOCK_FLAGS)
PYTEST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist worksteal
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: help demo seed method test check bench bench-detect calibrate drill samples screenshots lint lock chromium

help:
	@echo "make demo [PORT=8000]   serve the program with example data on http://127.0.0.1:8000"
	@echo "make seed               write the example data in seed/ anew, after a change of what makes it"
	@echo "make test               run every check and test, with PostgreSQL and a real browser"
	@echo "make check              run the linters, the type checker and the fast tests"
	@echo "make bench              measure bulk import, export and undo, as ratios to plain Python"
	@echo "make bench-detect       measure false alarms and delays of verdicts; DATA=DIR, SEEDS=\"1 2 3\", TEAMS=60, JSON=FILE"
	@echo "make calibrate          measure what each sensitivity does, for domain/sensitivity.py; DATA, SEEDS, TEAMS as above"
	@echo "make drill [MINUTES=5]   spoil, kill, crowd and starve imports for longer than tests may take (about half an hour)"
	@echo "make samples SAMPLES=DIR  read real export files and compare with what was counted by hand"
	@echo "make method             write the page on verdicts from docs/detector.md"
	@echo "make screenshots        make the pictures in docs/ anew"
	@echo "make lock               write the lock files anew; LOCK_FLAGS=--upgrade takes the newest versions"

demo: $(VENV)/.installed
	@$(BIN)/bau-tracker demo --port $(PORT)

seed: $(VENV)/.installed
	@$(BIN)/python -m tests.tools.make_seed

test: lint chromium
	@$(PYTEST)

check: lint
	@$(PYTEST) -m "not slow and not browser and not postgresql"

bench: $(VENV)/.installed
	@$(BIN)/python -m tests.bench.bench_bulk $(ROWS)
	@$(BIN)/python -m tests.bench.bench_workbook

# Every core is busy with teams; threads within the linear algebra would only get into each other's way.
bench-detect: export OPENBLAS_NUM_THREADS := 1
bench-detect: $(VENV)/.installed
	@$(BIN)/python -m tests.bench.bench_detect --seeds $(SEEDS) --teams $(TEAMS) \
		$(if $(DATA),--data "$(DATA)") $(if $(JSON),--json "$(JSON)") $(if $(AGAINST),--against "$(AGAINST)")

calibrate: export OPENBLAS_NUM_THREADS := 1
calibrate: $(VENV)/.installed
	@$(BIN)/python -m tests.bench.calibrate --seeds $(SEEDS) --teams $(TEAMS) $(if $(DATA),--data "$(DATA)")

drill: export MINUTES := $(MINUTES)
drill: export SEED := $(SEED)
drill: export KILL_ROWS := $(KILL_ROWS)
drill: $(VENV)/.installed-for-tests
	@$(BIN)/python -m tests.drill.drill

samples: $(VENV)/.installed
	@[ -n "$(SAMPLES)" ] || { echo "Say which folder: make samples SAMPLES=DIR" >&2; exit 1; }
	@$(BIN)/python -m tests.tools.check_samples "$(SAMPLES)"

method: $(VENV)/.installed
	@$(BIN)/python -m tests.tools.make_method

screenshots: $(VENV)/.installed-for-tests chromium
	@$(BIN)/python -m tests.tools.make_screenshots

lint: $(VENV)/.installed-for-tests
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo "Run: $(BIN)/ruff format" >&2; exit 1; }
	@$(BIN)/mypy

lock: $(VENV)/.uv
	@echo uv | $(UV_COMPILE) --output-file requirements-uv.lock -
	@$(UV_COMPILE) --group build --output-file requirements.lock pyproject.toml
	@$(UV_COMPILE) --group test --constraint requirements.lock --output-file requirements-test.lock pyproject.toml

# --- What is set up, and when it is out of date -----------------------------------------------------------------------

# Runs a command as root: at once, or through a sudo that asks for no password.
AS_ROOT = if [ "$$(id -u)" = 0 ]; then $(1); else sudo -n $(1); fi
# Installs Debian packages where that needs nobody; else says in one line what to run.
APT_INSTALL = { command -v apt-get >/dev/null && echo "Installing $(1) ..." \
	&& $(call AS_ROOT,apt-get update -qq) >/dev/null 2>&1 \
	&& $(call AS_ROOT,env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(1)) >/dev/null 2>&1; } \
	|| { echo "$(2) is missing; as root, run: apt-get install -y $(1)" >&2; exit 1; }

$(VENV)/.uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "$(PYTHON) is not Python 3.11 or newer; run: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call APT_INSTALL,python3-venv,Python's venv module)
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-uv.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.uv requirements.lock pyproject.toml
	@$(UV_INSTALL) --require-hashes -r requirements.lock
	@$(UV_INSTALL) --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-for-tests: $(VENV)/.installed requirements-test.lock
	@echo "Installing the test tools ..."
	@$(UV_INSTALL) --require-hashes -r requirements-test.lock
	@touch $@

chromium:
	@[ -n "$$BAU_TRACKER_TEST_CHROMIUM" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| command -v google-chrome >/dev/null || $(call APT_INSTALL,chromium fonts-liberation,Chromium)
