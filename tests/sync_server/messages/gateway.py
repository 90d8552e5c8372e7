"""An SMS gateway's other end on a real port: it checks signatures as the real ones do and keeps what it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sync_server.messages.sms import Gateway, signature_holds

SECRET = "v1,whsec_dGhpcyBpcyBhIHNlY3JldCBvZiB0ZXN0cw=="


@dataclass
class Received:
    """What came in, and what the next answers are: (status, body); 200 when there are none left."""

    url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    unsigned: int = 0
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def gateway(self) -> Gateway:
        return Gateway(self.url, SECRET)

    def wait_for(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        """The messages, once there are this many."""
        with self.news:
            assert self.news.wait_for(lambda: len(self.messages) >= count, seconds), f"{len(self.messages)} messages"
        return self.messages

    def code_for(self, phone: str, seconds: float = 10) -> str:
        """The newest code of a number, once there is one."""

        def found() -> list[str]:
            return [one["sms"]["otp"] for one in self.messages if one["user"]["phone"] == phone]

        with self.news:
            assert self.news.wait_for(found, seconds), "no message came"
        return found()[-1]


@contextmanager
def listening() -> Iterator[Received]:
    """Listen until the block ends."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, answer = received.answers.pop(0) if received.answers else (200, b"{}")
            with received.news:
                received.ids.append(self.headers["webhook-id"])
                headers = {name.lower(): value for name, value in self.headers.items()}
                if not signature_holds(received.gateway.key, headers, body, time.time()):
                    received.unsigned += 1
                    status = 401
                if status == 200:
                    received.messages.append(json.loads(body))
                received.news.notify_all()
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.url = f"http://127.0.0.1:{server.server_port}/send-sms"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
