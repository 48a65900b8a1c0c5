"""An article of data/knowledge/<service>.yml: a question that residents ask, and the answer in plain words.

From it follow Rasa's retrieval intent `ask_<service>/<article>` and the response `utter_ask_<service>/<article>`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError, constr

from manifests.errors import ManifestError, told
from manifests.files import ROOT, read

FOLDER = ROOT / "data" / "knowledge"
ASK, UTTER, UTTER_MORE = "ask_", "utter_", "utter_more_"
MARK = "- "
HANDOFF = "handoff_human"
"""What may be done next besides a task."""

if TYPE_CHECKING:
    Name = str
    Text = str
else:
    Name = constr(regex=r"^[a-z][a-z0-9_]{1,39}$")
    Text = constr(min_length=1, strip_whitespace=True)


class _Strict(BaseModel):
    class Config:
        """A misspelt item is an error, and what was read does not change."""

        extra = "forbid"
        allow_mutation = False


class LocalAnswer(_Strict):
    """What is answered otherwise in one city or province."""

    answer: Text
    more: Text | None = None


class Article(_Strict):
    """A question and its answer."""

    question: Text = Field(description="the question in one line, as it stands on a button")
    examples: str = Field(description="how residents ask it, one a line, each behind `- `")
    answer: Text = Field(description="the answer, in plain words; {hotline} and the like are filled in")
    more: Text | None = Field(default=None, description="what is told to who wants to know more")
    next: tuple[Name, ...] = Field((), description="tasks that can be done next, or handoff_human; they become buttons")
    source: Text = Field(description="the law, rule or city from which it is known")
    owner: Text | None = Field(default=None, description="who keeps it right; else the file's")
    checked_on: dt.date | None = Field(default=None, description="the day it was last compared with its source")
    review_by: dt.date | None = Field(default=None, description="the day by which it has to be compared again")
    cities: dict[str, LocalAnswer] = Field(
        default={}, description="by the code of a city or province: what is answered otherwise there"
    )

    def asked(self) -> tuple[str, ...]:
        """How residents ask it."""
        lines = (line.strip() for line in self.examples.splitlines())
        return tuple(line.removeprefix(MARK).strip() for line in lines if line.startswith(MARK))


class Knowledge(_Strict):
    """A file of articles."""

    name: str = Field(description="the file's name, and the service's; not written in the file")
    owner: Text = Field(description="who keeps its articles right")
    checked_on: dt.date = Field(description="the day they were last compared with their sources")
    review_by: dt.date = Field(description="the day by which they have to be compared again")
    articles: dict[Name, Article]

    @property
    def intent(self) -> str:
        """The retrieval intent of its articles: ask_traffic."""
        return f"{ASK}{self.name}"

    def intent_of(self, article: str) -> str:
        """The full retrieval intent of an article: ask_traffic/points."""
        return f"{self.intent}/{article}"

    def response_of(self, article: str) -> str:
        """The response that answers an article: utter_ask_traffic/points."""
        return f"{UTTER}{self.intent_of(article)}"

    def review_day(self, article: str) -> dt.date:
        """The day by which an article has to be compared with its source again."""
        return self.articles[article].review_by or self.review_by


def more_of(intent: str) -> str:
    """The response that tells more of an article: utter_more_ask_traffic_points.

    Without the stroke, since Rasa takes a response with one for the answer of a retrieval intent.

    Args:
        intent: the article's full retrieval intent.
    """
    return f"{UTTER_MORE}{intent.replace('/', '_')}"


def read_knowledge(path: Path) -> Knowledge:
    """Read one file.

    Raises:
        ManifestError: it cannot be used.
    """
    return knowledge_of(path, read(path))


def knowledge_of(path: Path, content: dict[str, Any]) -> Knowledge:
    """Make of a file's content what it says.

    Raises:
        ManifestError: it cannot be used.
    """
    try:
        return Knowledge(**{**content, "name": path.stem})
    except ValidationError as error:
        raise told(path, error) from None


def read_all(folder: Path = FOLDER) -> Iterator[Knowledge]:
    """Read all files of a folder, by name; none where there is no folder.

    Raises:
        ManifestError: the first one that cannot be used.
    """
    for path in sorted(folder.glob("*.yml")):
        yield read_knowledge(path)


@lru_cache(maxsize=1)
def questions() -> dict[str, str]:
    """The questions of this project's articles as they stand on buttons, by full retrieval intent; read once a process.

    What is in round brackets is no question and on no button: （夸奖）.
    """
    return {
        known.intent_of(name): article.question
        for known in read_all()
        for name, article in known.articles.items()
        if not article.question.startswith("（")
    }


def digest(folder: Path = FOLDER) -> str:
    """Give a hash of the files."""
    content = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        content.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return content.hexdigest()[:16]


__all__ = ["Article", "Knowledge", "LocalAnswer", "ManifestError", "digest", "questions", "read_all", "read_knowledge"]
