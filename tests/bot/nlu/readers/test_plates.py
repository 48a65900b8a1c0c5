import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.gazetteer_files import read_gazetteers
from bot.nlu.normalise import normalise
from bot.nlu.readers.plates import FULL_NAMES, PROVINCES, counting, find_plates, is_plate

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
SERIALS = st.text(LETTERS + "0123456789", min_size=5, max_size=5).filter(lambda it: sum(map(str.isalpha, it)) <= 2)
PLATES = st.builds(str.__add__, st.sampled_from([one + two for one in PROVINCES for two in "ABDK"]), SERIALS)
WORDS = read_gazetteers()["counted"]


@pytest.mark.parametrize(
    ("said", "plates"),
    [
        ("", []),
        ("车牌", []),
        ("粤B1234", []),
        ("粤B123456", []),
        ("粤B1234567", []),
        ("甲B12345", []),
        ("A12345", []),
        ("云A股12345", []),
        ("粤B12345", ["粤B12345"]),
        ("粤 b·12345", ["粤B12345"]),
        ("粵Ｂ１２３４５", ["粤B12345"]),
        ("浙a 12345有违章吗", ["浙A12345"]),
        ("浙a.123.45", ["浙A12345"]),
        ("浙A-8888-8", ["浙A88888"]),
        ("浙A1嗯2345".replace("嗯", " "), ["浙A12345"]),
        ("浙A幺二三四五", ["浙A12345"]),
        ("浙A一二三四五查下", ["浙A12345"]),
        ("浙AO1234", ["浙A01234"]),
        ("浙AI2345", ["浙A12345"]),
        ("粤BD12345", ["粤BD12345"]),
        ("粤bf·12345", ["粤BF12345"]),
        ("粤B12345D", ["粤B12345D"]),
        ("浙AD 1 2 3 4 5", ["浙AD12345"]),
        ("新能源车沪AD00001", ["沪AD00001"]),
        ("京AF0236学", ["京AF0236"]),
        ("云A1234挂", ["云A1234挂"]),
        ("蘇E88888", ["苏E88888"]),
        ("贛C5A678", ["赣C5A678"]),
        ("浙A12345 3301234567", ["浙A12345"]),
        ("浙AD12345和粤B66666", ["浙AD12345", "粤B66666"]),
        ("查一下陕A·1A234的违章", ["陕A1A234"]),
        ("江苏A3B561", ["苏A3B561"]),
        ("浙江省B88X12", ["浙B88X12"]),
        ("浙B点66012", ["浙B66012"]),
        ("浙B，66012", ["浙B66012"]),
        ("浙B/66012", ["浙B66012"]),
        ("浙A12 345", ["浙A12345"]),
        ("浙BCDEFG", []),
        ("最新MASTER分支", []),
        ("最新MATE60到货了吗", []),
        ("浙I12345", []),
    ],
)
def test_find_plates(said: str, plates: list[str]) -> None:
    assert [one.value for one in find_plates(normalise(said))] == plates


@given(
    st.sampled_from(PROVINCES),
    st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    SERIALS,
    st.sampled_from(["", "·", " ", ".", "-"]),
)
def test_any_ordinary_plate_comes_back(province: str, letter: str, serial: str, separator: str) -> None:
    said = f"查{province}{letter.lower()}{separator}{serial.lower()}，谢谢"
    found = list(find_plates(normalise(said)))
    assert [one.value for one in found] == [province + letter + serial]
    assert said[found[0].start : found[0].end].upper().replace(separator or "\0", "") == found[0].value


@given(st.sampled_from(PROVINCES), st.sampled_from("ABCDFG"), st.sampled_from("DFABCEGHJK"), st.integers(10000, 99999))
def test_any_new_energy_plate_comes_back(province: str, letter: str, kind: str, number: int) -> None:
    for plate in (f"{province}{letter}{kind}{number}", f"{province}{letter}{number}{kind}"):
        if is_plate(plate):
            assert [one.value for one in find_plates(normalise(plate))] == [plate]


def read(said: str) -> list[tuple[str, ...]]:
    """The readings of each plate in a message."""
    found = find_plates(normalise(said), "", counting(WORDS))
    return [one.candidates or (one.value,) for one in found]


@pytest.mark.parametrize(
    ("said", "readings"),
    [
        ("帮我查浙AH3390 一下", ["浙AH3390"]),
        ("浙AK7702一起查了", ["浙AK7702"]),
        ("浙AB1180 2笔违章", ["浙AB1180"]),
        ("浙AJ2205七月的违章", ["浙AJ2205"]),
        ("浙AF6631 5月份有没有违章", ["浙AF6631"]),
        ("浙AC4410一直没处理", ["浙AC4410"]),
        ("浙AE0071 3日那次", ["浙AE0071"]),
        ("浙AG9032两条都处理", ["浙AG9032"]),
        ("浙AD幺二三四一共多少", ["浙AD1234"]),
        ("浙A 1 2 3 4 5 一下", ["浙A12345"]),
        ("浙AD 1 2 3 4 5", ["浙AD12345"]),
        ("浙AH3390 3301234567", ["浙AH3390"]),
        ("浙AD8812 1", ["浙AD8812", "浙AD88121"]),
        ("浙AD8812 1 查一下", ["浙AD8812", "浙AD88121"]),
        ("浙AD1234五有没有违章", ["浙AD1234", "浙AD12345"]),
        ("浙AH12343条违章", ["浙AH1234", "浙AH12343"]),
    ],
)
def test_a_number_that_is_a_word_of_its_own_is_no_part_of_a_plate(said: str, readings: list[str]) -> None:
    assert read(said) == [tuple(readings)]


@pytest.mark.parametrize("said", ["最新X5 2024款", "浙A1234 5月的", "浙A一二三四五六"])
def test_what_another_word_needs_makes_no_plate_whole(said: str) -> None:
    assert read(said) == []


@given(PLATES, st.sampled_from(WORDS["after_one"]), st.sampled_from(["", " "]))
def test_what_one_begins_never_makes_another_plate(plate: str, word: str, blank: str) -> None:
    assert read(f"{plate}{blank}一{word}") == [(plate,)]


@given(PLATES, st.sampled_from("123456789二三五七九"), st.sampled_from(WORDS["counted"]))
def test_what_is_counted_never_makes_another_plate(plate: str, number: str, word: str) -> None:
    assert read(f"{plate} {number}{word}") == [(plate,)]


@given(PLATES, st.sampled_from("0123456789"))
def test_a_digit_after_a_blank_is_never_taken_in_silence(plate: str, digit: str) -> None:
    longer = plate + digit
    assert read(f"{plate} {digit}") == [(plate, longer) if is_plate(longer) else (plate,)]


@given(st.sampled_from(list(FULL_NAMES)), SERIALS)
def test_a_province_is_written_out_too(name: str, serial: str) -> None:
    plate = f"{FULL_NAMES[name]}A{serial}"
    assert read(f"{name}A{serial}") == [(plate,)]


@given(PLATES)
def test_no_serial_has_letters_alone(plate: str) -> None:
    assert read(plate[:2] + "MASTE") == []
