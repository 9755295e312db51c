"""The keys of the moment on one line; what does not fit gives way to the help."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from reviewer.tui.sink import content

if TYPE_CHECKING:
    from textual.binding import ActiveBinding, Binding
    from textual.screen import Screen

_ALWAYS: Final = ("app.help", "app.palette")
"""Ids of the bindings that stand at the right, whatever else there is."""


class KeyBar(Widget):
    """One line of keys, each of which can be clicked."""

    def on_mount(self) -> None:
        """Follow what is bound."""
        self.auto_links = False  # keys look like keys, not like links
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[object]) -> None:
        if self.is_attached and screen is self.screen:
            self.refresh()

    def render(self) -> Content:
        """Draw the keys that fit."""
        offered, fixed = self._offered()
        right = Content("  ").join([self._key(one) for one in fixed])
        room = self.size.width - right.cell_length - 3
        left = Content("")
        for one in offered:
            more = self._key(one) + Content("  ")
            if left.cell_length + more.cell_length > room:
                break
            left += more
        gap = self.size.width - left.cell_length - right.cell_length - 2
        return content(" ") + left + content(" " * max(gap, 1)) + right

    def _offered(self) -> tuple[list[Binding], list[Binding]]:
        """Return what is offered here, and what is offered everywhere."""
        seen: set[str] = set()
        offered: list[Binding] = []
        fixed: list[Binding] = []
        found: list[ActiveBinding] = list(self.screen.active_bindings.values())
        for active in found:
            binding = active.binding
            if not binding.show or not active.enabled or binding.action in seen:
                continue
            seen.add(binding.action)
            (fixed if binding.id in _ALWAYS else offered).append(binding)
        return offered, sorted(fixed, key=lambda one: _ALWAYS.index(one.id or ""))

    def _key(self, binding: Binding) -> Content:
        shown = content((self.app.get_key_display(binding), "bold $text-accent"), (f" {binding.description}", "$faint"))
        return shown.stylize(Style.from_meta({"@click": f"app.simulate_key({binding.key!r})"}))
