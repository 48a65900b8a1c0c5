from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.readers.entities import EntityFinder
from tests.bot.nlu.conftest import TUESDAY, Pairs

W, E, G = ("bill_type", "water"), ("bill_type", "electricity"), ("bill_type", "gas")


def department(name: str) -> tuple[str, str]:
    return ("department", name)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", []), ("   ", []), ("嗯", []), ("水果多少钱一斤", []), ("电影票怎么买", []), ("信用社几点开门", []), ("挂钟不走了", []), ("没起飞", []),
        ("水电工电话", []), ("手机没电了", []), ("手机充电", []), ("暖气费", []), ("天气怎么样", []), ("电话费", []), ("生气", []),
        ("水费", [W]), ("自来水", [W]), ("水錶", [W]), ("水 费", [W]), ("水嗯费", [W]), ("用水", [W]), ("欠水吗", [W]), ("水钱", [W]),
        ("电费", [E]), ("電費", [E]), ("电卡", [E]), ("电表", [E]), ("供电局", [E]), ("交电", [E]), ("充50块的电", [("amount", "50.00"), E]),
        ("煤气", [G]), ("天然气", [G]), ("燃气卡", [G]), ("管道气", [G]), ("气费", [G]), ("天燃气费", [G]), ("液化气", [G]),
        ("水电费", [W, E]), ("水电煤一起交", [W, E, G]), ("水、电、气都查一下", [W, E, G]), ("水费和燃气费", [W, G]),
        ("不是水费，是电费", [E]), ("不是水费", []), ("是不是水费", [W]), ("水费啊不对电费", [E]), ("把水费换成电费", [E]),
        ("不查水费查电费", [E]), ("要电费不是水费", [E]), ("交睡费", [W]), ("税费怎么交", []), ("是电不是水", [E]), ("燃器费", [G]), ("那燃器费呢", [G]), ("然气费", [G]),
    ],
)  # fmt: skip
def test_bill_types(entities: Callable[[str], Pairs], said: str, expected: Pairs) -> None:
    assert entities(said) == expected


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("看牙", "口腔科"), ("牙疼", "口腔科"), ("牙有点疼", "口腔科"), ("牙齿疼得厉害", "口腔科"), ("拔智齿", "口腔科"), ("洗牙", "口腔科"),
        ("口强科", "口腔科"), ("小孩发烧", "儿科"), ("我女儿咳嗽", "儿科"), ("孩子从昨晚开始发烧", "儿科"), ("给娃挂儿科", "儿科"),
        ("宝宝牙疼", "口腔科"), ("孩子近视", "眼科"), ("眼睛看不清", "眼科"), ("眼睛又红又痒", "眼科"), ("皮肤痒", "皮肤科"), ("长痘痘", "皮肤科"),
        ("过敏了", "皮肤科"), ("身上起疙瘩", "皮肤科"), ("怀孕了", "妇产科"), ("产检", "妇产科"), ("妇科", "妇产科"), ("骨折", "骨科"),
        ("崴脚了", "骨科"), ("腰疼", "骨科"), ("老人膝盖疼", "骨科"), ("嗓子疼", "耳鼻咽喉科"), ("鼻炎", "耳鼻咽喉科"), ("耳朵嗡嗡响", "耳鼻咽喉科"),
        ("耳鼻喉", "耳鼻咽喉科"), ("胃疼", "消化内科"), ("拉肚子", "消化内科"), ("肚子不舒服", "消化内科"), ("咳嗽", "呼吸内科"),
        ("头疼", "神经内科"), ("失眠", "神经内科"), ("脑壳痛", "神经内科"), ("心慌", "心血管内科"), ("高血压", "心血管内科"), ("心内科", "心血管内科"),
        ("针灸", "中医科"), ("看中医", "中医科"), ("糖尿病", "内分泌科"), ("内科", "内科"), ("外科", "外科"), ("呼吸内科", "呼吸内科"),
        ("宝宝发烧挂儿童医院", "儿科"), ("头疼想挂中医科", "中医科"), ("牙疼，挂口腔科", "口腔科"),
    ],
)  # fmt: skip
def test_departments(entities: Callable[[str], Pairs], said: str, name: str) -> None:
    assert [pair for pair in entities(said) if pair[0] == "department"] == [department(name)]


