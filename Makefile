# Every command a person needs; `make help` lists them. PYTHON names another interpreter (3.11 to 3.13).

PYTHON ?= python3
SETUP := $(PYTHON) tools/setup.py
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run demo test check docs bench faults crashes rack golden screens clean setup-run setup-demo setup-test
# A shell may switch bytecode off; every start would then cost up to three times as long.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

run: setup-run ## the product at work: server, till, printer, HQ (without a display: the demo)
	@$(VENV)/python -m demo run

demo: setup-demo ## a scripted shift off screen; pictures and figures in var/demo/
	@$(VENV)/python -m demo play

test: setup-test ## all tests; ARGS="tests/models -k pass" for some
	@$(VENV)/python -m pytest $(ARGS)

check: setup-test ## format, lint, types, import layers, generated files
	@$(VENV)/ruff format --check .
	@$(VENV)/ruff check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports --no-logo
	@$(VENV)/python -m tools.requirements_list --check

docs: setup-test ## write the generated pages of docs/ again
	@$(VENV)/python -m tools.requirements_list

bench: setup-test ## figures into var/bench/; SUITE=journal for one suite
	@$(VENV)/python -m tests.bench $(if $(SUITE),--suite $(SUITE))

faults: setup-test ## the fault simulator; SEEDS=100 STEPS=100 FIRST_SEED=1 JOBS=2 PROFILE=adversary
	@$(VENV)/python -m tests.faults.simulator --seeds $(or $(SEEDS),10) --steps $(or $(STEPS),100) --first-seed $(or $(FIRST_SEED),1) --jobs $(or $(JOBS),1) --profile $(or $(PROFILE),everything)

crashes: setup-test ## kill -9 at every named step; ROUNDS=10 each, POINT="till, charge" for some
	@$(VENV)/python -m tests.faults.crashes --rounds $(or $(ROUNDS),1) --first-seed $(or $(FIRST_SEED),1) $(if $(POINT),--point "$(POINT)")

rack: setup-test ## the torture rack: real processes, 20 tills, somebody who spends twice; SCHEDULES=10 FIRST=1
	@$(VENV)/python -m tests.faults.rack --schedules $(or $(SCHEDULES),10) --first $(or $(FIRST),1)

golden: setup-test ## record the wire's bytes of this version; RELEASE=1 when it goes out
	@$(VENV)/python -m tests.golden $(if $(RELEASE),--release)

screens: setup-test ## pictures of every screen: languages, sizes, themes; var/screens
	@rm -rf var/screens && SCREENS=var/screens QT_QPA_PLATFORM=offscreen $(VENV)/python -m pytest -q tests/pos_app/ui/test_text_fit.py tests/pos_app/ui/test_customer.py

clean: ## remove .venv, var and every cache
	rm -rf .venv var build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup-run setup-demo setup-test: setup-%:
	@command -v $(PYTHON) >/dev/null || { echo "Python is needed, 3.11 to 3.13, and $(PYTHON) is not here. Another one: make PYTHON=/path/to/python3.11 ..."; exit 2; }
	@$(SETUP) --for $*
