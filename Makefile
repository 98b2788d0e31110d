# One command each. `make help` lists them.
# PORT chooses the demonstration's port; VENV another folder for the virtual environment.
VENV ?= .venv
# 3.14 last: Valkey comes as a package for the others alone.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && exit; done; \
	for p in python3.14 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 14) <= sys.version_info < (3, 15))' 2>/dev/null && echo $$p && exit; done)
PY := $(VENV)/bin/python
WITH_SERVICES := $(PY) -m launch.ephemeral

# COUNT=1 counts as well which lines and branches the tests run, which takes up to twice as long, and holds the bounds.
COUNT ?=
COUNTED := $(if $(COUNT),--cov --cov-branch --cov-report=)
# Every line and branch of these is to be tested.
WHOLE := evidence/conditions/*,*/services.py,*/services/*,*/policies.py,*/states.py

# Tests, the benchmark and the demonstration start many processes: each would compile the product anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help python ready ready-dev collected demo test unit e2e e2e-beside pictures check bench faults security fix lock messages migrations evidence-report

help: ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18
	@echo
	@echo "unit, test, bench and check start PostgreSQL and Valkey of their own, unless REDIS_URL names a broker, or"
	@echo "DATABASE_URL, DATABASE_OWNER_URL, DATABASE_WORKER_URL and DATABASE_SUPERUSER_URL, all four, a database"
	@echo "(see CONTRIBUTING.md). The browser tests always bring a whole product of their own."

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12, 3.13 or 3.14 was not found: install one, or name it: make demo PYTHON=/path/to/python3" >&2; exit 1; }

ready: python
	@$(PYTHON) -m launch.bootstrap --venv "$(VENV)" --extra demo

ready-dev: python
	@$(PYTHON) -m launch.bootstrap --venv "$(VENV)" --extra dev

demo: ready ## Start the demonstration at http://127.0.0.1:8000 (PORT=8123 make demo: another port)
	@exec $(PY) -m launch.demo

test: collected ## Run every test against real PostgreSQL, Valkey and Chromium (COUNT=1: count coverage, as the forge does)
	@$(MAKE) --no-print-directory -j2 unit e2e-beside
ifneq ($(COUNT),)
	@$(PY) -m coverage report --skip-covered
	@$(PY) -m coverage report --skip-covered --fail-under=100 --include="$(WHOLE)"
endif

collected: ready-dev
	@$(PY) -m launch.ephemeral --without-services $(PY) -m launch.prepare collectstatic

# They keep the processors busy: the browser tests, which mostly wait for an answer, go first.
unit: collected ## Run the tests that need no browser
	nice -n 5 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(COUNTED) tests/unit tests/integration tests/architecture

e2e: collected ## Run the browser tests
	@$(PY) -m launch.browser
	$(PY) -m pytest tests/e2e

# Beside the other tests, so that both take less time than one after the other; what they say comes in one piece.
e2e-beside: collected
	@mkdir -p var; echo "The browser tests run at the same time: see var/e2e.log"
	@$(MAKE) --no-print-directory e2e > var/e2e.log 2>&1; code=$$?; cat var/e2e.log; exit $$code

pictures: collected ## Make the README's pictures anew
	@$(PY) -m launch.browser
	RENEW_PICTURES=1 $(PY) -m pytest tests/e2e/test_main_line.py

check: ready-dev ## Check format, lint, templates, types, layers, migrations and deployment settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet templates $(wildcard */templates)
	$(PY) -m launch.ephemeral --without-services $(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(WITH_SERVICES) $(PY) manage.py makemigrations --check --dry-run --settings rechallenge.settings_check
	$(PY) -m launch.ephemeral --without-services --production $(PY) manage.py check --deploy --fail-level WARNING --settings rechallenge.settings_check

bench: ready-dev ## Measure, print a table and write var/bench.json (QUICK=1: a minute, the first time two; BENCH_CASES=50000)
	$(PY) -m bench

faults: ready-dev ## Kill processes in the middle of work and count what was lost
	$(PY) -m pytest tests/integration -m faults

security: ready-dev ## Look for known faults in the dependencies (needs the network)
	$(PY) -m pip_audit --require-hashes --disable-pip -r requirements.lock
	npm audit --omit=dev

# With -s nothing but the report is on the standard output, for a machine to read.
evidence-report: python ## Print how the review is coded, as JSON: every figure, every erratum (TEXT=1: for a reader, with counts)
	@$(PYTHON) -m launch.bootstrap --venv "$(VENV)" --extra demo >&2
	@$(PY) -m launch.ephemeral --without-services $(PY) manage.py evidence_report $(if $(TEXT),,--json)

messages: ready-dev ## Collect the words to translate into locale/en/LC_MESSAGES/django.pot
	$(PY) -m rechallenge.catalogue

fix: ready-dev ## Format and repair what can be repaired
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

migrations: ready-dev ## Write migrations for changed models
	$(WITH_SERVICES) $(PY) manage.py makemigrations --settings rechallenge.settings_check

UV_COMPILE := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock: ready-dev ## Write the lock files anew (needs the network)
	$(VENV)/bin/$(UV_COMPILE) --extra demo --extra dev --upgrade -o requirements-dev.lock
	$(VENV)/bin/$(UV_COMPILE) --extra demo -c requirements-dev.lock --upgrade -o requirements-demo.lock
	$(VENV)/bin/$(UV_COMPILE) -c requirements-dev.lock --upgrade -o requirements.lock
