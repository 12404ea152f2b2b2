#!/bin/sh
# Installs the pinned front-end packages and copies the files the pages use to spartito/web/static/vendor.
set -eu
cd "$(dirname "$0")/.."
if command -v npm >/dev/null 2>&1; then NPM=npm; else
    UV_SYSTEM_CERTS=1 .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements/node.lock
    PATH="$PWD/.venv/bin:$PATH"
    NPM=.venv/bin/npm
fi
"$NPM" ci --silent --no-progress

to=spartito/web/static/vendor
rm -rf "$to"
mkdir -p "$to/fonts"
m=node_modules
cp $m/@tabler/core/dist/css/tabler.min.css $m/@tabler/core/dist/css/tabler-vendors.min.css "$to/"
cp $m/@tabler/core/dist/js/tabler.min.js "$to/"
cp $m/@tabler/icons-webfont/dist/tabler-icons.min.css "$to/"
cp $m/@tabler/icons-webfont/dist/fonts/tabler-icons.woff2 $m/@tabler/icons-webfont/dist/fonts/tabler-icons.woff "$to/fonts/" 
cp $m/echarts/dist/echarts.min.js "$to/"
cp $m/htmx.org/dist/htmx.min.js "$to/"
cp $m/htmx-ext-sse/dist/sse.min.js "$to/htmx-sse.min.js"
cp $m/@alpinejs/csp/dist/cdn.min.js "$to/alpine-csp.min.js"
cp $m/axe-core/axe.min.js "$to/"
# No source maps are shipped: drop the pointers so that the static files manifest does not look for them.
sed -i -e 's#/\*\# sourceMappingURL=[^*]*\*/##' -e 's#^//\# sourceMappingURL=.*##' "$to"/*.css "$to"/*.js
# The icon font: only the two formats browsers of this decade read.
sed -i -E 's|,url\("[^"]*\.ttf[^"]*"\) format\("truetype"\)||' "$to/tabler-icons.min.css"
touch "$to/.made"
