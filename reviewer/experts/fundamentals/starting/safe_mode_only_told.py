"""FUN021: a host has a safe mode, says so, and starts the plugins all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import If, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.told_only import is_only_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_MODES: Final = (
    ("safe", "mode"),
    ("safemode",),
    ("no", "plugins"),
    ("without", "plugins"),
    ("disable", "plugins"),
    ("plugins", "disabled"),
    ("no", "extensions"),
    ("disable", "extensions"),
)
"""What it is called that a host is to start without plugins."""


@module_check("FUN021", words={"safe", "safemode", "plugins", "extensions"})
def safe_mode_only_told(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each question for a safe mode for whether anything hangs on it."""
    if module.is_test:
        return
    for test in module.all(If):
        asked = _mode(test.test)
        if asked is None or not is_only_told(test.test) or _asked_elsewhere(module, asked, test):
            continue
        yield Match(
            test,
            f"Where '{short(module.text_of(asked))}' is set this only tells of it: the plugins are started all the "
            "same, and a host that one of them keeps from starting can't be opened without it.",
            fix="Leave before any plugin is loaded, and offer what there is to mend them.",
        )


def _mode(test: Expr) -> Name | Member | None:
    """Return the flag of a safe mode that a test asks for, where it asks for nothing else."""
    asked = strip(test)
    if not isinstance(asked, Name | Member):
        return None
    said = words(asked.id if isinstance(asked, Name) else asked.name)
    return asked if any(said[-len(mode) :] == mode for mode in _MODES) else None


def _asked_elsewhere(module: Module, asked: Name | Member, told: If) -> bool:
    """Tell whether another line of the file asks for the same flag."""
    name = asked.id if isinstance(asked, Name) else asked.name
    own = {id(one) for one in find(told.test, Name)} | {id(one) for one in find(told.test, Member)}
    reads = [one for one in module.all(Name) if one.id == name and id(one) not in own]
    reads += [one for one in module.all(Member) if one.name == name and id(one) not in own]  # type: ignore[misc]  # both are asked for their place alone
    return any(_is_read(one) for one in reads)


def _is_read(node: Name | Member) -> bool:
    """Tell whether a value is asked about or handed on there, and not only given its name."""
    around = node.parent
    return around is not None and getattr(around, "target", None) is not node
