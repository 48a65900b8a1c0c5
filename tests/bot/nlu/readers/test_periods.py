import pytest

from bot.nlu.normalise import normalise
from bot.nlu.readers.found import Found, take_free
from bot.nlu.readers.periods import find_periods


def periods(said: str) -> list[str]:
    taken: list[Found] = []
    take_free(taken, find_periods(normalise(said)))
    return [one.value for one in sorted(taken)]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("", []), ("早上好", []), ("下午好", []), ("各位下午好", []), ("你好，早上好啊", []), ("晚上好呀", []), ("几点", []), ("快一点", []), ("便宜点", []), ("有点贵", []),
        ("早点", []), ("晚一点", []), ("一点都不", []), ("扣3点", []), ("24小时", []), ("信用社几点开门", []), ("挂钟不走了", []),
        ("上午", ["morning"]), ("早上", ["morning"]), ("明早", ["morning"]), ("一大早", ["morning"]), ("AM", ["morning"]),
        ("上午9点", ["morning"]), ("早上八点半", ["morning"]), ("九点", ["morning"]), ("9:00", ["morning"]), ("八点十五", ["morning"]),
        ("下午", ["afternoon"]), ("改成星期六下午好了", ["afternoon"]), ("明天早上好吗", ["morning"]), ("中午", ["afternoon"]), ("晌午", ["afternoon"]), ("三点", ["afternoon"]), ("下午三点半", ["afternoon"]),
        ("15:30", ["afternoon"]), ("两点钟", ["afternoon"]), ("12点", ["afternoon"]), ("一点半", ["afternoon"]),
        ("晚上", ["evening"]), ("傍晚", ["evening"]), ("夜里", ["evening"]), ("今晚", ["evening"]), ("周三晚", ["evening"]),
        ("晚上七点", ["evening"]), ("19点", ["evening"]), ("夜门诊", ["evening"]), ("下班后", ["evening"]),
    ],
)  # fmt: skip
def test_find_periods(said: str, values: list[str]) -> None:
    assert periods(said) == values
