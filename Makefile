# Two commands for people: `make demo` and `make test`. Each works on a fresh checkout with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo.sqlite

.PHONY: demo test lint types contracts pytest clean

demo: $(VENV)/.installed
	rm -f $(DEMO) $(DEMO)-wal $(DEMO)-shm
	$(BIN)/quotetrack ingest seeds/articles --database $(DEMO)
	$(BIN)/quotetrack report sources --limit 20 --database $(DEMO)
	@printf '\nOpen the review queue:      %s\n' '$(BIN)/quotetrack review --database $(DEMO)'
	@printf 'One source in detail:       %s\n' '$(BIN)/quotetrack report source KCNA --database $(DEMO)'
	@printf 'Ingest your own articles:   %s\n' '$(BIN)/quotetrack ingest FOLDER-OR-URL --outlet "Your Outlet"'

test: $(VENV)/.dev lint types contracts pytest

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

# All of them, a process a core; plain `pytest` leaves out the slow ones.
pytest:
	$(BIN)/pytest -n auto -m "slow or not slow"

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "quotetrack needs Python 3.11 or newer; try make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) $(DEMO)* build dist
