"""The sound of each everyday character, from pypinyin's table, to be packed into a model."""

from collections.abc import Iterable

from bot.nlu.features import accentless


def everyday_characters() -> list[str]:
    """Return the characters of GB 2312, which holds all that residents normally type."""
    found = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue  # a gap in the table
    return found


def syllable_table(characters: Iterable[str]) -> dict[str, str]:
    """Return character → its most usual syllable without tone and accent."""
    from pypinyin import lazy_pinyin  # 58 MB of tables that only training needs

    return {char: accentless(lazy_pinyin(char)[0]) for char in characters}
