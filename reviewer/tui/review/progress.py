"""How far a review is: the file that is being read, and which expert is asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.widgets import Static

from reviewer.core.experts import EXPERTS, RULE_PREFIXES
from reviewer.tui.sink import content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reviewer.core.rule import Rule
    from reviewer.tui.review.messages import Progressed

_ORDER: Final = tuple(expert for _prefix, expert in sorted(RULE_PREFIXES.items()))
"""In which experts ask about the whole: by the ids of their rules."""


class ProgressPanel(Static):
    """Shown until there is a first result."""

    def __init__(self, title: str, experts: tuple[str, ...]) -> None:
        """Take what is reviewed, and the experts that were named; none for all."""
        super().__init__(id="progress")
        self._title = title
        self._experts = experts or EXPERTS
        self._files = 0
        self._path = ""
        self._rule = ""
        self.rules: Mapping[str, Rule] = {}

    def on_mount(self) -> None:
        """Say that it has begun."""
        self._draw()

    def follow(self, message: Progressed) -> None:
        """Take in how far the review is."""
        self._files, self._path, self._rule = message.files, message.path, message.rule
        self._draw()

    def _draw(self) -> None:
        self.update(Content("\n").join([*self._head(), *(self._expert(name) for name in EXPERTS)]))

    def _head(self) -> list[Content]:
        files = f"{self._files} file{'' if self._files == 1 else 's'}"
        return [
            content(("Reviewing ", "$faint"), (self._title, "bold")),
            content((f"{files:<11}", "$text-primary"), (self._path or "starting", "$faint")),
            Content(""),
        ]

    def _expert(self, name: str) -> Content:
        if name not in self._experts:
            return content((f"  {name:<16}not asked", "$faint"))
        asking = RULE_PREFIXES.get(self._rule.rstrip("0123456789"), "")
        if asking == name:
            rule = self.rules.get(self._rule)
            said = f"{self._rule} {rule.name if rule is not None else ''}"
            return content(("▸ ", "$text-accent"), (f"{name:<16}", "bold"), said)
        if asking and _ORDER.index(name) < _ORDER.index(asking):
            return content(("✓ ", "$text-success"), f"{name:<16}", ("has asked", "$faint"))
        return content(("· ", "$faint"), f"{name:<16}", ("reads the files" if not asking else "waits", "$faint"))
