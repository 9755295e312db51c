"""What a person asked for on the command line, before any configuration is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from reviewer.core.settings import Settings


class Request(Struct, frozen=True):
    """The wishes of one run; an empty value leaves the choice to the configuration."""

    kind: str = ""
    ecosystem: str = ""
    trust: int = 0
    experts: tuple[str, ...] = ()
    words: str = ""
    """Free words that choose the experts."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = ""
    """A severity, or ``none``."""
    strictness: str = ""
    against: str = ""
    against_path: str = ""
    design: str = ""
    """Absolute path of the design that the code is held against."""
    baseline: str = ""
    """Absolute path."""
    require_signoff: bool = False
    require_maturity: int = 0
    untrusted: bool = False
    today: str = ""
    """ISO date, taken once at the start."""

    def over(self, settings: Settings) -> tuple[Settings, tuple[str, ...]]:
        """Return settings with these wishes put over them, and the names of the fields that changed."""
        from reviewer.core.scale import Severity, Strictness

        wishes: dict[str, Any] = {
            "kind": self.kind,
            "ecosystem": self.ecosystem,
            "trust": self.trust,
            "experts": self.experts,
            "request": self.words,
            "select": self.select,
            "ignore": self.ignore,
            "against": self.against,
            "against_path": self.against_path,
            "design": self.design,
            "baseline": self.baseline,
            "require_signoff": self.require_signoff,
            "require_maturity": self.require_maturity,
            "strictness": Strictness(self.strictness) if self.strictness else "",
        }
        given = {name: value for name, value in wishes.items() if value}
        if self.fail_on:
            given["fail_on"] = None if self.fail_on == "none" else Severity(self.fail_on)
        if self.words and not self.experts:
            given["experts"] = ()  # the words choose, not the configuration
        settings = replace(settings, **given, untrusted=self.untrusted, today=self.today)
        return settings, tuple(given)
