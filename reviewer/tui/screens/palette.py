"""The palette: every command, every theme, and whatever the screen can lead to."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Provider

from reviewer.tui.prompt.own import ALL
from reviewer.tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.command import Hits

    from reviewer.tui.desk import Desk


class DeskProvider(Provider):
    """Offers what the prompt knows, and the findings of the review below."""

    async def discover(self) -> Hits:
        """Offer the commands."""
        for title, about, do in self._commands():
            yield DiscoveryHit(title, do, help=about)

    async def search(self, query: str) -> Hits:
        """Offer what is like the query."""
        matcher = self.matcher(query)
        for title, about, do in (*self._commands(), *self._places()):
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), do, text=title, help=about)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        desk = cast("Desk", self.app)
        for command in ALL:
            yield f"/{command.slash}", command.summary, partial(desk.begin_line, command)
        for theme in desk.known.themes:
            yield f"/theme {theme}", "choose the colours", partial(desk.run_line, f"/theme {theme}")

    def _places(self) -> Iterator[tuple[str, str, Callable[[], object]]]:
        screen = self.screen
        if isinstance(screen, DeskScreen):
            yield from screen.places()
