"""The socket that the server listens on."""

from __future__ import annotations

import socket

from quire.cli.serve import _listen


def test_connections_send_the_end_of_an_answer_without_waiting() -> None:
    with _listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
