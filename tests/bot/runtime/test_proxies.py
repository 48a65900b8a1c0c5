"""Whose word is taken for where a request comes from."""

from types import SimpleNamespace
from typing import Any

import pytest
from sanic.compat import Header

from bot.runtime import proxies


def request(ip: str, **headers: str) -> Any:
    """A request from an address."""
    return SimpleNamespace(ip=ip, headers=Header({name.replace("_", "-"): value for name, value in headers.items()}))


@pytest.mark.parametrize(
    ("ip", "forwarded", "believed", "address"),
    [
        ("1.1.1.1", "", "", "1.1.1.1"),
        ("1.1.1.1", "9.9.9.9", "", "1.1.1.1"),
        ("127.0.0.1", "9.9.9.9", "", "127.0.0.1"),
        ("127.0.0.1", "9.9.9.9", "127.0.0.1", "9.9.9.9"),
        ("127.0.0.1", "8.8.8.8, 9.9.9.9", "127.0.0.1", "9.9.9.9"),  # the first is what the client wrote
        ("127.0.0.1", "8.8.8.8, 9.9.9.9", "127.0.0.1, 9.9.9.9", "8.8.8.8"),
        ("127.0.0.1", " , ", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy_counts(
    ip: str, forwarded: str, believed: str, address: str
) -> None:
    trusted = proxies.trusted({proxies.VARIABLE: believed})
    assert proxies.address(request(ip, X_Forwarded_For=forwarded), trusted) == address


def test_only_a_trusted_proxy_says_https() -> None:
    asked = request("127.0.0.1", X_Forwarded_Proto="https")
    assert proxies.is_secure(asked, frozenset({"127.0.0.1"}))
    assert not proxies.is_secure(asked, frozenset())
    assert not proxies.is_secure(request("127.0.0.1"), frozenset({"127.0.0.1"}))
