"""What the subject shows to be several words in one text: by a comment, or because it takes it apart elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, Member, Name, Param, strip
from reviewer.core.regex import regex
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_SHOWN: Final = regex(rb"^[\"'`]?[^\"'`\n\[\]{}()]{0,48}[\"'`][\w:.-]{2,40}(?:, ?|[ ;|])[\w:.-][\w:., ;|-]{1,80}[\"'`]")
"""A value of several words, as a comment shows it behind its name."""
_SPLITTING: Final = frozenset({" ", ",", ", ", ";", "|", ""})
"""What the words of one text are parted by."""
_SHORTEST: Final = 4
"""Letters of a name that a comment is searched for."""


def shown_as_text(module: Module, held: Expr) -> bool:
    """Tell whether a file shows a value of this name as words in one text: ``"rights": "read post"``."""
    name = last_name(held)
    made = module.scopes.origin(held)
    if len(name) < _SHORTEST or not isinstance(made, Member | Name | Param):
        return False  # what a call or a choice gives may be the list that was made of the text

    def shown() -> bool:
        return _in_comment(module, name) or _taken_apart(module, name)

    return module.once(f"security.shown as text {name}", shown)


def _in_comment(module: Module, name: str) -> bool:
    sought = name.encode()
    return any(
        _SHOWN.search(rest) is not None
        for line in module.source.splitlines()
        if line.lstrip()[:1] in (b"*", b"#", b"/")
        for rest in line.split(sought)[1:]
    )


def _taken_apart(module: Module, name: str) -> bool:
    """Tell whether the same member of something is split into words elsewhere in the file."""
    for call in module.calls(("split",)):
        held = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(held, Member) or last_name(held) != name:
            continue
        by = strip(call.args[0]) if call.args else None
        if by is None or (isinstance(by, Literal) and by.value in _SPLITTING):
            return True
    return False
