"""Personal data as the city shows it: enough to recognise one's own, not enough to learn another's."""

from __future__ import annotations

import re


def mask_name(name: str) -> str:
    """张三 → 张*, 王小明 → 王**."""
    return name[:1] + "*" * (len(name) - 1)


def mask_plate(plate: str) -> str:
    """浙A12345 → 浙A***45."""
    return plate[:2] + "*" * (len(plate) - 4) + plate[-2:]


def mask_address(address: str) -> str:
    """Hide the numbers: 西湖区文三路90号3幢502室 → 西湖区文三路**号**幢**室."""
    return re.sub(r"\d+", "**", address)
