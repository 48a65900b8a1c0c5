"""Chinese numerals: counting numbers as people say them, and digits read out one by one."""

import re

DIGITS = {
    char: value
    for value, chars in enumerate(("零〇", "一壹", "二两贰俩", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 100_000_000}
CHARS = "".join(DIGITS) + "".join(UNITS) + "廿卅"
"""Every character a Chinese counting number is written with."""

# Read out over the telephone: 幺 1, 洞 0, 拐 7, 勾 9. 两 stands for 2 in some regions.
SPOKEN = {**{char: str(value) for char, value in DIGITS.items()}, "幺": "1", "洞": "0", "拐": "7", "勾": "9"}

_PART = re.compile(r"\d+(?:\.\d+)?|.")


def parse_count(text: str) -> int | None:
    """Read a counting number: 三百二十, 一百二 (120), 一千零五, 一万二 (12000), 两百, 3百2, 15. None if it is none."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 12 else None
    total = section = 0
    digit: int | None = None
    last_unit = 1
    after_zero = False
    for part in _PART.findall(text):
        if part.isascii() and part.isdigit() and len(part) <= 12:
            if digit:
                return None
            digit = int(part)
        elif part in DIGITS:
            if digit:
                return None  # 三五: digits read out, no counting number
            digit = DIGITS[part]
            after_zero = after_zero or digit == 0
        elif part in UNITS:
            unit = UNITS[part]
            if unit >= 10_000:
                total = (total + section + (digit or 0)) * unit if section or digit or total else 0
                section = 0
            else:
                if digit is None and section and unit != 10:
                    return None
                section += (1 if digit is None else digit) * unit
            digit, last_unit, after_zero = None, unit, False
        else:
            return None
    if digit is not None:
        # 一百二 is 120 and 一万二 is 12000, but 一百零二 is 102 and 二十二 is 22.
        shortened = last_unit >= 100 and not after_zero and digit < 10
        section += digit * last_unit // 10 if shortened else digit
    return total + section


def is_shortened(text: str) -> bool:
    """Tell whether a number leaves its last unit unsaid, as people do with money: 一百二, 三千五, 一万二."""
    return bool(re.fullmatch(rf"[{CHARS}]*[百千万][一二两三四五六七八九]", text))


def spoken_digits(text: str) -> str:
    """Turn digits read out (幺三八, 二零, also mixed with 0-9) into 0-9; other characters are left out."""
    return "".join(SPOKEN.get(char, char if char.isascii() and char.isdigit() else "") for char in text)
