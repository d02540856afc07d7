"""`vllm serve MODEL --host HOST --port PORT …` without vLLM: a process that answers, with a second one in its group.

Before all that come two arguments of its own, which `fake_vllm` gives it: a folder, in which it leaves the ids of both
processes, its arguments and its variables; and what it does wrong, if anything:

* ends: it ends at once, with status 3
* waits: it does not listen until there is a file `go` in the folder
* stubborn: it and the second one stay when they are told to end
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SECOND = "import signal, sys, time\nif sys.argv[1:]: signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(1000)"
ANSWERS = {
    "/health": "",
    "/version": json.dumps({"version": "0.32.0"}),
    "/v1/models": json.dumps({"data": [{"id": "small", "max_model_len": 20_000}]}),
    "/metrics": 'vllm:num_requests_running{engine="0"} 0.0\nvllm:num_requests_waiting{engine="0"} 0.0\n',
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = ANSWERS.get(self.path)
        body = (known or "").encode()
        self.send_response(404 if known is None else 200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    folder, fault, arguments = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    print("loading the model")
    if fault == "ends":
        print("there is no memory for that", flush=True)
        sys.exit(3)
    if fault == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    second = subprocess.Popen([sys.executable, "-I", "-S", "-c", SECOND, *([fault] if fault == "stubborn" else [])])
    run = {"pids": [os.getpid(), second.pid], "arguments": arguments, "variables": dict(os.environ)}
    (folder / f"{os.getpid()}.tmp").write_text(json.dumps(run))
    (folder / f"{os.getpid()}.tmp").rename(folder / f"{time.monotonic_ns()}.json")
    while fault == "waits" and not (folder / "go").exists():
        time.sleep(0.01)
    host, port = (arguments[arguments.index(name) + 1] for name in ("--host", "--port"))
    ThreadingHTTPServer((host, int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
