import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.readers.entities import EntityFinder
from bot.nlu.readers.misspellings import corrected
from tests.bot.nlu.conftest import TUESDAY

OWED = ("bill_type",)


@pytest.mark.parametrize(
    "said",
    [
        "", " ", "叫车", "叫人工", "叫外卖", "教我交电费", "比较一下水费", "家教费", "主角", "角落", "补交水费", "补办身份证",
        "步行去医院", "部门电话", "布料多少钱", "部分缴费", "性命", "姓名张三", "就诊人李四", "就诊人数", "取消", "小区消防",
    ],
)  # fmt: skip
def test_what_is_right_stays(finder: EntityFinder, said: str) -> None:
    assert corrected(said, finder.find(said, TUESDAY), OWED) == said


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("叫电费", "交电费"), ("角一下水费", "交一下水费"), ("帮我教燃气费", "帮我交燃气费"), ("较罚款", "交罚款"), ("焦五十块电费", "交五十块电费"),
        ("水费叫了", "水费交了"), ("水费帮忙教一下", "水费帮忙交一下"), ("罚款怎么叫", "罚款怎么交"), ("电费在哪儿叫啊", "电费在哪儿交啊"), ("气费角了没", "气费交了没"),
        ("捕行", "不行"), ("布行了", "不行了"), ("部对", "不对"), ("补对", "不对"), ("布是的", "不是的"), ("步用了", "不用了"), ("不形", "不行"),
        ("捕形", "不行"), ("我布想交", "我不想交"), ("补用了谢谢", "不用了谢谢"), ("憋交", "别交"), ("取肖", "取消"), ("区消", "取消"),
        ("姓明张三", "姓名张三"), ("性名王芳", "姓名王芳"), ("就诊仁李四", "就诊人李四"), ("旧诊人李四", "就诊人李四"),
        ("就珍人：李四", "就诊人：李四"),
    ],
)  # fmt: skip
def test_what_sounds_alike_is_put_right(finder: EntityFinder, said: str, right: str) -> None:
    assert corrected(said, finder.find(said, TUESDAY), OWED) == right


@given(st.text(st.sampled_from("叫角交水电费罚款布部补行是对要姓明性名就诊仁旧，。 了的取肖"), max_size=20))
def test_the_length_never_changes_and_twice_is_as_once(said: str) -> None:
    once = corrected(said)
    assert len(once) == len(said)
    assert corrected(once) == once
