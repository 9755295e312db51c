"""Serves the application on the loopback, to pages of its own alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HOST: Final = "127.0.0.1"
_NAMES: Final = frozenset({HOST, "localhost"})


class LoopbackServer(Server):
    """A server that other pages of the browser can't talk to.

    A browser lets every page open a web socket to every address, this machine included. So whoever
    names another host, or comes from another page, is turned away.
    """

    def __init__(self, command: str, port: int) -> None:
        """Take the command that starts the application for each window, and a port."""
        super().__init__(command, host=HOST, port=port, title="reviewer", templates_path=Path(__file__).parent)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(_own_pages_alone)
        return app


@web.middleware
async def _own_pages_alone(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    origin = request.headers.get("Origin", "")
    foreign = origin and urlsplit(origin).netloc != request.host
    if foreign or urlsplit(f"//{request.host}").hostname not in _NAMES:
        raise web.HTTPForbidden(text="this server answers pages of its own alone\n")
    return await handler(request)
