# Two commands are all a newcomer needs: `make serve` and `make test`.
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STAMP := .venv/.installed

export RASA_TELEMETRY_ENABLED := false
export UV_PROJECT_ENVIRONMENT := .venv

.PHONY: help install serve test check demo bench

help: ## show this help
	@echo "The helpline. On a machine with Python 3.11 and make:"
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|'

install: $(STAMP) ## set up .venv and a trained model
	@$(BIN)/helpline train

serve: $(STAMP) ## serve chat page, SMS webhook and desk on one port
	@$(BIN)/helpline serve

test: $(STAMP) ## run the whole suite
	@$(BIN)/helpline train
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

check: $(STAMP) ## style, types, texts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/helpline check

demo: $(STAMP) ## play four whole conversations and print them
	@$(BIN)/helpline train
	@$(BIN)/helpline demo

bench: $(STAMP) ## print the figures
	@$(BIN)/helpline train
	@$(BIN)/helpline bench

$(STAMP): pyproject.toml uv.lock
	@test -x $(BIN)/python || { echo "Making .venv …"; $(PYTHON) -m venv .venv; }
	@test -x $(BIN)/uv || { echo "Installing uv into .venv …"; $(BIN)/python -m pip install --quiet uv; }
	@echo "Installing what uv.lock lists (some 2.7 GB, a few minutes the first time) …"
	@$(BIN)/uv sync --frozen --inexact --quiet
	@$(BIN)/python -m bot.understanding.command_line >/dev/null
	@touch $(STAMP)
