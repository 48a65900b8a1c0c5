"""The services of the sandbox city, a module each: `data/services/<service>.yml` is served by `sandbox/services/<service>.py`.

What a module must have: `service = SandboxService(router, seed, samples)`. Nothing else names it; the manifest is enough.

- `router`: an `APIRouter()` without prefix. It is put under `/cities/{city}/<path>`, the path that the manifest gives its
  city service (of several city services: the part their paths begin with). Strangers (401) and cities that do not offer
  the service (404 service_not_connected) are turned away before, and the city is grown. A handler asks for
  `here: InCity` (sandbox/here.py), and answers with the models of `city_api/<service>.py`, declared as `response_model`.
- `seed(growth)`: adds the rows of one city service of one city: `growth.add(Table, column=value, …)`. Called once for each
  code that the city's file names, which is `growth.service`. All chance comes from `growth.stream(…)`, all keys hold
  `growth.city.code`, so that cities are alike in whatever order they are grown: `growth.number("L", 6)` for what residents
  read and what is paid (another seed gives another), `growth.key(index)` for the database alone. `growth.holders` are the
  grown-up residents, one a household; `growth.register` has their `addresses` and the `cars`; `growth.payee()` is owed.
- `samples(session, city)`: what is good to try, for `GET /admin/samples`; dicts of the same name are merged.
  Under `say` a sentence by the service's name, which `make run` prints.
- Tables are declared on `sandbox.tables.Base`, in the module. A changed table needs nothing: a database of other tables is
  thrown away at the next start. People and vehicles are referred to by `residents.id` and `vehicles.plate`.

What helps: `sandbox.people.record_of` for a look-up by name and ID number; `sandbox.payable.Payable` and `settle` for what can
be paid, `Once` (sandbox/idempotency.py) for every write; `sandbox.plates`, `sandbox.masking`, `sandbox.numbers`.
`sandbox.seeding.accounts` for account numbers in the city's form.
`credit.py` is the pattern of a look-up; tests/sandbox/new_service.py is a look-up and a payment in the fewest lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sandbox.seeding.growth import Growth


@dataclass(frozen=True)
class SandboxService:
    """A service's side of the sandbox.

    Attributes:
        router: its routes.
        seed: grows one of its city services in one city.
        samples: what is good to try in a city, by its code.
    """

    router: APIRouter
    seed: Callable[[Growth], None]
    samples: Callable[[Session, str], dict[str, Any]]
