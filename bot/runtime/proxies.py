"""Where a request comes from: the reverse proxy says it, where it is one that we trust.

`BIANMIN_TRUSTED_PROXIES` names their addresses, with commas (127.0.0.1 where nginx stands on the same machine). Of anybody else
the headers `X-Forwarded-For` and `X-Forwarded-Proto` are what a stranger writes about himself, and not read.
"""

import os
from collections.abc import Mapping

from sanic.request import Request

VARIABLE = "BIANMIN_TRUSTED_PROXIES"


def trusted(environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Give the addresses of the proxies that are believed; none by default."""
    return frozenset(address.strip() for address in environment.get(VARIABLE, "").split(",") if address.strip())


def address(request: Request, believed: frozenset[str] | None = None) -> str:
    """Give the address that a request comes from.

    Args:
        request: of which the nearest address that is no trusted proxy counts: what stands before it, a client may have written.
        believed: the proxies; by default those of the environment.
    """
    proxies = trusted() if believed is None else believed
    nearest = str(request.ip or "")
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if nearest not in proxies or not hop.strip():
            break
        nearest = hop.strip()
    return nearest


def is_secure(request: Request, believed: frozenset[str] | None = None) -> bool:
    """Tell whether the browser came over https."""
    proxies = trusted() if believed is None else believed
    return str(request.ip or "") in proxies and request.headers.get("X-Forwarded-Proto", "").lower() == "https"
