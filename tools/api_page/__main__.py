"""Writes docs/api.md, the reference of the HTTP API, as the server describes itself in /openapi.json.

.venv/bin/python tools/api_page docs/api.md
"""

from __future__ import annotations

import sys
from pathlib import Path

from page import page

from quire.api.app import create_app
from quire.settings import Settings

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(create_app(Settings()).openapi()), encoding="utf-8")
