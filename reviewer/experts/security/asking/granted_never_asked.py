"""SEC022: a grant says who may do a thing, and nothing asks it, where what stands beside it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Class, Literal, Member, Object
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Field
    from reviewer.experts.check import Inquiry

_GRANTS: Final = word_set(
    "grant grants permission permissions rights capabilities entitlements privileges leave leaves"
)
_TEXTS: Final = regex(
    r"^(?:readonly\s+)?(?:(?:frozenset|set|list|tuple|Set|ReadonlySet|FrozenSet|List|Array|ReadonlyArray|Collection|Sequence|"
    r"AbstractSet|Iterable)[\[<]\s*(?:str|string)\b|string\[\])"
)
_WHOLE: Final = frozenset({"asdict", "astuple", "vars", "dumps", "stringify", "entries", "fields"})


@module_check("SEC022", words=_GRANTS)
def granted_never_asked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record of what somebody may for a part that no line of the subject reads."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for cls in module.classes:
        lists = [field for field in cls.fields if _TEXTS.search(field.type.strip().strip("'\""))]
        if len(lists) < 2 or not set(words(cls.name)) & _GRANTS:
            continue
        read = {field.name for field in lists if _is_read(inquiry, cls, field)}
        left = next((field for field in lists if field.name not in read), None)
        if left is not None and read:
            yield Match(
                left,
                f"'{left.name}' of '{cls.name}' says what somebody may do, and nothing ever asks it, as "
                f"'{min(read)}' beside it is asked: it is done for anybody.",
            )


def _is_read(inquiry: Inquiry, cls: Class, field: Field) -> bool:
    """Tell whether a line of the subject reads a field of this name, or may: by a text, or with the whole record."""
    for module in inquiry.project.modules(naming={field.name, *words(field.name)}, tests=False):
        for member in module.all(Member):
            around = member.parent
            if member.name == field.name and not (isinstance(around, Assign) and around.target is member):
                return True
        for literal in module.all(Literal):
            around = literal.parent
            keyed = isinstance(around, Object) and any(literal is key for key, _value in around.entries)
            if literal.value == field.name and not keyed:
                return True
        if any(field.name in param.fields for function in module.functions for param in function.params):
            return True
        if cls.name in module.identifiers and any(True for _ in module.calls(_WHOLE)):
            return True
    return False
