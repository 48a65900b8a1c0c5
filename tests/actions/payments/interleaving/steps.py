"""Runs the work of several processes step by step, in whatever order a test says; any of them may die between two."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
TURNS_OF_THE_LOOP = 12
"""More than any step needs to arrive where it waits again: a gather of tasks, a lock handed on."""

process: ContextVar[str] = ContextVar("process", default="")
"""Which process a task belongs to; those that a task begins inherit it."""


@dataclass(frozen=True)
class Waiting:
    """A task that has arrived at its next step.

    Attributes:
        process: whose.
        name: what it is about to do.
        go: let it.
    """

    process: str
    name: str
    go: asyncio.Future[None]


class Steps:
    """Tasks that stop before everything that anybody else could notice: a transaction, a call of another party.

    Args:
        accepted: errors that a task may end with.
    """

    def __init__(self, accepted: tuple[type[BaseException], ...]) -> None:
        self.loop = asyncio.new_event_loop()
        self.waiting: list[Waiting] = []
        self.running: list[tuple[str, asyncio.Task[Any]]] = []
        self.mistakes: list[BaseException] = []
        self._accepted = (*accepted, asyncio.CancelledError)
        self._dead: list[Waiting] = []
        self._is_over = False

    async def arrive(self, name: str) -> None:
        """Wait before a step until the test lets it happen."""
        if self._is_over:
            raise asyncio.CancelledError
        go = self.loop.create_future()
        self.waiting.append(Waiting(process.get(), name, go))
        await go

    async def in_thread(self, function: Callable[..., T], *args: Any, **named: Any) -> T:
        """In place of `asyncio.to_thread`: a transaction is one step, and nothing happens beside it."""
        await self.arrive(function.__name__)
        return function(*args, **named)

    def begin(self, whose: str, work: Coroutine[Any, Any, Any]) -> None:
        """Begin something in a process, up to its first step."""

        async def in_process() -> Any:
            process.set(whose)
            return await work

        task = self.loop.create_task(in_process())
        self.running.append((whose, task))
        task.add_done_callback(self._ended)
        self._turn()

    def go_on(self, which: int) -> str:
        """Let one of the tasks that wait make its step; what it was."""
        chosen = self.waiting.pop(which % len(self.waiting))
        if not chosen.go.done():
            chosen.go.set_result(None)
        self._turn()
        return f"{chosen.process}:{chosen.name}"

    def cancel(self, which: int) -> None:
        """Give up one piece of work, as a caller does who has waited long enough; its process goes on."""
        self.running[which % len(self.running)][1].cancel()
        self._turn()
        self.waiting = [one for one in self.waiting if not one.go.done()]

    def kill(self, whose: str) -> None:
        """Let a process die where it stands: not even what should happen at an end happens."""
        self._dead += [one for one in self.waiting if one.process == whose]
        self.waiting = [one for one in self.waiting if one.process != whose]
        self.running = [one for one in self.running if one[0] != whose]

    def run_out(self) -> None:
        """Let everything that lives come to its end, the one that has waited longest first."""
        while self.waiting:
            self.go_on(0)

    def end(self) -> None:
        """Put away the loop and what died in it."""
        self._is_over = True
        for one in (*self.waiting, *self._dead):
            one.go.cancel()
        self._turn()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self._turn()
        self.loop.close()

    def _turn(self) -> None:
        async def turns() -> None:
            for _ in range(TURNS_OF_THE_LOOP):
                await asyncio.sleep(0)

        self.loop.run_until_complete(turns())

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.running = [one for one in self.running if one[1] is not task]
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, self._accepted):
            self.mistakes.append(error)
