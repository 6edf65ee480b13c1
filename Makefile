# Two commands are all one needs: `make demo` and `make test`.
PYTHON ?= python3.11
BIN := .venv/bin
# xdist: one worker a core. One that has nothing left takes over from the others: the longest tests are among the last.
WORKERS ?= auto
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not chaos"

.PHONY: demo test coverage setup lint format bench chaos lock clean

demo: .venv/.installed
	$(BIN)/trade-ma demo $(DEMO)

test: .venv/.installed
	$(PYTEST) $(TESTS)

# The same tests with every line and branch counted, which takes half as long again.
coverage: .venv/.installed
	$(PYTEST) --cov --cov-report=term $(TESTS)

setup: .venv/.installed

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.bench
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

chaos: .venv/.installed
	$(BIN)/pytest -m chaos -s

# The lock names every package; left to look for dependencies, pip prefers a newer release of one with an extra, and fails.
# Debian's bare python3 has no ensurepip (that is python3-venv), so virtualenv stands in where venv fails.
.venv/.installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv || { \
		$(PYTHON) -m pip install --quiet --target .venv-bootstrap virtualenv && \
		PYTHONPATH=.venv-bootstrap $(PYTHON) -m virtualenv --clear .venv; }
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# What our code is measured against.
.venv/.bench: .venv/.installed requirements-bench.lock
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-bench.lock
	touch $@

lock: .venv/.installed
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev --extra bench pyproject.toml -o requirements-bench.lock

clean:
	rm -rf .venv .venv-bootstrap .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage
