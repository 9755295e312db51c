"""SEC016: beside the guarded doors of a service stands the service itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value, declared_type
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, Object, Param, Throw, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.handing.facades import members_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_RECORDS: Final = frozenset({"SimpleNamespace", "MappingProxyType", "dict", "Namespace"})
_GUARDS: Final = frozenset(
    "gate guard needing needs require requires guarded protect protected permit door checked limited allowed "
    "permission permissions grants proxy facade may can insist demand".split()
)
_RIGHT: Final = regex(r"[a-z][\w-]{1,30}[.:][a-z][\w.:-]{1,40}")
_DATA: Final = frozenset(
    "request req query params options opts config configuration settings data input args payload props message entry "
    "item record body event".split()
)
"""Last words of what holds values and no services."""
_PLAIN_TYPES: Final = frozenset({"string", "number", "str", "int", "boolean", "bool"})
_WHOSE: Final = frozenset({"id", "name", "key", "slug", "title", "code"})
_GIVES: Final = frozenset(
    "grant suspend revoke allow permit issue entitle authorize authorise withdraw approve load set add".split()
)
"""First words of methods that change who may do what."""


@module_check("SEC016", words=_GUARDS)
def guarded_and_whole(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each object that holds guarded members and at what else it holds."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return  # what a plugin gives to its own parts
    for made in module.some(Object, Call):
        if not isinstance(made, Object | Call) or function_of(made) is None:
            continue
        if isinstance(made, Call) and (made.name not in _RECORDS or len(made.keywords) < 2):
            continue
        found = _whole(module, made)
        if found is not None:
            yield found


def _whole(module: Module, made: Object | Call) -> Match | None:
    members = list(members_of(made))
    behind = {text for _name, value in members for text in behind_guard(module, value)}
    if isinstance(made, Object):
        for spread in made.spreads:
            if module.text_of(strip(spread)) in behind and not set(last_words(spread)) & _DATA:
                return Match(
                    spread,
                    f"'...{short(module.text_of(spread))}' puts every service into the object as it is, beside "
                    "members that ask first: what they refuse is there without a question.",
                )
    for name, value in members:
        held = strip(value)
        text = module.text_of(held)
        if isinstance(held, Name | Member) and text in behind:
            return Match(
                held,
                f"'{name}' is '{short(text)}' itself, which other members of the object reach through a guard: "
                "every guard can be walked around.",
            )
        if isinstance(held, Name | Member) and text in _guarding(module, members) and _changes_rights(module, held):
            return Match(
                held,
                f"'{name}' hands over what decides for the guarded members of the same object: whoever holds it can "
                "allow himself everything.",
            )
    return None


def behind_guard(module: Module, value: Expr) -> Iterator[str]:
    """Yield what a guarded member reaches: ``services`` for ``needing("a", () => services.pins.all())``."""
    made = strip(value)
    if isinstance(made, Object):
        for _name, inner in members_of(made):
            yield from behind_guard(module, inner)
        return
    if isinstance(made, Function):
        yield from _used_after_asking(module, made)
    if not isinstance(made, Call):
        return
    if made.name == "freeze" and made.args:
        yield from behind_guard(module, made.args[0])
        return
    given = [strip(one) for one in (*made.args, *made.keywords.values())]
    rights: list[Expr] = [one for one in given if isinstance(one, Name | Member) and set(_words(one)) & _GUARDS]
    rights += [one for one in given if isinstance(one, Literal) and _names_right(one)]
    if not rights and not set(words(made.name)) & _GUARDS:
        return
    for one in given:
        if one in rights:
            continue  # what is asked about, or what answers: the guard stands in front of the others
        if isinstance(one, Function):
            for call in find(one.body, Call):
                held = strip(call.receiver) if call.receiver is not None else None
                while isinstance(held, Member):
                    yield module.text_of(held)
                    held = strip(held.object)
                if isinstance(held, Name):
                    yield held.id
        elif isinstance(one, Member) and isinstance(strip(one.object), Name) and not _is_plain(module, one):
            yield module.text_of(one)
            yield module.text_of(one.object)


def _is_plain(module: Module, given: Member) -> bool:
    """Tell whether a guard is told whose it is, by a text or a number, and does not stand in front of that."""
    declared = declared_type(module, given).strip("'\" ")
    return declared in _PLAIN_TYPES or (not declared and set(words(given.name)[-1:]) <= _WHOSE)


def _names_right(text: Literal) -> bool:
    """Tell whether a text is the name of a right: ``"lamp.read"``, ``"files:write"``."""
    return isinstance(text.value, str) and _RIGHT.fullmatch(text.value) is not None


def _used_after_asking(module: Module, member: Function) -> Iterator[str]:
    """Yield what a member that first asks for a permission then calls: ``sound`` for ``sound.play(cue)``."""
    calls = list(calls_in(member.body, into_functions=False))
    if not any(is_check(module, one) for one in calls):
        return
    given = {param.name for param in member.params}
    for call in calls:
        held = strip(call.receiver) if call.receiver is not None else None
        asks = is_check(module, call) or any(isinstance(around, Throw) for around in ancestors(call))
        if isinstance(held, Name) and held.id not in given and not asks:
            bound = module.scopes.lookup(held.id, held)
            if all(isinstance(one, Param) for one in bound):
                yield held.id


def _words(held: Name | Member) -> tuple[str, ...]:
    return words(held.id if isinstance(held, Name) else held.name)


def _guarding(module: Module, members: list[tuple[str, Expr]]) -> set[str]:
    """Return the texts of what was given to the makers of other members, which keep it to ask it."""
    found: set[str] = set()
    for _name, value in members:
        made = strip(value)
        if isinstance(made, Name):
            origin = module.scopes.origin(made)
            made = strip(origin) if isinstance(origin, Expr) else made
        if not isinstance(made, Call):
            continue
        for one in (*made.args, *made.keywords.values()):
            inner = strip(one)
            values = [strip(part) for _key, part in inner.entries] if isinstance(inner, Object) else [inner]
            found |= {module.text_of(part) for part in values if isinstance(part, Member | Name)}
    return found


def _changes_rights(module: Module, held: Expr) -> bool:
    """Tell whether an object by its class, or by what the subject calls on it, changes who may do what."""
    cls = class_of_value(module, held)
    if cls is not None:
        verbs = {words(method.name)[0] for method in cls.methods if words(method.name) and not method.private}
        return bool(verbs & (_GIVES - {"load", "set", "add"}))
    said = set(words(held.name if isinstance(held, Member) else held.id if isinstance(held, Name) else ""))
    return bool(said & _REGISTERS)


_REGISTERS: Final = frozenset(
    "grants permissions policy acl register licences licenses entitlements consents approvals office".split()
)
