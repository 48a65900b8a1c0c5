"""Writes that happen at most once per Idempotency-Key, in the manner of the IETF draft of that header."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from city_api.base import Answer
from sandbox.context import InSandbox
from sandbox.errors import CityError, unavailable
from sandbox.oauth import ClientId
from sandbox.tables import IdempotentAnswer

LONGEST_KEY = 255
Operation = Callable[[Session], Answer]


class OnceOnly:
    """Runs one request's write. A FastAPI dependency: asking for it makes the header compulsory.

    Raises:
        CityError: 400 idempotency_key_missing.
    """

    def __init__(
        self,
        request: Request,
        client_id: ClientId,
        sandbox: InSandbox,
        idempotency_key: str = Header("", description="本次写操作的唯一标识，重试时保持不变"),
    ) -> None:
        key = idempotency_key.strip()
        if not key or len(key) > LONGEST_KEY:
            raise CityError(400, "idempotency_key_missing", "缺少 Idempotency-Key 请求头")
        self._identity = (client_id, key)
        self._path = request.url.path
        self._sandbox = sandbox

    def run(self, body: BaseModel | None, operation: Operation) -> Response:
        """Do the write and remember its answer, or give the answer remembered.

        The key, the change and the answer are one transaction. Refusals (4xx) are remembered too: the same request
        gets the same answer even if it would succeed by now. Failures (5xx) leave nothing behind.

        Args:
            body: the request's body, which the key stands for together with the path.
            operation: makes the change and gives the answer.

        Raises:
            CityError: 422 idempotency_key_reused.
        """
        request_hash = self._hash(body)
        for _ in range(2):
            try:
                return self._run(request_hash, operation)
            except IntegrityError:
                # Another request with this key got in first (on a database with row locks); it has answered by now.
                continue
        raise unavailable()

    def _run(self, request_hash: str, operation: Operation) -> Response:
        with self._sandbox.database.write() as session:
            answer = session.get(IdempotentAnswer, self._identity)
            if answer is None:
                answer = self._answer(session, request_hash, operation)
            elif answer.request_hash != request_hash:
                raise CityError(422, "idempotency_key_reused", "同一个 Idempotency-Key 用在了不同的请求上")
            return Response(answer.body, status_code=answer.status, media_type="application/json")

    def _answer(self, session: Session, request_hash: str, operation: Operation) -> IdempotentAnswer:
        client_id, key = self._identity
        answer = IdempotentAnswer(
            client_id=client_id, key=key, request_hash=request_hash, created_at=self._sandbox.now()
        )
        session.add(answer)
        session.flush()
        try:
            with session.begin_nested():
                status, body = 200, operation(session).json(exclude_none=True, ensure_ascii=False)
        except CityError as error:
            if error.status >= 500:
                raise
            status, body = error.status, json.dumps(error.content(), ensure_ascii=False)
        answer.status = status
        answer.body = body
        session.flush()
        return answer

    def _hash(self, body: BaseModel | None) -> str:
        content = {} if body is None else body.dict()
        text = json.dumps([self._path, content], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


Once = Annotated[OnceOnly, Depends()]
"""A request handler's parameter that makes it a write under an Idempotency-Key."""
