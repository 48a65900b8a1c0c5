"""The errors the city answers with: a status, a code to branch on, a Chinese sentence to read."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException


class CityError(Exception):
    """An answer that is not the one hoped for.

    Args:
        status: HTTP status.
        code: the error's name in the API, snake_case.
        message: a Chinese sentence without personal data.
        headers: further HTTP headers.
        extra: further members of the JSON body.
    """

    def __init__(
        self, status: int, code: str, message: str, *, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers
        self.extra = extra

    def content(self) -> dict[str, Any]:
        """The JSON body."""
        return {"code": self.code, "message": self.message, **self.extra}


def unavailable(message: str = "服务繁忙，请稍后再试", retry_after: int = 2) -> CityError:
    """503 with the seconds to wait in Retry-After."""
    return CityError(503, "unavailable", message, headers={"Retry-After": str(retry_after)})


def install_error_handlers(app: FastAPI) -> None:
    """Give every error of the application the city's one form, `{code, message, …}`."""
    app.add_exception_handler(CityError, _on_city_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(OperationalError, _on_database_busy)
    app.add_exception_handler(Exception, _on_crash)


def _on_city_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CityError)  # noqa: S101  # registered for this class alone
    return JSONResponse(error.content(), status_code=error.status, headers=error.headers)


def _on_invalid_request(request: Request, error: Exception) -> JSONResponse:
    """422 that names the fields and what is wrong with them, never their values."""
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    fields = [{"field": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]} for item in problems]
    content = {"code": "invalid_request", "message": "请求参数有误", "fields": jsonable_encoder(fields)}
    return JSONResponse(content, status_code=422)


def _on_http_error(request: Request, error: Exception) -> JSONResponse:
    """What the framework itself refuses: no such path, no such method."""
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for this class alone
    known = {404: ("not_found", "没有这个接口"), 405: ("method_not_allowed", "不支持这种请求方法")}
    code, message = known.get(error.status_code, ("http_error", "请求无法处理"))
    return JSONResponse({"code": code, "message": message}, status_code=error.status_code, headers=error.headers)


def _on_database_busy(request: Request, error: Exception) -> JSONResponse:
    """A lock not had within the busy timeout: to the caller, a city that has too much to do."""
    return _on_city_error(request, unavailable())


def _on_crash(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"code": "internal_error", "message": "系统内部错误"}, status_code=500)
