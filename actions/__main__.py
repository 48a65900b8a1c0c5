"""`python -m actions`: the action server, on 127.0.0.1."""

from __future__ import annotations

import socket
import sys

import structlog
from sqlalchemy.exc import SQLAlchemyError

from actions import logs
from actions.ledger import Ledger, WrongLedgerKey
from actions.payments import SettlerError
from actions.server import ANSWER_SECONDS, HOST, MAX_BODY_BYTES, create_app
from actions.settings import Settings, SettingsError
from manifests import ManifestError
from serving import server
from serving.bounds import BoundError, Bounds


def main() -> int:
    """Run until stopped; 1 when something in the way can be said in one line."""
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(f"bianmin actions: {error}", file=sys.stderr)
        return 1
    logs.configure(settings.log_format)
    log = structlog.stdlib.get_logger("actions")
    obstacle = _port_in_use(settings.port) or _unusable_ledger(settings)
    if obstacle:
        log.error(obstacle, port=settings.port)
        return 1
    try:
        app, bounds = create_app(settings), Bounds.from_environment(MAX_BODY_BYTES, ANSWER_SECONDS)
    except (ManifestError, SettlerError, BoundError) as error:
        print(f"bianmin actions: {error}", file=sys.stderr)
        return 1
    log.info("action_server_starting", port=settings.port)
    try:
        server.run(app, HOST, settings.port, bounds)
    except Exception as error:
        # Masked; Python would print it as it is.
        log.exception("action_server_died", error=type(error).__name__)
        return 1
    return 0


def _port_in_use(port: int) -> str:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return "the port is in use: set BIANMIN_ACTIONS_PORT to another"
    return ""


def _unusable_ledger(settings: Settings) -> str:
    try:
        ledger = Ledger.from_settings(settings)
        try:
            ledger.upgrade()
        finally:
            ledger.close()
    except WrongLedgerKey:
        return (
            "BIANMIN_LEDGER_KEY (or var/ledger.key) is not the key this ledger was written with; nothing was written. Put the "
            "right key back; where a change of keys was cut off, run `python -m bot ledger rotate-key` once more"
        )
    except (SQLAlchemyError, ValueError) as error:
        return f"the ledger cannot be used, see DATABASE_URL ({type(error).__name__})"
    return ""


if __name__ == "__main__":
    sys.exit(main())
