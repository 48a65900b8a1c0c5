"""The JSON bodies of messages: read strictly, and refused with a sentence for the person who wrote the client."""

from typing import Any

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse


class BodyError(ValueError):
    """The body of a request is not of the agreed form.

    Args:
        code: to look for in a log or a test.
        message: a plain sentence for the person who wrote the client.
    """

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


def json_object(request: Request) -> dict[str, Any]:
    """Read a request's body as a JSON object.

    Raises:
        BodyError: it is none.
    """
    try:
        body = request.json
    except SanicException as error:
        raise BodyError("body_not_json", "请求体应为 JSON 对象，UTF-8 编码。") from error
    if not isinstance(body, dict):
        raise BodyError("body_not_object", '请求体应为 JSON 对象：{"message": "…"}。')
    return body


def text_of(body: dict[str, Any]) -> str:
    """Read `message` of a body.

    Raises:
        BodyError: it is missing, or no text.
    """
    text = body.get("message")
    if not isinstance(text, str):
        raise BodyError("message_missing", "message 应为字符串。")
    return text


def refused(error: BodyError) -> HTTPResponse:
    """Answer a body of another form."""
    return response.json({"code": error.code, "message": error.message}, status=400)
