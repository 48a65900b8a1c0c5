"""Brings text into one form, one character for one, so that offsets keep pointing into what the resident typed."""

import unicodedata
from functools import lru_cache
from importlib.resources import files

_LETTERS = {
    # Cyrillic and Greek letters that look like Latin ones; they come with pasted plates.
    **dict(zip("АВЕЅЗКМНОРСТУХІЈавеѕзкмнорстухіј", "abes3kmhopctyxijabes3kmhopctyxij", strict=True)),
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχ", "abezhikmnoptyxabeiknoptyx", strict=True)),
}
_SEPARATORS = {
    **dict.fromkeys("‐‑‒–—―−﹣－─ー﹘", "-"),
    **dict.fromkeys("•‧∙⋅・･●‣◦᛫ㆍ˙", "·"),
    **dict.fromkeys("○◯", "〇"),
    **dict.fromkeys("￥", "¥"),
    **dict.fromkeys("′`´ʼ‘’", "'"),
    **dict.fromkeys("“”„＂", '"'),
    **dict.fromkeys("〜～∼", "~"),
    **dict.fromkeys("﹐", ","),
    **dict.fromkeys("﹑", "、"),
    **dict.fromkeys("｡", "。"),
}


class _OneForOne(dict[int, str]):
    """A `str.translate` table that works out a character when it is first met."""

    def __init__(self) -> None:
        super().__init__({ord(a): b for a, b in {**_LETTERS, **_SEPARATORS}.items()})
        self._simplified = _traditional_to_simplified()

    def __missing__(self, code: int) -> str:
        normal = _one(chr(code), self._simplified)
        # What a character folds to may be a look-alike itself: ᵝ is β, and that is b.
        normal = normal if ord(normal) == code else self[ord(normal)]
        self[code] = normal
        return normal


def normalise(text: str) -> str:
    """Return `text` with width, case, script, blanks and separators in one form.

    Full width becomes half width, upper case lower case, traditional characters simplified (by OpenCC's character
    table), any blank or control character a space, any dash `-`, any middle dot `·`, look-alike letters Latin.
    Each character becomes exactly one: the length never changes, and an offset means the same place in both.
    """
    return text.translate(_table())


@lru_cache(maxsize=1)
def _table() -> _OneForOne:
    return _OneForOne()


def _one(char: str, simplified: dict[str, str]) -> str:
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return " "
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    # NFKC folds full width, enclosed digits and CJK radicals; where it would give several characters it is not used.
    folded = unicodedata.normalize("NFKC", char)
    char = folded if len(folded) == 1 else char
    char = _SEPARATORS.get(char, char)
    lower = char.lower()
    char = lower if len(lower) == 1 else char
    return " " if char.isspace() else simplified.get(char, char)


def _traditional_to_simplified() -> dict[str, str]:
    """OpenCC's table of characters, kept where it is one character for one."""
    table = {}
    lines = (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        traditional, _, rest = line.partition("\t")
        simplified = rest.split(" ")[0]
        if len(traditional) == len(simplified) == 1:
            table[traditional] = simplified
    # OpenCC leaves these as they are, since they are simplified characters too in other meanings.
    return {
        **table,
        "號": "号",
        "乾": "干",
        "週": "周",
        "佔": "占",
        "颱": "台",
        "錶": "表",
        "裡": "里",
        "裏": "里",
        "麽": "么",
    }
