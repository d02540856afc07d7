"""The command line: `quire read | client | serve | visualize | models | doctor | bench | schema`.

Commands import what they need when they run: `quire --help` loads no engine, no decoder and no web server.
"""

from __future__ import annotations

import logging
import sys


def main() -> None:
    """Runs the command that `sys.argv` names and exits with its code (see `quire.error_table`)."""
    from quire.cli.app import app
    from quire.cli.failure import complain
    from quire.error_table import edge
    from quire.errors import QuireError

    try:
        app()
    except QuireError as error:
        complain(error.code, error.detail)
        sys.exit(edge(error.code).exit_code)
    except Exception:
        logging.getLogger(__name__).exception("a defect: please report what follows")
        sys.exit(edge(QuireError.code).exit_code)
