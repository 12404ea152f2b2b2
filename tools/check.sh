#!/bin/sh
# Format, lint, types, layers, templates and migrations. Runs all of them and says at the end which failed.
cd "$(dirname "$0")/.." || exit 2
failed=""
step() {
    name=$1
    shift
    if out=$("$@" 2>&1); then echo "ok      $name"; else
        echo "FAILED  $name"
        echo "$out" | tail -n "${CHECK_LINES:-60}"
        failed="$failed $name"
    fi
}
step format .venv/bin/ruff format --check --quiet --diff .
step lint .venv/bin/ruff check --quiet .
step types .venv/bin/mypy
step layers .venv/bin/lint-imports
step templates .venv/bin/djlint --lint --quiet spartito
step messages .venv/bin/python tools/messages.py missing
step migrations .venv/bin/python tools/migrations.py --check
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
