#!/bin/sh
# Makes sure the browser tests find a browser: one that is there, Playwright's own, or Debian's chromium.
set -eu
cd "$(dirname "$0")/.."
found() { command -v chromium || command -v chromium-browser || command -v google-chrome || ls -d "$HOME"/.cache/ms-playwright/chromium-*/ 2>/dev/null | head -1; }
if [ -n "$(found || true)" ]; then exit 0; fi
if timeout 300 .venv/bin/playwright install chromium >/dev/null 2>&1 && .venv/bin/python - <<'P' 2>/dev/null
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    p.chromium.launch(args=["--no-sandbox"]).close()
P
then exit 0; fi
SUDO=""
if [ "$(id -u)" != 0 ]; then SUDO="sudo -n"; fi
if command -v apt-get >/dev/null && $SUDO apt-get -qq update && $SUDO apt-get -qq install -y --no-install-recommends chromium; then exit 0; fi
echo "No browser found and none could be installed: the browser tests will be skipped." >&2
echo "To run them: apt-get install chromium (as root), then make test again." >&2
