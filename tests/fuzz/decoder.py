"""The other side of `decoding_child`: sends documents, and says what became of the process."""

from __future__ import annotations

import json
import select
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

_CHILD: Final = Path(__file__).with_name("decoding_child.py")
_PATIENCE_S: Final = 30.0
_MAX_PEAK_BYTES: Final = 700_000_000
"""The libraries take 150 MB; an image of a million pixels some tens more, in several copies."""


class Fault(AssertionError):
    """Something else than pages or errors of ours."""


class Decoder:
    """A process that decodes; a new one takes the place of one that broke."""

    def __init__(self, program: Path = _CHILD) -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def drawn(self, document: bytes) -> int:
        """How many pages of the document could be drawn.

        Raises:
            Fault: the process died, took too long or too much memory, or an error came out that is none of ours.
        """
        answer = self._answer(document)
        if answer["peak_bytes"] > _MAX_PEAK_BYTES:
            self.close()
            raise Fault(f"decoding took {answer['peak_bytes']:,} bytes")
        if answer["leak"]:
            raise Fault(f"an error came out that is none of ours:\n{answer['leak']}")
        return int(answer["drawn"])

    def _answer(self, document: bytes) -> dict[str, Any]:
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(struct.pack(">I", len(document)) + document)
        process.stdin.flush()
        if not select.select([process.stdout], [], [], _PATIENCE_S)[0]:
            self.close()
            raise Fault(f"decoding took longer than {_PATIENCE_S:g} s")
        line = process.stdout.readline()
        if not line:
            status = process.wait()
            self.close()
            raise Fault(f"the process died with status {status}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-X", "faulthandler", str(self._program)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            with self._process:
                self._process = None
