"""A copy of the project, with two cities, to make mistakes in."""

from pathlib import Path

import pytest

from tests.copies import copy_parts

HANGZHOU = """services: {water: 2025-01-01, electricity: 2025-01-01, gas: 2025-01-01, traffic: 2025-01-01, hospital: 2025-01-01, credit: 2025-01-01}
billers: {water: 杭州市水务集团, electricity: 国网杭州供电公司, gas: 杭州市燃气集团, traffic: 杭州市公安局交通警察支队}
plate_prefix: 浙A
"""
JIAXING = """# 嘉兴
services: {water: 2025-01-01, electricity: 2025-01-01, traffic: 2025-01-01}
billers: {water: 嘉兴市嘉源给排水公司, electricity: 国网嘉兴供电公司, traffic: 嘉兴市公安局交通警察支队}
plate_prefix: 浙F
"""
PARTS = ("config.yml", "domain.yml", "data", "actions", "city_api", "sandbox/services", "tests/conversations")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    copy_parts(PARTS, tmp_path, "[0-9]*.yml")
    (tmp_path / "data/cities/330100.yml").write_text(HANGZHOU, encoding="utf-8")
    (tmp_path / "data/cities/330400.yml").write_text(JIAXING, encoding="utf-8")
    return tmp_path
