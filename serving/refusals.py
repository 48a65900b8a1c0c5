"""How a server says no: a status, a code to look for, and a sentence for the person who wrote the client."""

from __future__ import annotations

import json
from http import HTTPStatus

SENTENCES = {
    HTTPStatus.BAD_REQUEST: "请求格式不对。",
    HTTPStatus.UNAUTHORIZED: "需要访问令牌：Authorization: Bearer …。",
    HTTPStatus.NOT_FOUND: "没有这个地址。",
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址不支持这种请求方式。",
    HTTPStatus.REQUEST_TIMEOUT: "请求太慢，已断开。",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "请求太大。",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "请求头太大。",
    HTTPStatus.TOO_MANY_REQUESTS: "请求太多，请按 Retry-After 的秒数稍后再试。",
    HTTPStatus.SERVICE_UNAVAILABLE: "系统忙，请稍后再试。",
}


def refusal(status: HTTPStatus) -> dict[str, str]:
    """Give what the body says: the status in words as `code`, and `message`."""
    return {"code": status.name.lower(), "message": SENTENCES.get(status, "出错了，请稍后再试。")}


def refusal_bytes(status: HTTPStatus) -> bytes:
    """Give the same as JSON."""
    return json.dumps(refusal(status), ensure_ascii=False).encode()
