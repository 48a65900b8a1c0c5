"""Takes residents' numbers out of text that is going to be logged.

A log is read by operators and kept for months: no ID number, phone, plate, account, decision, appointment or receipt
number belongs in it. What looks like one is replaced, rather too much than too little; dates, times, ports, amounts
and short counts stay readable.
"""

import re

MASK = "***"

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤川青藏琼宁使领"

# How the provinces' whole names end, with which people begin a plate too: 浙江A12345, 广东省B12345.
_NAMES_END = "津京北西古宁林江海苏徽建东南川州庆藏肃夏疆省市区"

# GA 36: province, a letter, five or six letters and digits (new-energy plates have six); a dot, a blank or what is
# said for a dot may stand between. The province may come escaped, as JSON or as part of an address.
_PLATE = re.compile(
    rf"(?:[{_PROVINCES}{_NAMES_END}]|\\u[0-9a-fA-F]{{4}}|(?:%[0-9a-fA-F]{{2}}){{3}})"
    r"\s?[A-Za-z]\s?[·•・.\-,，点]?\s?(?=[A-Za-z]{0,6}\d)[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳]"
)
_DATE = r"(?P<date>(?<!\d)\d{4}-\d{2}-\d{2}(?:[ T]\d{1,2}(?::\d{2}){1,2})?(?!\d))"
# Six digits or more, written together or in groups; a letter before (H…, R…) and the X of an ID number belong to it.
# Not the digits within a word or a decimal fraction: hexadecimal ids of conversations and models stay whole.
_NUMBER = r"(?<![0-9A-Za-z])(?<!\d\.)[A-Za-z]?\d(?:[ \-]?\d){5,}[Xx]?(?![0-9A-Za-z])"
_LONG_NUMBER = r"(?<![0-9A-Fa-f])(?<!\d\.)\d{10,}[Xx]?(?![0-9A-Fa-f])"
# Six letters and digits that stand alone, three digits among them: the end of an engine number proves whose a car is.
_MIXED = re.compile(
    r"(?<![0-9A-Za-z])(?=\d{0,5}[A-Za-z])(?=[0-9A-Za-z]{6}(?![0-9A-Za-z]))(?=(?:[A-Za-z]{0,3}\d){3})[0-9A-Za-z]{6}"
)
# Each begins with a digit, or a letter and a digit: that is looked at first, as it is mostly not so.
_DATE_OR_NUMBER = re.compile(rf"(?=[A-Za-z]?\d)(?:{_DATE}|{_NUMBER}|{_LONG_NUMBER})")


def mask(text: str) -> str:
    """Replace what could be a resident's number by `***`.

    Args:
        text: any text on its way into a log.

    Returns:
        The text with plates, digit runs of six and more, and six letters and digits mixed replaced; dates stay.
    """
    masked = _DATE_OR_NUMBER.sub(lambda found: found["date"] or MASK, _PLATE.sub(MASK, text))
    return _MIXED.sub(MASK, masked)
