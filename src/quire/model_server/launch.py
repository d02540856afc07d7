"""How a model server is started: its command, checked as far as that can be done beforehand."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from quire.engines.vlm.config import VlmConfig
from quire.engines.vlm.families.base import Serving
from quire.engines.vlm.replicas import base_address
from quire.engines.vlm.serving import vllm_arguments
from quire.errors import InvalidOption, RuntimeMissing


@dataclass(frozen=True, slots=True)
class Launch:
    """One model server.

    Attributes:
        command: the program and its arguments.
        url: base address where it answers, on this machine.
        log: file for what it writes.
        api_key: that it shall ask for.
    """

    command: tuple[str, ...]
    url: str
    log: Path
    api_key: str | None = field(default=None, repr=False)

    def environment(self) -> dict[str, str]:
        """This process's variables without its own settings, some of which are secret; and the key, which other
        users of the machine could read off a command line."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("QUIRE_")}
        return kept | ({"VLLM_API_KEY": self.api_key} if self.api_key else {})

    def require_port(self) -> None:
        """Makes sure that nothing else listens where the server shall.

        Raises:
            InvalidOption: something does, or the port may not be used.
        """
        address = urlsplit(self.url)
        family = socket.AF_INET6 if ":" in (address.hostname or "") else socket.AF_INET
        try:
            socket.create_server((address.hostname or "", address.port or 80), family=family).close()
        except OSError as exc:
            reason = (exc.strerror or "not an address of this machine").partition(" (")[0].lower()
            raise InvalidOption(
                f"no model server can be started at {self.url} ({reason}): stop what listens there, leave out "
                "--start-vllm if that is your model server, or choose another port in QUIRE_VLM__URLS"
            ) from exc


def launch(serving: Serving, config: VlmConfig, *, program: str, extra: tuple[str, ...], log: Path) -> Launch:
    """How to start vLLM for a family, at the first of the configured addresses.

    Args:
        program: vLLM's command, by name or path.
        extra: arguments that the operator adds.

    Raises:
        InvalidOption: the address is not on this machine, or no model is named.
        RuntimeMissing: vLLM is not installed.
    """
    url = base_address(config.urls[0])
    arguments = vllm_arguments(serving, config.model, url)
    if arguments is None or not url.startswith("http://"):
        raise InvalidOption(_not_startable(url, known=bool(config.model or serving.models)))
    path = shutil.which(program)
    if path is None:
        raise RuntimeMissing(
            f"vLLM is not installed here, there is no program '{program}': install it in an environment of its own "
            "(`pip install vllm`) and let QUIRE_VLM__PROGRAM name its command `vllm`, or start it on another machine "
            "and set QUIRE_VLM__URLS"
        )
    return Launch((path, *arguments, *extra), url, log, config.api_key)


def _not_startable(url: str, *, known: bool) -> str:
    if not known:
        return "nobody knows which model to start: set QUIRE_VLM__MODEL"
    return (
        f"no model server can be started at {url}, only on this machine: leave out --start-vllm, or let "
        "QUIRE_VLM__URLS begin with an address like http://127.0.0.1:8001"
    )
