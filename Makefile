# `make demo` and `make test` are all a newcomer needs; each sets the machine up first.
PY := .venv/bin/python

.PHONY: setup
setup: .venv/.made spartito/web/static/vendor/.made

.venv/.made: requirements/dev.lock requirements/bootstrap.lock pyproject.toml tools/venv.sh
	@tools/venv.sh

spartito/web/static/vendor/.made: package-lock.json tools/assets.sh | .venv/.made
	@tools/assets.sh
