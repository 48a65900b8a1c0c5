"""A way to a server that can be cut (connections are refused) or pinched (nothing comes through), and mended again."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any


class Cable:
    """Carries what is sent to a port of its own to another one, both ways.

    Args:
        target: the port that it leads to.
    """

    def __init__(self, target: int = 5432) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self._target = target
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self.port = 0

    async def plug_in(self) -> None:
        """Listen; on the same port as before, where it was cut."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Refuse connections, and break those that there are."""
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [writer, there_writer]
        await asyncio.gather(self._pump(reader, there_writer), self._pump(there_reader, writer), return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self.open.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


class CableBeside:
    """A cable in a thread of its own, for a test that talks to processes.

    Args:
        target: the port that it leads to.
    """

    def __init__(self, target: int) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._cable = self._run(self._made(target))
        self.plug_in()

    @property
    def port(self) -> int:
        """Where it is reached."""
        return int(self._cable.port)

    def plug_in(self) -> None:
        """Let connections through (again)."""
        self._run(self._cable.plug_in())

    def cut(self) -> None:
        """Refuse connections, and break those that there are."""
        self._run(self._cable.cut())

    def close(self) -> None:
        """Cut it, and end its thread."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @staticmethod
    async def _made(target: int) -> Cable:
        return Cable(target)

    def _run(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(10)
