"""The residence permit: whether a person's is valid, until when, and from when it can be endorsed for another year."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer

State = Literal["in_making", "valid", "endorsement_due", "suspended"]


class ResidencePermit(Answer):
    """A permit as of today: still `in_making`, `valid`, to be endorsed now, or `suspended` since that was not done.

    One in making is ready on `issued_on`. The other days are of the endorsement: the first it can be had, and the last
    before the permit is suspended.
    """

    state: State
    issued_on: dt.date
    endorse_from: dt.date
    valid_until: dt.date
