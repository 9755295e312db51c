"""SEC481: what an object asks for rights before it uses stands open beside the methods that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, If, Member
from reviewer.code.text.words import words
from reviewer.code.walk import behind, calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import asks_permission, is_check, is_decision
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.values.access import called_field
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Function, Node
    from reviewer.experts.check import Inquiry

_WORKS: Final = word_set(
    "store storage db database repository repo files fs vault client socket queue bus network http driver engine "
    "records ledger backend shelf disk connection pool mailer api service inner raw target real core"
)
"""Last words of a field, or of its type, by which something is reached that is worth asking before."""
_PLAIN: Final = frozenset({"string", "number", "boolean", "str", "int", "bool", "float", "Set", "set", "frozenset"})
_NOTES: Final = word_set("log logger audit journal trail metrics stats tracer clock now notes")
"""Last words of what an object writes down, and nobody needs a right for."""


@module_check("SEC481", words=TRIGGERS | {"demand", "require", "check", "guard"})
def guarded_field_open(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class whose methods ask for a right of whom the object was made for, and then use a field."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for cls in module.classes:
        if cls.kind != "class" or any(is_decision(method) for method in cls.methods):
            continue
        guarded = _guarded(module, cls)
        for name, (asked, used) in guarded.items():
            at = _open_field(module, cls, name)
            if at is not None:
                yield Match(
                    at,
                    f"'{name}' stands open: '{asked.name}' asks before it uses it, and whoever holds this object calls "
                    f"'{name}' itself, with nobody asking.",
                    related=((used, "used behind the question here"),),
                    fix=f"Keep it private (`#{name}`, `_{name}`, or a variable of the function that makes the object).",
                )


def _guarded(module: Module, cls: Class) -> dict[str, tuple[Function, Call]]:
    """Return the fields that methods use behind a question about the one whom the object was made for."""
    found: dict[str, tuple[Function, Call]] = {}
    for method in cls.methods:
        if method.private or method.name.startswith("_"):
            continue
        asked = _question(module, method)
        for call in calls_in(method.body, into_functions=False) if asked is not None else ():
            field = called_field(call)
            if field and asked is not None and behind(call, asked) and not is_check(module, call):
                found.setdefault(field, (method, call))
    return found


def _question(module: Module, method: Function) -> Node | None:
    """Return where a method asks for a right of its object's own, and leaves where there is none."""
    for call in calls_in(method.body, into_functions=False):
        if is_check(module, call) and (_about_own(call.args) or is_this_member(call.callee)):
            return call
    for test in find(method.body, If, into_functions=False):
        if refuses(test.body) and asks_permission(module, test.test) and _about_own([test.test]):
            return test.test
    return None


def _about_own(parts: list[Expr]) -> bool:
    return any(is_this_member(one) for part in parts for one in find(part, Member))


def _open_field(module: Module, cls: Class, name: str) -> Node | None:
    """Return where a field is declared that anybody can read and that leads to something, or None."""
    if name.startswith(("_", "#")) or set(words(name)[-1:]) & _NOTES:
        return None
    declared = next((field for field in cls.fields if field.name == name), None)
    assigned = module.scopes.fields(cls).get(name, ())
    at: Node | None = declared if declared is not None else next(iter(assigned), None)
    kind = declared.type if declared is not None else next((one.type for one in assigned if one.type), "")
    if at is None or (declared is not None and declared.private) or kind.split("<")[0].split("[")[0] in _PLAIN:
        return None
    value = next((one.value for one in assigned if one.value is not None), None)
    said = set(words(name)[-1:]) | set(words(kind)[-1:]) | (set(last_words(value)[-1:]) if value is not None else set())
    return at if said & _WORKS else None
