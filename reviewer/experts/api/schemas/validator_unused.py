"""API183: a schema is compiled and kept, and nobody ever holds anything against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Binary, Call, Cast, Conditional, Expr, Literal, Member, Name, Object, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_MAKERS: Final = word_set("ajv validator validators schemas jsonschema compiler")


@module_check("API183", words={"ajv", "compile", "validator"})
def validator_unused(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each compiled schema for somebody who calls it."""
    if module.is_test or module.language == "python":
        return
    for call in module.calls(("compile",)):
        if call.receiver is None or not call.args or not set(last_words(call.receiver)) & _MAKERS:
            continue
        kept = _kept_as(call)
        if kept and not any(_is_called(other, kept) for other in inquiry.project.modules(naming={kept})):
            yield Match(
                call,
                f"The schema is compiled and kept as '{kept}', and nothing ever calls it: what does not fit the schema "
                "is taken all the same.",
            )


def _kept_as(call: Call) -> str:
    """Return the member under which what was compiled is kept in an entry, or an empty string."""
    value: Expr = call
    while isinstance(value.parent, Cast | Conditional) or (
        isinstance(value.parent, Binary) and value.parent.op == "and"
    ):
        value = value.parent  # ``schema && ajv.compile(schema)``
    made = value.parent
    if isinstance(made, Object):
        return _key_of(made, value)
    function = function_of(call)
    if not isinstance(made, Assign) or not isinstance(made.target, Name) or function is None:
        return ""
    uses = [one for one in find(function.body, Name) if one.id == made.target.id and one is not made.target]
    only = uses[0] if len(uses) == 1 else None
    return _key_of(only.parent, only) if only is not None and isinstance(only.parent, Object) else ""


def _key_of(entry: Object, value: Expr) -> str:
    return next((str(key.value) for key, one in entry.entries if one is value and isinstance(key, Literal)), "")


def _is_called(module: Module, name: str) -> bool:
    """Tell whether a module calls a member of this name, hands it on, or takes it out of an entry."""
    for member in module.all(Member):
        if member.name == name and not is_this_member(member) and not _is_set(member):
            return True
    return any(
        isinstance(assign.value, Member) and assign.value.name == name and isinstance(strip(assign.target), Name)
        for assign in module.all(Assign)
    )


def _is_set(member: Node) -> bool:
    around = member.parent
    return isinstance(around, Assign) and around.target is member
