from collections.abc import Callable
from pathlib import Path

import pytest

from manifests import Places

REGISTRY = """\
cities:
  - {code: "330100", name: 杭州, full_name: 杭州市, province: 浙江, aliases: [杭城]}
  - {code: "330400", name: 嘉兴, full_name: 嘉兴市, province: 浙江}
  - {code: "330481", name: 海宁, full_name: 海宁市, province: 浙江, needs_context: true}
  - {code: "429004", name: 仙桃, full_name: 仙桃市, province: 湖北}
  - {code: "500100", name: 重庆, full_name: 重庆市, province: 重庆}
"""


@pytest.fixture
def places_of(tmp_path: Path) -> Callable[..., Places]:
    """Places with this registry and these files: places_of({"330400": "plate_prefix: 浙F"})."""

    def make(files: dict[str, str] | None = None, registry: str = REGISTRY) -> Places:
        (tmp_path / "cities.yml").write_text(registry, encoding="utf-8")
        for code, content in (files or {}).items():
            (tmp_path / f"{code}.yml").write_text(content, encoding="utf-8")
        return Places(tmp_path)

    return make