@pytest.mark.parametrize(
    "said",
    [
        "儿童医院",
        "娃不舒服，挂儿童医院",
        "儿童医院今天人多难受",
        "心情不好",
        "电费贵得我头疼",
        "牙膏多少钱",
        "换个王者皮肤",
        "头像怎么换",
        "整形外科",
        "神经外科",
    ],
)
def test_no_department(entities: Callable[[str], Pairs], said: str) -> None:
    assert not [pair for pair in entities(said) if pair[0] == "department"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("市一院", "市第一人民医院"), ("一医院", "市第一人民医院"), ("第一人民医院", "市第一人民医院"), ("市二院", "市第二人民医院"),
        ("中医院", "市中医院"), ("妇保", "市妇幼保健院"), ("妇幼保健院", "市妇幼保健院"), ("儿保", "市儿童医院"), ("儿童医院", "市儿童医院"),
        ("兒童醫院", "市儿童医院"), ("口腔医院", "市口腔医院"), ("牙科医院", "市口腔医院"), ("杭州市口腔医院", "市口腔医院"),
        ("邵逸夫", "浙江大学附属邵逸夫医院"), ("嘉兴一院", "嘉兴市第一医院"), ("嘉兴市第一医院", "嘉兴市第一医院"),
        ("在市一院", "市第一人民医院"), ("去一院", "市第一人民医院"), ("挂一院", "市第一人民医院"), ("我想去人民医院", "市第一人民医院"), ("想约市 一院", "市第一人民医院"),
        ("明天下午市一院", "市第一人民医院"), ("口腔科，市一院", "市第一人民医院"), ("杭州市第一人民医院", "市第一人民医院"), ("杭州第一人民医院", "市第一人民医院"),
        ("浙一医院", "浙一医院"), ("省人民医院", "省人民医院"), ("浙大一院", "浙大一院"), ("去浙一医院挂号", "浙一医院"), ("浙江省人民医院", "浙江省人民医院"),
        ("萧山区人民医院", "萧山区人民医院"), ("挂个协和医院的号", "协和医院"), ("北京大学第一医院", "北京大学第一医院"), ("明天去浙大附属第一医院", "浙大附属第一医院"),
        ("彭埠街道社区卫生服务中心", "彭埠街道社区卫生服务中心"), ("301医院", "301医院"), ("省人 民醫院", "省人民医院"), ("中山医院", "中山医院"),
    ],
)  # fmt: skip
def test_hospitals(entities: Callable[[str], Pairs], said: str, name: str) -> None:
    assert [value for entity, value in entities(said) if entity == "hospital"] == [name]


def test_two_hospitals_in_one_message(entities: Callable[[str], Pairs]) -> None:
    found = [value for entity, value in entities("市一院和同济医院") if entity == "hospital"]
    assert found == ["市第一人民医院", "同济医院"]


