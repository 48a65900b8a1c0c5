"""What a service's seeding is given: the city, its people, chance of its own, and a place for its rows."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from manifests import CityManifest
from sandbox.clock import SHANGHAI
from sandbox.here import payee
from sandbox.numbers import receipt_prefix
from sandbox.plates import make_plates
from sandbox.seeding.land import Land
from sandbox.seeding.people import Person, make_people
from sandbox.seeding.streams import stream, unused_digits
from sandbox.tables import City, CityService, Resident, Vehicle

Rows = dict[Any, list[dict[str, Any]]]
"""By table, the rows to be added."""


@dataclass(frozen=True)
class Car:
    """A vehicle, as a row of the register."""

    plate: str
    kind: str
    owner: Person


@dataclass(frozen=True)
class Register:
    """What all services of a city share: who lives there, at what address, with what vehicle.

    Attributes:
        land: the city's land.
        people: its residents, the holders of households first, one a household, then children.
        addresses: of the households, in the same order.
        cars: the vehicles; the first so many holders own one each.
    """

    land: Land
    people: tuple[Person, ...]
    addresses: tuple[str, ...]
    cars: tuple[Car, ...]

    def rows(self) -> Rows:
        """The register's rows."""
        city = self.land.city
        people = [{**one.__dict__, "city_code": city.code} for one in self.people]
        cars = [
            {"plate": one.plate, "city_code": city.code, "kind": one.kind, "owner_id": one.owner.id}
            for one in self.cars
        ]
        return {City: [{"code": city.code, "name": city.name}], Resident: people, Vehicle: cars}


@dataclass
class Growth:
    """The growing of one city service in one city.

    Attributes:
        register: what all services share.
        service: the city service's code.
        seed: what everything grows from.
        today: the day of growing; nothing may depend on the time of day.
        rows: what was added so far.
    """

    register: Register
    service: str
    seed: int
    today: date
    rows: Rows = field(default_factory=lambda: defaultdict(list))
    _receipts: int = 0
    _numbers: dict[str, tuple[random.Random, set[str]]] = field(default_factory=dict)

    @property
    def city(self) -> CityManifest:
        """What the city's file says."""
        return self.register.land.city

    @property
    def people(self) -> tuple[Person, ...]:
        """The residents, grown up or not."""
        return self.register.people

    @property
    def holders(self) -> tuple[Person, ...]:
        """The residents who hold a household, all of them grown up."""
        return self.register.people[: self.register.land.households]

    def detail(self, name: str) -> Any:
        """What was written by hand of this city; None where it is to be invented."""
        return self.register.land.details.get(name)

    def stream(self, *names: object) -> random.Random:
        """Random numbers of one's own: the same for the same city, service and names, whatever else grows."""
        return stream(self.seed, self.city.code, self.service, *names)

    def moment(self, day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """A time of day in the city."""
        return datetime.combine(day, time(hour, minute, second), SHANGHAI)

    def key(self, index: int) -> str:
        """A primary key for the database alone, that no other city or service has: 330100-<service>-0001."""
        return f"{self.city.code}-{self.service}-{index:04d}"

    def number(self, prefix: str, digits: int) -> str:
        """A number that nothing else in the country has: the prefix, the city's code, so many digits of chance.

        What residents read and what is paid must have one of these: another seed is to give another number.
        """
        rng, taken = self._numbers.setdefault(prefix, (self.stream("numbers", prefix), set()))
        return unused_digits(rng, taken, prefix + self.city.code, digits)

    def payee(self) -> str:
        """Who is owed for the service: what the city's file says, or a name for it."""
        return payee(self.city, self.service)

    def receipt(self, paid_at: datetime, series: str) -> str:
        """The number of a receipt given before today; `series` as in `sandbox.payable.settle`."""
        self._receipts += 1
        return f"{receipt_prefix(paid_at, self.city.code, series)}{self._receipts:04d}"

    def add(self, table: Any, **values: Any) -> None:
        """Add a row."""
        self.rows[table].append(values)

    def add_rows(self, table: Any, rows: Iterable[dict[str, Any]]) -> None:
        """Add many rows at once, all with the same columns."""
        self.rows[table].extend(rows)

    def finish(self) -> Rows:
        """All rows, and the mark that the service has been grown."""
        return {**self.rows, CityService: [{"city_code": self.city.code, "code": self.service}]}


def make_register(land: Land, seed: int) -> Register:
    """Who lives in a city.

    Args:
        land: the city's land.
        seed: what everything grows from.
    """
    people = make_people(land, seed)
    rng = stream(seed, "addresses", land.city.code)
    addresses = tuple(_address(rng, land) for _ in range(land.households))
    return Register(land, people, addresses, tuple(_cars(land, seed, people)))


def _cars(land: Land, seed: int, people: tuple[Person, ...]) -> list[Car]:
    """Every fourth one is electric. A city whose file names no plates has none."""
    prefix = land.city.says.plate_prefix
    count = min(land.vehicles, land.households)
    if prefix is None:
        return []
    rng = stream(seed, "vehicles", land.city.code)
    electric = count // 4
    plain, new = make_plates(rng, prefix, land.city.code, count - electric, electric)
    cars = []
    for index in range(count):
        if index % 4 == 3:
            cars.append(Car(new.pop(), "小型新能源汽车", people[index]))
        else:
            cars.append(Car(plain.pop(), "小型汽车", people[index]))
    return cars


def _address(rng: random.Random, land: Land) -> str:
    floor = rng.randint(2, 18)
    return f"{rng.choice(land.streets)}{rng.randint(8, 399)}号{rng.randint(1, 20)}幢{floor}0{rng.randint(1, 4)}室"
