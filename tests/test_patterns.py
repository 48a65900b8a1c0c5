"""No message, however it is made, holds a process: no pattern is read in exponentially many ways, no reading is quadratic.

The bound is the promise itself, so it is asserted: CPU time, the least of several runs.
"""

import re
from datetime import date

import pytest

from bot.nlu.extractor import CityEntityExtractor, read_parts
from bot.nlu.features import Featurizer
from bot.nlu.readers.entities import EntityFinder
from tests.patterns import BOUND, LENGTH, modules_of, patterns_in, seconds, slow_use

TUESDAY = date(2026, 11, 24)
CORE = ("bot", "actions")

UNITS = (
    "国庆", "国庆节后", "过年", "今年国庆", "叫一下", "一下", "煤气", "煤", "水、", "水电", "谢谢", "哈", "噻", "嗯，", "就是", "1", "12 ", "1-", "3301 ", "1/2 ", "1.",
    "下周一到", "周一", "明天", "今早", "月底", "3月1号", "2026年1月1日", "10月1日", "过三天", "工作日", "下午三点", "1:00", "三点", "我叫", "给王小明", "查王小明的",
    "患者", "姓名", "爷", "张三 ", "张三13812345678", "是", "不是水费", "水费换成", "水费不对", "查水费，", "，再查", "一", "一百块", "充", "充到", "交1", "1元", "孩子",
    "牙", "疼", "从杭州到", "换到家兴", "家兴", "宿州", "市一", "一院", "是一院", "第一人民医院", "省人民医院", "医院", "浙A1", "A1", "户号1", "330103198810030015",
    "第1个", "最后", "取肖", "姓明", "就珍人", "😀", "\x00", " ", "，",
)  # fmt: skip


@pytest.fixture(scope="module")
def parts() -> dict[str, dict[str, object]]:
    return read_parts(CityEntityExtractor.get_default_config())


@pytest.fixture(scope="module")
def finder(parts: dict[str, dict[str, object]]) -> EntityFinder:
    return EntityFinder(**parts)


@pytest.mark.parametrize(
    "careless",
    [r"(?:一下|一|下)*交", r"(?:煤气|煤|气)(?:(?:、)?(?:煤气|煤|气))+费", r"^(?:a+)+$", r"叫(?:的|的的)*电费"],
)
def test_the_search_finds_a_careless_pattern(careless: str) -> None:
    assert slow_use(re.compile(careless))


@pytest.mark.parametrize("package", CORE)
def test_no_pattern_of_a_module_is_slow(package: str) -> None:
    patterns = {one for module in modules_of(package) for one in patterns_in(module)}
    assert patterns
    assert [slow for pattern in patterns if (slow := slow_use(pattern))] == []


def test_no_pattern_made_of_the_gazetteers_is_slow(finder: EntityFinder) -> None:
    patterns = set(patterns_in(finder))
    assert len(patterns) > 20
    assert [slow for pattern in patterns if (slow := slow_use(pattern))] == []


@pytest.mark.parametrize("unit", UNITS)
def test_a_long_message_is_read_in_time(finder: EntityFinder, parts: dict[str, dict[str, object]], unit: str) -> None:
    gazetteers, lexicon = parts["gazetteers"], parts["lexicon"]
    featurizer = Featurizer(gazetteers["topics"], lexicon["syllables"], gazetteers["declared"])  # type: ignore[arg-type]
    text = (unit * LENGTH)[:LENGTH]

    def read() -> None:
        featurizer.features_of(text, finder.find(text, TUESDAY))

    assert seconds(read) < BOUND
