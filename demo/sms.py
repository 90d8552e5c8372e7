"""The demo's SMS gateway: it takes sign-in codes as a real one would and shows them on a page instead of sending them.

Run as `python -m demo.sms`; prints `ready http://…`.
Rule: it believes only what is signed with the secret (Standard Webhooks), and keeps the newest codes in memory alone.
"""

import html
import json
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sync_server.messages.sms import Gateway, signature_holds

SECRET = "v1,whsec_cGluZWNvbmUtcGluZWNvbmUtcGluZWNvbmU="
"""Of the demo alone; real ones are set by the operator."""
HOOK = "/send-sms"
_KEPT = 30
_MOST_BYTES = 8192
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="3"><title>短信 · SMS</title>
<style>body{{font:17px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;max-width:520px;margin:0 auto;padding:24px;
background:#f3f5fa;color:#101828}}ul{{padding:0}}
li{{background:#fff;border-radius:14px;padding:14px 18px;margin:10px 0;list-style:none}}
b{{font-size:28px;letter-spacing:.12em}}small{{color:#566176;display:block}}</style>
<h1>短信 · SMS</h1><p>演示短信：会员页的验证码。 Codes that the member page sent; demo only.</p>
<ul>{items}</ul></html>"""


class _Handler(BaseHTTPRequestHandler):
    messages: deque[dict[str, Any]] = deque(maxlen=_KEPT)

    def do_GET(self) -> None:
        items = "".join(
            f"<li><small>{html.escape(one['phone'])} · {one['at']}</small><b>{html.escape(one['otp'])}</b></li>"
            for one in reversed(self.messages)
        )
        page = _PAGE.format(items=items or "<li>还没有短信 · No messages yet</li>").encode()
        self._answer(200 if self.path == "/" else 404, page, "text/html; charset=utf-8")

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("content-length", "0")), _MOST_BYTES))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path != HOOK or not signature_holds(Gateway("", SECRET).key, headers, body, time.time()):
            self._answer(401, b'{"error": {"http_code": 401, "message": "not signed"}}')
            return
        message = json.loads(body)
        self.messages.append(
            {"phone": message["user"]["phone"], "otp": message["sms"]["otp"], "at": time.strftime("%H:%M:%S")}
        )
        self._answer(200, b"{}")

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the page shows it all."""


def main() -> None:
    """Serve until ended."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
