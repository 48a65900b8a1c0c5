import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import normalise
from bot.nlu.plates import PROVINCES, find_plates, is_plate

SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


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
    ],
)
def test_find_plates(said: str, plates: list[str]) -> None:
    assert [one.value for one in find_plates(normalise(said))] == plates


@given(
    st.sampled_from(PROVINCES),
    st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"),
    st.text(SERIAL, min_size=5, max_size=5),
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
