# `make run`: the site with its demonstration community. `make test`: all tests. Nothing else is needed.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
export FLASK_APP = wsgi.py
export PORT
export PAGES_PORT := $(PORT)
# The programs that tests start would compile all of it anew, each time
unexport PYTHONDONTWRITEBYTECODE
# Tests are given out file by file, in the order of `tests/conftest.py`; where they wait for browsers and for programs
# that were killed, to one worker more than there are processors
BY_FILE := --dist loadgroup --no-loadscope-reorder
ONE_MORE := -n $(shell expr `getconf _NPROCESSORS_ONLN` + 1)

.PHONY: run test test-fast test-postgresql check shape types storeys faults bench figures screenshots env env-test browser translations catalogue lock clean

run: env
	$(BIN)/flask db upgrade
	$(BIN)/flask demo load
	@echo "Pages on http://127.0.0.1:$(PORT)  (Ctrl-C stops all)"
	$(BIN)/honcho start

test: env-test browser check
	$(BIN)/pytest $(ONE_MORE) $(BY_FILE) -m "not faults" --ignore=tests/shape
	$(MAKE) test-postgresql
	$(BIN)/pytest $(ONE_MORE) $(BY_FILE) -m faults

# What does the same whatever the database is
ROWLESS := shape demo deploy media web core/test_aids.py core/test_memory.py core/test_outside.py core/test_settings.py core/test_stages.py \
	core/test_text.py

# What reads and writes rows, once more on a real PostgreSQL server; and with Redis beside it as one site of several
test-postgresql: env-test
	$(BIN)/pytest -n auto $(BY_FILE) -m "not faults and not browser" --database postgresql \
		$(ROWLESS:%=--ignore=tests/%) --ignore-glob="*_real.py"
	$(BIN)/pytest --database postgresql tests/operations/test_one_site.py

test-fast: env-test
	$(BIN)/pytest -n auto $(BY_FILE) -m "not faults and not browser"

check: env-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --jobs 2 shape types storeys

shape:
	$(BIN)/pytest tests/shape

types:
	$(BIN)/mypy

storeys:
	$(BIN)/lint-imports --no-cache

screenshots: env-test browser
	$(BIN)/python -m docs.make_screenshots

# Kills for a minute, broken disks, clocks and mail servers, on the real processes
faults: env-test
	FAULT_SECONDS=60 $(BIN)/pytest -m faults

# Speed as ratios to a bare page; `BENCH_JSON=file` writes the rows
bench: env-test
	$(BIN)/python -m tests.bench

figures: env-test
	$(BIN)/python -m tests.shape.figures

env: $(VENV)/installed translations

env-test: $(VENV)/installed-test translations

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Community needs Python 3.11 or newer.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/installed-test: requirements-test.lock | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	touch $@ $(VENV)/installed

# gettext's compiled catalogues, made from the .po files
translations: | $(VENV)/installed
	@$(BIN)/pybabel --quiet compile -d community/translations 2>/dev/null

# The words of the code into the catalogues, for who changed a text
catalogue: env-test
	$(BIN)/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output --omit-header -o build/messages.pot community
	$(BIN)/pybabel --quiet update -d community/translations -i build/messages.pot --no-fuzzy-matching --ignore-obsolete

browser: env-test
	@$(BIN)/python -m tests.chromium

lock:
	$(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv
	build/lock/bin/uv pip compile pyproject.toml --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock
	build/lock/bin/uv pip compile pyproject.toml --extra postgresql --extra redis --extra storage --extra tantivy --python-version 3.11 \
		--constraint requirements.lock --generate-hashes --no-header --no-annotate -o requirements-scale.lock
	build/lock/bin/uv pip compile pyproject.toml --extra test --extra postgresql --extra redis --extra storage --extra tantivy --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -o requirements-test.lock

clean:
	rm -rf $(VENV) build data .pytest_cache .mypy_cache .ruff_cache
