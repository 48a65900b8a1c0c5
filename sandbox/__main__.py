"""`python -m sandbox`: run the sandbox city."""

from __future__ import annotations

import logging
import socket
import sys

import uvicorn

from manifests import ManifestError
from sandbox.app import create_app
from sandbox.settings import Settings


def main() -> int:
    """Serve until interrupted; the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # httpx would log whole addresses; paths here hold account numbers and plates. Hence no access log either.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = Settings.from_environment()
    except ValueError as error:
        print(f"沙盒城市：环境变量有误：{error}", file=sys.stderr)
        return 2
    if _in_use(settings.host, settings.port):
        print(f"沙盒城市：端口 {settings.port} 已被占用，请设置 BIANMIN_SANDBOX_PORT", file=sys.stderr)
        return 1
    # Rasa holds back the websockets package, too old for this uvicorn; the city speaks plain HTTP only.
    try:
        app = create_app(settings)
    except ManifestError as error:
        print(f"沙盒城市：{error}", file=sys.stderr)
        return 2
    uvicorn.run(app, host=settings.host, port=settings.port, access_log=False, log_config=None, ws="none")
    return 0


def _in_use(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


if __name__ == "__main__":
    sys.exit(main())
