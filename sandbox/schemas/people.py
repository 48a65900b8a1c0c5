"""People as JSON."""

from __future__ import annotations

from pydantic import BaseModel, Field


class PersonIn(BaseModel):
    """A person as named on the ID card."""

    name: str = Field(..., min_length=1, max_length=40)
    id_number: str = Field(..., min_length=1, max_length=40)
