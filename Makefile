# make run: the assistant on http://127.0.0.1:5005/    make test: everything that is tested    make help: the rest
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run train chat test coverage test-long lint clean forget lock

BIN := .venv/bin
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --python $(BIN)/python --override overrides.txt --generate-hashes \
	--no-emit-index-url --no-header
# Set here for all: what is compiled once need not be compiled at each start.
unexport PYTHONDONTWRITEBYTECODE

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/'

setup: ## find Python 3.10 (or PYTHON=…), make .venv, install requirements.lock
	@PYTHON="$(PYTHON)" bot/setup.sh

setup-dev: ## the same with requirements-dev.lock: what tests and lint need, too
	@PYTHON="$(PYTHON)" bot/setup.sh dev

run: setup ## train if needed, start assistant (WORKERS=2: two), action server and sandbox city; Ctrl-C stops them
	@exec $(BIN)/python -m bot run --workers $(or $(WORKERS),1)

train: setup ## train a model, where there is none for the data as it stands
	@$(BIN)/python -m bot train

chat: setup ## talk to the running assistant in the terminal
	@$(BIN)/python -m bot chat

test: setup-dev ## unit, data, story and end-to-end tests
	@$(BIN)/python -m bot train
	$(BIN)/python -m pytest -n auto --dist loadfile

coverage: setup-dev ## the same tests, and which lines none of them reaches; a third slower
	@$(BIN)/python -m bot train
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered

test-long: setup-dev ## the tests that have a long form, in it: minutes each
	@$(BIN)/python -m bot train
	BIANMIN_LONG=1 $(BIN)/python -m pytest -m long -s

lint: setup-dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy actions bot city_api connectors manifests sandbox serving

clean: ## delete models, caches and logs; .venv, databases and keys stay
	rm -rf models .rasa var/*.log* results htmlcov .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis graph.html
	find actions bot city_api connectors manifests sandbox serving tests -name __pycache__ -prune -exec rm -rf {} +

forget: ## delete every database and every key in var/: orders, conversations, the sandbox city. For good
	rm -rf var

lock: setup ## make requirements.lock and requirements-dev.lock anew from pyproject.toml and overrides.txt
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
