"""A process for the supervisor's tests: answers /health on the sandbox's port, or misbehaves as FAKE says."""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Health(BaseHTTPRequestHandler):
    """Answers everything with 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()


if __name__ == "__main__":
    behaviour = os.environ.get("FAKE", "")
    if behaviour == "ends":
        sys.exit("no such table: bills")
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    HTTPServer(("127.0.0.1", int(os.environ["BIANMIN_SANDBOX_PORT"])), Health).serve_forever()
