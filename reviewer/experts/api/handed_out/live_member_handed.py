"""API182: what a guest is given holds a collection, or a record, that the host itself goes on using."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type, definition, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Expr, Function, Literal, Member, Name, Node, Object, Return, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.api.handed_out.live_table_handed import contexts, live_table
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.guests import table_of
from reviewer.experts.paths import word_set
from reviewer.experts.security.handing.handed import handed
from reviewer.experts.security.handing.handed_over import unfrozen
from reviewer.experts.security.values.guest_objects import is_guest, is_guest_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_OPEN: Final = regex(
    r"^(?:Map|Set|Array|Record|dict|Dict|list|List|set|deque|defaultdict|MutableMapping|MutableSequence)\s*[<\[]"
    r"|^(?:dict|list|set)$|^[\w.]+\[\]$"
)
"""Types of collections that whoever holds one can change."""
_OWN: Final = word_set(
    "config options own owned plugin guest card manifest info disposables subscriptions undo cleanup"
)
"""Words of what belongs to the one guest that gets it."""


@module_check("API182")
def live_member_handed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each member of what guests are given for a part of the host's own state."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    told = {id(part) for _made, values in contexts(module) for value in values for part in (value, _given(value))}
    for value, by_maker in _members(inquiry, module):
        if id(value) in told:
            continue
        told.add(id(value))
        given = _given(value)
        what = _shared(module, given, by_maker=by_maker) if given is not None else ""
        if what and given is not None:
            yield Match(
                given,
                f"'{short(module.text_of(given))}' is {what} of the host itself, and no copy: what one guest changes "
                "in it is so for all the others and the host.",
            )


def _members(inquiry: Inquiry, module: Module) -> Iterator[tuple[Expr, bool]]:
    """Yield what the members of a context are, and whether something else made it for the guest."""
    for thing in handed(inquiry, module):
        yield from ((value, not isinstance(thing.node, Class)) for _name, _place, value in thing.open)
        if isinstance(thing.node, Object):
            yield from ((value, True) for key, value in thing.node.entries if isinstance(key, Literal))
    for cls in module.classes:
        if cls.kind == "class" and _is_given_type(module, cls):
            shown = (method for method in cls.methods if method.kind == "getter" and not method.private)
            yield from ((answer.value, False) for method in shown for answer in returns_of(method) if answer.value)
    for made in _contexts(module):
        yield from ((value, True) for key, value in made.entries if isinstance(key, Literal))


def _contexts(module: Module) -> Iterator[Object]:
    """Yield the objects that are made as what the method of a guest is given."""
    started = {
        id(made)
        for call in module.all(Call)
        if len(call.args) == 1 and call.receiver is not None and isinstance(strip(call.args[0]), Call)
        if is_guest(module, call.receiver)
        for made in _answers(module, strip(call.args[0]))
    }
    for function in module.functions:
        typed = function.returns and _is_given_type(module, named_type(module, function.returns))
        for answer in returns_of(function):
            made = _made(module, answer.value) if answer.value is not None else None
            if isinstance(made, Object) and (typed or id(made) in started):
                yield made


def _answers(module: Module, call: Expr) -> Iterator[Expr]:
    target = definition(module, call.callee) if isinstance(call, Call) else None
    if isinstance(target, Function) and target.module is module:
        yield from (_made(module, answer.value) for answer in returns_of(target) if answer.value is not None)


def _made(module: Module, given: Expr) -> Expr:
    """Return the object that is given back, frozen or not, at once or under a name."""
    given = unfrozen(given)
    made = module.scopes.origin(given) if isinstance(given, Name) else given
    return unfrozen(made) if isinstance(made, Expr) else given


def _is_given_type(module: Module, cls: Class | None) -> bool:
    """Tell whether an interface is what a method of a guest's type takes."""
    if cls is None:
        return False
    return any(
        is_guest_type(one)
        and any(p.type and named_type(one.module, p.type) is cls for m in one.methods for p in m.params)
        for where in {id(module): module, id(cls.module): cls.module}.values()
        for one in where.classes
    )


def _given(value: Expr) -> Expr | None:
    """Return what a member gives: the value itself, or what a function that does nothing else returns."""
    value = strip(value)
    if not isinstance(value, Function):
        return value
    only: Node | None = value.body[0] if len(value.body) == 1 and not value.params else None
    return strip(only.value) if isinstance(only, Return) and only.value is not None else None


def _shared(module: Module, given: Expr, *, by_maker: bool) -> str:
    """Say what of the host's own state a value is, or nothing."""
    if not isinstance(given, Name | Member) or set(words(_last(given))) & _OWN:
        return ""
    path: Expr = given
    depth = 0
    while isinstance(path, Member):
        if set(words(path.name)) & _OWN:
            return ""
        path, depth = strip(path.object), depth + 1
    if not isinstance(path, Name):
        return ""
    if path.id != "this":
        table = table_of(module, given) if isinstance(given, Name) and by_maker else None
        outlives = table is not None and function_of(table.declared) is not function_of(given)
        kept = outlives and table is not None and any(b is table.declared for b in module.scopes.lookup(path.id, path))
        return f"the {table.kind}" if kept and table is not None else ""
    if not (by_maker or depth > 1) or not is_this_member(given if depth == 1 else _first(given)):
        return ""
    held = live_table(module, given) if depth > 1 else None
    if held is not None:
        return f"the {held.kind}"
    declared = declared_type(module, given).removeprefix("readonly ").strip()
    if _OPEN.match(declared) and not declared_type(module, given).startswith("readonly"):
        return "a collection"
    cls = named_type(module, declared) if declared and depth == 1 and module.language == "typescript" else None
    return "a record" if cls is not None and _is_open_record(cls) else ""


def _is_open_record(cls: Class) -> bool:
    """Tell whether a type holds nothing but values, and lets whoever has one write them."""
    plain = cls.kind != "class" and not cls.methods and len(cls.fields) > 1
    return plain and not any("=>" in field.type for field in cls.fields) and any(not f.readonly for f in cls.fields)


def _first(member: Expr) -> Expr:
    while isinstance(member, Member) and isinstance(strip(member.object), Member):
        member = strip(member.object)
    return member


def _last(expr: Name | Member) -> str:
    return expr.name if isinstance(expr, Member) else expr.id
