#!/bin/sh
# Makes .venv and installs the locked dependencies. Needs python3 (3.11 or later) and nothing else.
# Where Debian split `venv` off, it is installed (root) or unpacked beside the project (anyone else).
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
export UV_SYSTEM_CERTS=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

has_ensurepip() { "$PYTHON" -c 'import ensurepip, sys; sys.exit(not ensurepip.version())' 2>/dev/null; }

# Without root: fetch Debian's pip wheel as a plain file and start pip from inside it.
pip_from_debian() {
    work=$(mktemp -d)
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    (
        cd "$work"
        apt-get -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -qq update
        apt-get -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -qq download python3-pip-whl
        dpkg -x python3-pip-whl_*.deb unpacked
    ) >&2
    ls "$work"/unpacked/usr/share/python-wheels/pip-*.whl
}

make_venv() {
    if has_ensurepip; then
        "$PYTHON" -m venv .venv
    elif [ "$(id -u)" = 0 ]; then
        (apt-get -qq update && apt-get -qq install -y --no-install-recommends python3-venv ca-certificates) >&2
        "$PYTHON" -m venv .venv
    else
        "$PYTHON" -m venv --without-pip .venv
        PIP_WHEEL=$(pip_from_debian)
    fi
}

pip_() {
    if [ -n "${PIP_WHEEL:-}" ]; then PYTHONPATH=$PIP_WHEEL .venv/bin/python -m pip "$@"; else .venv/bin/python -m pip "$@"; fi
}

[ -x .venv/bin/python ] || make_venv
[ -x .venv/bin/uv ] || pip_ install -q --require-hashes -r requirements/bootstrap.lock
if ! .venv/bin/uv pip sync -q --compile-bytecode --python .venv/bin/python --require-hashes requirements/dev.lock; then
    echo "uv could not reach the package index; trying pip with its own settings" >&2
    pip_ install -q --require-hashes -r requirements/dev.lock
fi
.venv/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation --offline -e .
touch .venv/.made
