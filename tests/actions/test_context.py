"""How an action gets at its collaborators."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, cast

import pytest

from actions import context


def test_before_the_server_has_started() -> None:
    former = context._Holder.services
    context.set_current(None)
    try:
        with pytest.raises(RuntimeError, match="no services"):
            context.current()
    finally:
        context.set_current(former)


def test_for_a_block() -> None:
    former = context._Holder.services
    outer, inner = (context.Services(*cast(list[Any], [object()] * 4)) for _ in range(2))
    with context.use(outer):
        with context.use(inner):
            assert context.current() is inner
        assert context.current() is outer
        with suppress(ZeroDivisionError), context.use(inner):
            _ = 1 / 0
        assert context.current() is outer
    assert context._Holder.services is former