@pytest.mark.parametrize(
    "said",
    ["换个城市一下", "超市一个", "医院附近停车场", "去医院", "哪家医院好", "附近的医院", "能挂哪些医院", "宠物医院"],
)
def test_no_hospital(entities: Callable[[str], Pairs], said: str) -> None:
    assert not [pair for pair in entities(said) if pair[0] == "hospital"]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("换到嘉兴", ["嘉兴"]), ("嘉兴市", ["嘉兴"]), ("换到家兴", ["嘉兴"]), ("我在上海", ["上海"]), ("廣州", ["广州"]), ("延边朝鲜族自治州", ["延边"]),
        ("从杭州换到嘉兴", ["嘉兴"]), ("不是杭州，是嘉兴", ["嘉兴"]), ("我不在杭州，在绍兴", ["绍兴"]), ("切到日照", ["日照"]), ("日照", ["日照"]),
        ("今天日照强不强", []), ("北京路的电费", []), ("中山医院", []), ("上海大学", []), ("祝您安康", []), ("黄山一日游", []),
    ],
)  # fmt: skip
def test_cities(entities: Callable[[str], Pairs], said: str, names: list[str]) -> None:
    assert [value for entity, value in entities(said) if entity == "city"] == names


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("那套房", []), ("给我儿子那套房交", []), ("这户", []), ("谢谢", []), ("高兴", []), ("明白", []), ("查信用", []), ("我是本人", []), ("我叫什么", []), ("高血压", [department("心血管内科")]),
        ("我叫张三", [("person_name", "张三")]), ("姓明张三", [("person_name", "张三")]), ("就诊人是李建国", [("person_name", "李建国")]), ("姓名：嗯嗯欧阳海", [("person_name", "欧阳海")]), ("性名：李四", [("person_name", "李四")]), ("就诊仁王芳", [("person_name", "王芳")]), ("旧诊人是赵敏", [("person_name", "赵敏")]), ("姓名：李四", [("person_name", "李四")]), ("王小明", [("person_name", "王小明")]),
        ("我叫周天宇", [("person_name", "周天宇")]), ("姓名：高建国", [("person_name", "高建国")]),
        ("患者是欧阳修", [("person_name", "欧阳修")]), ("我叫赵敏手机13812345678", [("person_name", "赵敏"), ("phone", "13812345678")]),
        ("给李秀英挂号", [("person_name", "李秀英")]), ("我妈叫戴秀英", [("person_name", "戴秀英")]), ("我儿子叫白子涵", [("person_name", "白子涵")]),
        ("她叫戴秀英", [("person_name", "戴秀英")]), ("名字叫戴秀英", [("person_name", "戴秀英")]), ("是我妈，叫吴秀英", [("person_name", "吴秀英")]),
        ("我妈叫我交水费", [W]), ("我老婆叫查违章", []), ("叫车去机场", []), ("叫人工", []), ("查彭振华的挂号", [("person_name", "彭振华")]),
        ("查一下白子涵的信用分", [("person_name", "白子涵")]), ("帮彭振华挂号", [("person_name", "彭振华")]), ("查家里人的信用分", []), ("查我妈的信用分", []),
        ("信用分 白子涵 11010519491231002X", [("person_name", "白子涵"), ("id_number", "11010519491231002X")]),
        ("退号戴秀英110105194912310021", [("person_name", "戴秀英")]),
        ("挂明天，戴秀英，身份证11010519491231002X", [("date", "2026-11-25"), ("person_name", "戴秀英"), ("id_number", "11010519491231002X")]),
        ("查违章 13812345678", [("phone", "13812345678")]), ("张主任", []), ("王教授", []), ("李大夫", []), ("姓名 李医生", []), ("就诊人是王芳医生", []),
        ("给王大夫挂号", []), ("看李建国医生的号", []), ("我是王芳", [("person_name", "王芳")]),
        ("张三 11010519491231002X", [("person_name", "张三"), ("id_number", "11010519491231002X")]),
    ],
)  # fmt: skip
def test_names(entities: Callable[[str], Pairs], said: str, expected: Pairs) -> None:
    assert entities(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("第一人民医院", []), ("第一次", []), ("第一个", ["1"]), ("第2个", ["2"]), ("就第三个吧", ["3"]), ("头一个", ["1"]), ("最后一个", ["-1"]),
        ("最后那个医生", ["-1"]), ("倒数第二个", ["-2"]), ("选1", ["1"]), ("1", ["1"]), ("二", ["2"]), ("１", ["1"]), ("第二位医生", ["2"]),
        ("不是第一个，是第二个", ["2"]), ("10", []), ("最后一位是7", []), ("最后一位数是X", []), ("最后一位", ["-1"]),
    ],
)  # fmt: skip
def test_ordinals(entities: Callable[[str], Pairs], said: str, expected: list[str]) -> None:
    assert [value for entity, value in entities(said) if entity == "ordinal"] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("下周三下午市一院口腔科还有号吗", [("date", "2026-12-02"), ("period", "afternoon"), ("hospital", "市第一人民医院"), department("口腔科")]),
        ("我要交电费，户号3301234567，一百块", [E, ("account_number", "3301234567"), ("amount", "100.00")]),
        ("两百五十块的电费充到 5120 9934 07", [("amount", "250.00"), E, ("account_number", "5120993407")]),
        ("还是改成星期六下午好了", [("date", "2026-11-28"), ("period", "afternoon")]),
        ("交到3301234567 100", [("account_number", "3301234567"), ("amount", "100.00")]),
        ("3301234567 100元", [("account_number", "3301234567"), ("amount", "100.00")]),
        ("2026-12-01下午", [("date", "2026-12-01"), ("period", "afternoon")]),
        ("浙A12345有没有违章", [("plate_number", "浙A12345")]),
        ("换成后天下午", [("date", "2026-11-26"), ("period", "afternoon")]),
        ("不要周三，要周四", [("date", "2026-11-26")]),
        ("下午两点到下午四点", [("period", "afternoon")]),
    ],
)  # fmt: skip
def test_several_in_one_message(entities: Callable[[str], Pairs], said: str, expected: Pairs) -> None:
    assert entities(said) == expected


def test_offsets_point_into_the_text_as_typed(finder: EntityFinder) -> None:
    said = "我要繳　電 費，戶號３３０１２３４５６７"
    assert [said[one.start : one.end] for one in finder.find(said, TUESDAY)] == ["電 費", "３３０１２３４５６７"]


@pytest.mark.parametrize(
    "piece",
    [
        "水",
        "1",
        "一",
        "浙A1",
        "牙",
        "我叫",
        "周",
        "不是",
        "1.",
        "1-",
        " ",
        "😀",
        "第",
        "\x00",
        "a",
        "孩子",
        "三百块",
        "、水",
    ],
)
def test_ten_thousand_characters_are_no_trouble(finder: EntityFinder, piece: str) -> None:
    said = (piece * 10_000)[:10_000]
    found = finder.find(said, TUESDAY)
    assert all(0 <= one.start < one.end <= len(said) for one in found)


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.sampled_from(
            "水电气费交查不是，。 1234567890一二三百块元周三月号下明天浙A粤bx我叫张三牙疼孩子第个最后😀\t\x00·.-¥"
        ),
        max_size=40,
    )
)
def test_any_text_gives_sound_entities(finder: EntityFinder, text: str) -> None:
    found = finder.find(text, TUESDAY)
    assert all(0 <= one.start < one.end <= len(text) and one.value for one in found)
    assert not any(a.overlaps(b) for index, a in enumerate(found) for b in found[index + 1 :])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_arbitrary_text_never_raises(finder: EntityFinder, text: str) -> None:
    assert isinstance(finder.find(text, TUESDAY), list)
