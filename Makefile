# The two commands are `make run` and `make test`; the rest helps while working on the portal.

SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PORT ?= 8000
DATA ?= .data
ARGS ?=
TO ?= backups
JOBS ?= 2
STEPS ?= 100000
EXAMPLES ?= 200
SCALE ?= 4000 100000 1000000
export PORT
export PATH := $(CURDIR)/$(BIN):$(PATH)

STACK := python -m jiangdong.stack
ON_DATA := DATA="$(DATA)" $(STACK) with --
TEMPLATES := templates $(wildcard */templates)

.PHONY: audit bench bench-scale faults fuzz run test lint fmt lock seed backup restore pictures clean browser messages

run: .venv messages ## the portal, on PORT, with its data in DATA
	@DATA="$(DATA)" exec $(STACK) run

test: .venv messages browser lint audit ## everything; ARGS goes to pytest
	@$(STACK) with -- $(MAKE) --no-print-directory .checks

lint: .venv ## what can be seen without running anything
	ruff format --check .
	ruff check .
	djlint --lint --quiet $(TEMPLATES)
	lint-imports --no-cache --no-logo
	@if [ -e .git ]; then betterleaks git . --no-banner --log-level warn --confidence medium; fi

audit: .venv ## whether anything locked is known to be vulnerable, if the package registry tells
	@python -m jiangdong.audit

fmt: .venv ## format, and mend what the linter can mend
	ruff format .
	ruff check --fix .

COMPILE := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

# One file in two parts: the image takes what stands above the line.
lock: .venv ## renew requirements.lock from pyproject.toml
	$(COMPILE) --output-file .venv/run.lock pyproject.toml
	$(COMPILE) --output-file .venv/all.lock --extra test --constraints .venv/run.lock pyproject.toml
	@{ cat .venv/run.lock; echo "# only to test it"; awk \
		'/^[^ ]/ { new = !($$0 in seen) } FNR == NR { if (/^[^ ]/) seen[$$0]; next } new' \
		.venv/run.lock .venv/all.lock; } > requirements.lock

seed: .venv messages ## the demo district again, into DATA
	$(ON_DATA) python manage.py seed_demo

backup: .venv ## database and photos of DATA into a new folder of TO, while the portal runs
	$(ON_DATA) python manage.py backup --into "$(TO)"

restore: .venv ## the backup FROM into DATA, while the portal does not run; REPLACE=yes over what is there
	@test -n "$(FROM)" || { echo "say which: make restore FROM=backups/…" >&2; exit 1; }
	$(ON_DATA) python manage.py restore --from "$(FROM)" $(if $(REPLACE),--replace)

pictures: .venv messages browser ## the screenshots of README
	$(ON_DATA) python manage.py pictures

bench-scale: .venv messages ## how that grows: the same with SCALE wishes, in a scratch database
	nice -n 10 $(STACK) with -- python manage.py bench --rounds 3 --each 24 --scale $(SCALE)

bench: .venv messages ## what requests cost, as ratios to bare views of the same rows
	$(STACK) with -- sh -c "python manage.py migrate -v0 && python manage.py seed_demo >/dev/null && python manage.py bench"

faults: .venv messages ## kill -9 of every program of a portal of its own under load, and what that cost
	@python -m jiangdong.faults

fuzz: .venv messages ## attacks that take long: STEPS through the workflow, EXAMPLES an operation of the API and a person
	FUZZ=1 FUZZ_STEPS=$(STEPS) FUZZ_EXAMPLES=$(EXAMPLES) $(STACK) with -- python -m pytest -s tests/attack $(ARGS)

clean: ## everything that the commands above made, but for DATA
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f locale/*/LC_MESSAGES/*.mo

# Stamped by the lock: made anew when it changes, and left alone when only its date does.
.venv: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@want=$$(cksum < requirements.lock); \
	if [ "$$(cat .venv/lock.stamp 2>/dev/null)" != "$$want" ]; then \
		echo "installing what requirements.lock names into .venv"; \
		$(PYTHON) -m venv --clear --without-pip .venv && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check \
			--require-hashes -r requirements.lock && \
		echo "$$want" > .venv/lock.stamp; \
	fi
	@touch .venv

messages: .venv
	@if ls locale/*/LC_MESSAGES/*.po >/dev/null 2>&1; then pybabel -q compile -d locale -D django; fi

browser:
	@if [ -x /usr/bin/chromium ] && [ -n "$$(fc-list :lang=zh 2>/dev/null)" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -qq -y --no-install-recommends chromium fontconfig fonts-noto-cjk >/dev/null; \
	else \
		echo "The browser tests need Chromium and Chinese fonts:" >&2; \
		echo "  sudo apt-get install chromium fontconfig fonts-noto-cjk" >&2; exit 1; \
	fi

# Production settings with made-up secrets: what `check --deploy` would say on the day.
.checks: PRODUCTION_SETTINGS = PRODUCTION=1 ALLOWED_HOSTS=portal.example SITE_URL=https://portal.example \
	SECRET_KEY=$$(python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	RESIDENT_KEYS=1:$$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
	INDEX_KEY=$$(python -c 'import secrets; print(secrets.token_urlsafe(48))')
.PHONY: .checks
.checks:
	python manage.py makemigrations --check --dry-run
	$(PRODUCTION_SETTINGS) python manage.py check --deploy --fail-level WARNING
	python -m pytest -n $(JOBS) --dist loadgroup $(ARGS)
