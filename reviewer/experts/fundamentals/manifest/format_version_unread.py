"""FUN368: the manifest says in which format it is written, and nobody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Field, Index, Literal, Member, Name, Object, Regex
from reviewer.code.text.ideas import MANIFESTS
from reviewer.code.walk import find
from reviewer.experts.api.manifest_shapes import manifest_shapes
from reviewer.experts.api.vocabulary import flat
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

FORMATS: Final = frozenset(
    f"{what}{how}"
    for what in MANIFESTS | {"schema", "format", "spec"}
    for how in ("version", "format", "schema", "revision")
)
"""Names of a member that says in which format a manifest is written, without separators."""
_NUMBERS: Final = ("1", "2", "3", "7", "9")
_BINDS: Final = frozenset(
    "const enum literal Literal union refine superRefine min max gte lte ge le minimum maximum oneOf valid equals "
    "nativeEnum discriminatedUnion check pattern regex matches".split()
)
"""Words of a description that admits certain values alone."""


@subject_check("FUN368")
def format_version_unread(inquiry: Inquiry) -> Iterator[Match]:
    """Look at each schema for the format's number, and at the subject for a line that reads it."""
    for shape in manifest_shapes(inquiry):
        for name, described in shape.fields.items():
            if flat(name) not in FORMATS or _bound(shape.module, described) or _is_read(inquiry, name):
                continue
            yield Match(
                locate(shape.module, described),
                f"Any number passes as '{name}', and no line reads it: a manifest of a later format is taken for "
                "one of this, and what changed between them goes wrong without a word.",
            )


def _bound(module: Module, described: Node) -> bool:
    """Tell whether a description admits certain values alone."""
    if isinstance(described, Field) and "Literal[" in described.type:
        return True
    names = {call.name for call in find(described, Call)} | {member.name for member in find(described, Member)}
    names |= {
        str(key.value) for made in find(described, Object) for key, _value in made.entries if isinstance(key, Literal)
    }
    return bool(names & _BINDS) or "Literal[" in module.text_of(described) or _by_pattern(module, described)


def _by_pattern(module: Module, described: Node) -> bool:
    """Tell whether a description names a pattern that takes few numbers: ``text(/^1$/)``, ``text(FORMAT)``."""
    texts = [text_of(module, one) for one in find(described, Expr) if isinstance(one, Regex | Name)]
    return any(text and not all(found(text, number) for number in _NUMBERS) for text in texts)


def _is_read(inquiry: Inquiry, name: str) -> bool:
    """Tell whether code takes the number out of a manifest."""
    for module in inquiry.project.modules(naming={name}, tests=False):
        if any(member.name == name for member in module.all(Member)):
            return True
        if any(isinstance(one.key, Literal) and one.key.value == name for one in module.all(Index)):
            return True
        if any(
            call.name == "get" and call.args and isinstance(call.args[0], Literal) and call.args[0].value == name
            for call in module.all(Call)
        ):
            return True
    return False
