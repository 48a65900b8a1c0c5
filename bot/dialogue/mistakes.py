"""What is wrong with the data, in Chinese and with the file's name, whichever of Rasa's readers found it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from rasa.shared.core.domain import InvalidDomain
from rasa.shared.exceptions import FileIOException, RasaException, YamlException, YamlSyntaxException
from rasa.shared.utils.validation import YamlValidationException

from manifests import ManifestError
from manifests.files import unreadable


class DataError(InvalidDomain):
    """The data cannot be used. The message is for whoever edits it: Chinese, the file, the line, what is wrong."""


class DomainConflictError(DataError):
    """One name is declared in two domain files, differently."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The question whether another name was meant, `，是不是 utter_thanks？`; nothing where none is near.

    Args:
        name: what was written.
        known: what there is.
    """
    kind, _, rest = name.partition("_")
    if kind in ("utter", "action", "validate"):
        # What all names of a kind begin with makes none of them alike.
        rests = {other.removeprefix(f"{kind}_"): other for other in known if other.startswith(f"{kind}_")}
        near = [rests[other] for other in get_close_matches(rest, list(rests), n=1, cutoff=0.65)]
    else:
        near = get_close_matches(name, list(known), n=1, cutoff=0.75)
    return f"，是不是 {near[0]}？" if near else ""


@contextmanager
def said_in_chinese() -> Iterator[None]:
    """Turn what manifests and Rasa's readers raise inside into `DataError`.

    Raises:
        DataError: something inside raised a ManifestError or one of Rasa's errors.
    """
    try:
        yield
    except DataError:
        raise
    except ManifestError as error:
        raise DataError(str(error)) from error
    except YamlException as error:
        raise DataError(_told(error)) from error
    except (FileIOException, InvalidDomain) as error:
        raise DataError(f"数据读不了：{error}") from error
    except RasaException as error:
        raise DataError(f"数据用不了：{error}") from error


def _told(error: YamlException) -> str:
    path = Path(error.filename) if error.filename else None
    name = path.name if path else "数据"
    if isinstance(error, YamlSyntaxException):
        cause = error.underlying_yaml_exception
        problem = str(getattr(cause, "problem", ""))
        if problem.startswith("found duplicate key"):
            line = getattr(cause, "problem_mark").line + 1  # noqa: B009  # a ruamel error, of no type known here
            return f"{name}：第 {line} 行：{problem.split(chr(34))[1]} 在这个文件里已经写过，只能留一处"
        return f"{name}：{unreadable(_text(path), getattr(cause, 'problem_mark', None))}"
    if isinstance(error, YamlValidationException):
        return f"{name}：{_unfit(error, _text(path))}"
    return f"{name}：读不了：{error}"


def _unfit(error: YamlValidationException, text: str) -> str:
    """What Rasa's schema of the file does not allow, with the line where Rasa knows it."""
    slip = unreadable(text, None)
    if not slip.startswith("某一行"):
        return slip
    found = "；".join(dict.fromkeys(_in_words(str(entry)) for entry in error.validation_errors or ()))
    line = next(
        (
            error._line_number_for_path(error.content, entry.path)
            for entry in error.validation_errors or ()
            if error.content is not None
        ),
        None,
    )
    where = f"第 {line} 行：" if line else ""
    return f"{where}不是这里可以写的：{found or '和别处同样的一段比一比'}"


_SCHEMA_SAYS = (
    (re.compile(r"Key '([^']*)' was not defined"), "没有 {0} 这一项"),
    (re.compile(r"Missing 'text' or 'custom'"), "少了 text，或者 text 后面没有话"),
    (re.compile(r"Cannot find required key '([^']*)'"), "少了 {0}"),
    (re.compile(r"is not of type 'str'"), "这里要写一句话"),
    (re.compile(r"is not a dict|is not of type 'map'"), "这里要写成“名字: 值”"),
    (re.compile(r"is not a list|is not of type 'seq'"), "这里要写成一列，每项以“- ”开头"),
)
"""What pykwalify says of a value that its schema does not allow, and how it is told."""


def _in_words(said: str) -> str:
    found = ((pattern.search(said), words) for pattern, words in _SCHEMA_SAYS)
    return next((words.format(*match.groups()) for match, words in found if match), "和别处同样的一段比一比")


def _text(path: Path | None) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path is not None and path.is_file() else ""
