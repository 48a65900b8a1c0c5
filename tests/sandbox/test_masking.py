"""Personal data as the city shows it."""

import pytest

from sandbox.masking import mask_address, mask_name, mask_plate


@pytest.mark.parametrize(("name", "masked"), [("", ""), ("张", "张"), ("张三", "张*"), ("欧阳修远", "欧***")])
def test_names(name, masked):
    assert mask_name(name) == masked


@pytest.mark.parametrize(("plate", "masked"), [("浙A12345", "浙A***45"), ("浙AD12345", "浙A****45")])
def test_plates(plate, masked):
    assert mask_plate(plate) == masked


def test_addresses():
    assert mask_address("西湖区文三路90号3幢1502室") == "西湖区文三路**号**幢**室"
