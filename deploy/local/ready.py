"""Lets a simulator's process answer /readyz, /healthz and /metrics as services do, on OVERTURN_METRICS_PORT; does nothing
where that is unset."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import generate_latest


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = generate_latest() if self.path == "/metrics" else b""
        self.send_response(200 if self.path in ("/readyz", "/healthz", "/metrics") else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keeps requests out of the log."""


def answer_ready() -> None:
    """Call it when the process can do its work; answers from a thread of its own until the process ends."""
    port = int(os.environ.get("OVERTURN_METRICS_PORT") or 0)
    if port:
        server = ThreadingHTTPServer(("127.0.0.1", port), _Ready)
        threading.Thread(target=server.serve_forever, name="ready", daemon=True).start()
