"""A design on the desk: as it is saved, as it would be, and what follows from either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from reviewer.blueprint.decide import decide
from reviewer.blueprint.reading import load_design
from reviewer.commands.design import USUAL
from reviewer.core.experts import EXPERTS
from reviewer.design.difference import Change, differences
from reviewer.design.interview import NAME, Asked, answered, new_design, questions
from reviewer.design.saving import save, saved_text
from reviewer.design.setting import with_settings, with_values

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Answer, Decided
    from reviewer.blueprint.model import Design
    from reviewer.blueprint.rulebook import WayOut

_YES_OR_NO = ("yes", "no")


class Designing:
    """One design file; what is tried is kept apart from what is saved."""

    def __init__(self, spec: str, today: str) -> None:
        """Load the design of a file, or begin one; raises `UsageError` for a damaged file."""
        path = Path(spec or USUAL)
        self.path = path / USUAL if path.is_dir() else path
        self._today = today
        self.saved = self._loaded()
        self.tried: Design | None = None
        """What would be, while somebody tries."""
        self.decided = self._decide(self.saved)

    def _loaded(self) -> Design:
        return load_design(self.path)[0] if self.path.exists() else new_design()

    def reload(self) -> None:
        """Take the design from its file again."""
        self.saved = self._loaded()
        self.tried = None
        self.decided = self._decide(self.saved)

    def _decide(self, design: Design) -> Decided:
        return decide(design, today=self._today)

    @property
    def design(self) -> Design:
        """The design that is shown: what is tried, else what is saved."""
        return self.tried or self.saved

    @property
    def trying(self) -> bool:
        """Tell whether answers are only tried."""
        return self.tried is not None

    def questions(self) -> list[Asked]:
        """Return the questions below their experts; those of yes and no with both as options."""
        found = [replace(one, options=_options(one)) for one in questions(self.design)]
        return sorted(found, key=lambda one: EXPERTS.index(one.expert))

    def answer_of(self, asked: Asked) -> Answer | None:
        """Return the answer to a question; None for the name, which is part of the design itself."""
        return None if asked.key == NAME else self.decided.answers.get(asked.key)

    def answer(self, asked: Asked, text: str) -> str:
        """Answer a question, or take the answer back with an empty text; return what the file holds then.

        Raises `UsageError`. While somebody tries, nothing is written and the text is empty.
        """
        if text or asked.key == NAME:
            return self._take(answered(self.design, asked, text))
        return self._take(with_settings(self.design, [f"{asked.key}="]))

    def decide_on(self, dimension: str, text: str) -> str:
        """Overrule a decision, or take that back with an empty text; as `answer` does."""
        return self._take(with_settings(self.design, [f"{dimension}={text}"]))

    def way_out(self, way: WayOut) -> str:
        """Take a way out of a contradiction; as `answer` does."""
        return self._take(with_values(self.design, way.set))

    def _take(self, design: Design) -> str:
        decided = self._decide(design)
        if self.trying:
            self.tried, self.decided = design, decided
            return ""
        text = saved_text(design, self.path)
        save(design, self.path)
        self.saved, self.decided = design, decided
        return text

    def begin_trying(self) -> None:
        """From now on try."""
        self.tried = self.saved

    def drop(self) -> None:
        """Forget what was tried."""
        self.tried = None
        self.decided = self._decide(self.saved)

    def keep(self) -> str:
        """Save what was tried; return what the file holds then."""
        design, self.tried = self.design, None
        return self._take(design)

    def differences(self) -> tuple[Change, ...]:
        """Return what is different from what is saved."""
        return differences(self._decide(self.saved), self.decided)


def _options(asked: Asked) -> dict[str, str]:
    if not asked.options and asked.default in _YES_OR_NO:
        return dict.fromkeys(_YES_OR_NO, "")
    return dict(asked.options)
