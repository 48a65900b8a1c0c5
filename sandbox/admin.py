"""Control of the sandbox, for this machine alone: faults, a new start, things to say."""

from __future__ import annotations

import ipaddress
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from sandbox.context import InSandbox
from sandbox.errors import CityError
from sandbox.faults import LONGEST_SECONDS, MAINTENANCE_SECONDS
from sandbox.here import served
from sandbox.samples import collect_samples


def require_loopback(request: Request) -> None:
    """Turn away whoever is not on this machine.

    Raises:
        CityError: 403 loopback_only.
    """
    try:
        local = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise CityError(403, "loopback_only", "仅限本机访问")


router = APIRouter(prefix="/admin", tags=["admin"], dependencies=[Depends(require_loopback)])


class FaultIn(BaseModel):
    """A fault to come into force."""

    kind: Literal[
        "slow",
        "error_500",
        "unavailable",
        "broken_json",
        "maintenance",
        "notice_twice",
        "notice_never",
        "refund_failed",
        "refund_abnormal",
    ]
    path_prefix: str = Field("/", regex=r"^/\S*$", max_length=200)
    seconds: float | None = Field(None, ge=0, le=MAINTENANCE_SECONDS * 12)
    times: int | None = Field(None, ge=1, le=10000)


class FaultsOut(BaseModel):
    """The faults in force."""

    faults: list[dict[str, Any]]


@router.post("/faults", response_model=FaultsOut)
def add_fault(body: FaultIn, sandbox: InSandbox) -> FaultsOut:
    """Put a fault in force.

    Raises:
        CityError: 422 invalid_request: slower than a minute.
    """
    if body.kind == "slow" and body.seconds is not None and body.seconds > LONGEST_SECONDS:
        raise CityError(422, "invalid_request", f"slow 最长 {LONGEST_SECONDS:.0f} 秒")
    sandbox.faults.add(body.kind, body.path_prefix, body.seconds, body.times)
    return list_faults(sandbox)


@router.get("/faults", response_model=FaultsOut)
def list_faults(sandbox: InSandbox) -> FaultsOut:
    """The faults in force."""
    return FaultsOut(faults=sandbox.faults.as_json())


@router.delete("/faults", response_model=FaultsOut)
def clear_faults(sandbox: InSandbox) -> FaultsOut:
    """Take back all faults."""
    sandbox.faults.clear()
    return list_faults(sandbox)


@router.post("/reset")
def reset_city(sandbox: InSandbox, seed: int | None = None) -> dict[str, Any]:
    """Let every city grow anew when it is next asked for, and take back all faults; another seed gives other people and
    numbers.
    """
    sandbox.faults.clear()
    chosen = sandbox.settings.seed if seed is None else seed
    sandbox.grower.reset(chosen)
    return {"status": "ok", "seed": chosen}


@router.get("/samples")
def show_samples(sandbox: InSandbox, city: str = "330100") -> dict[str, Any]:
    """What is good to try in a city, which is grown for it.

    Raises:
        CityError: 404 service_not_connected.
    """
    sandbox.grower.grow_all(served(sandbox, city))
    with sandbox.database.read() as session:
        return collect_samples(session, sandbox.services, city)
