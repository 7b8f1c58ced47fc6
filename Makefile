# Two commands matter on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# The terminal's tests wait for it to be idle as long as they work: twice as many at once as CI has cores.
QUICK  := 4

.PHONY: demo test check slow lint bench conformance picture lock clean

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q cockpit
	@touch $@

demo: $(READY)  ## a local Cloud Run, live load, and the cockpit on it
	@$(BIN)/cockpit demo $(SCENARIO)

test: check slow  ## every test

check: $(READY)  ## the quick tests: nothing that starts a process or a terminal, or simulates for long
	$(BIN)/python -m pytest -n $(QUICK) -m "not slow" $(addprefix --ignore=,$(WITHOUT))

slow: $(READY)  ## the others; a file stays with what it has started once for all its tests
	$(BIN)/python -m pytest -n 3 --dist loadfile -m slow

lint: $(READY)  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## every figure beside its goal
	$(BIN)/python -m benchmarks

conformance: $(READY)  ## PromQL against Prometheus' own test scripts, each miss listed
	@$(BIN)/python -m tests.metrics.promql.conformance

picture: $(READY)  ## take the picture in the README anew
	$(BIN)/python -m tests.pictures.take

lock: $(READY)  ## pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-header --upgrade --quiet -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV)
