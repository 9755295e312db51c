"""REG003: a method is called of what is handed in, and the one factory for such a thing gives no object with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Expr, Function, Member, Name, Object, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKES: Final = frozenset({"open", "create", "make", "build"})
_FACTORY: Final = regex(rb"\b(?:function|const|let)\s+(?:open|create|make|build)[A-Z]\w{2,40}\b")
_NAMED: Final = regex(rb"([A-Za-z_$][\w$]*)\s*(?:\([^()\n]{0,200}\)\s*\{|[:=](?:[^=]|$))|\bdef\s+(\w+)")
"""Names that a text defines, or that stand where one may be defined."""
_ALWAYS: Final = frozenset({"hasOwnProperty", "toString", "valueOf", "call", "apply", "bind"})


@module_check("REG003", words=())
def factory_lacks_method(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of a member of something handed in that goes by the name of what one factory makes."""
    if module.is_test or module.language != "javascript":
        return
    made = _factories(inquiry)
    seen: set[tuple[str, str]] = set()
    for call in module.all(Call) if made else ():
        callee = call.callee
        if not isinstance(callee, Member) or callee.optional or call.optional or callee.name in _ALWAYS:
            continue
        noun = _handed_in(module, callee.object)
        members = made.get(noun)
        if members is None or callee.name in members or (noun, callee.name) in seen:
            continue
        if callee.name in _defined(inquiry) or any(callee.name in module.text_of(one.test) for one in conditions(call)):
            continue
        used = _used(module, callee.object)
        if not used - {callee.name} <= members:
            continue  # it is something else that goes by the same name
        seen.add((noun, callee.name))
        yield Match(
            callee,
            f"'{callee.name}' is called, but the {noun} that the subject makes has no method of that name: it has "
            f"{', '.join(sorted(members)[:10])}.",
        )


def _factories(inquiry: Inquiry) -> dict[str, frozenset[str]]:
    """Return the members of what each factory of the subject makes, by the noun in its name, if only one makes it."""

    def work() -> dict[str, frozenset[str]]:
        found = list(inquiry.project.answers("registry.factories", _made, tests=False, showing=_FACTORY.search))
        pairs = [pair for one in found for pair in one]
        times = Counter(noun for noun, _members in pairs)
        return {noun: members for noun, members in pairs if times[noun] == 1 and members}

    return inquiry.project.once("registry.factories by noun", work)


def _made(module: Module) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return (noun, members) of the factories of a file, and of its classes without members, which count as others."""
    if module.language != "javascript":
        return ()
    found = [(_noun(cls.name), frozenset[str]()) for cls in module.classes if cls.name]
    for function in module.functions:
        said = words(function.name)
        if len(said) > 1 and said[0] in _MAKES:
            found.append((" ".join(said[1:]), _members(function)))
    return tuple(found)


def _noun(name: str) -> str:
    return " ".join(words(name))


def _members(function: Function) -> frozenset[str]:
    """Return the members of the object that a factory writes out; none where it may have others."""
    answers = [strip(one.value) for one in returns_of(function) if one.value is not None]
    if len(answers) != 1:
        return frozenset()
    made = answers[0]
    if isinstance(made, Call) and made.name in ("freeze", "seal") and len(made.args) == 1:
        made = strip(made.args[0])
    if not isinstance(made, Object) or made.spreads or not made.entries:
        return frozenset()
    return frozenset(map(str, made.keys))


def _handed_in(module: Module, holder: Expr) -> str:
    """Return what something is called that a function or a constructor is given, and nobody makes here."""
    held = strip(holder)
    if isinstance(held, Name) and held.id != "this":
        bound = module.scopes.lookup(held.id, held)
        return _noun(held.id) if len(bound) == 1 and isinstance(bound[0], Param) else ""
    cls = class_of(held) if is_this_member(held) else None
    if cls is None or not isinstance(held, Member):
        return ""
    given = [strip(one) for one in module.scopes.field_values(cls, held.name)]
    own = [one for one in given if isinstance(one, Name) and words(one.id) == words(held.name)]
    plain = bool(own) and len(own) == len(given) and all(_is_parameter(module, one) for one in own)
    return _noun(held.name) if plain else ""


def _is_parameter(module: Module, name: Name) -> bool:
    return all(isinstance(one, Param) for one in module.scopes.lookup(name.id, name))


def _used(module: Module, holder: Expr) -> set[str]:
    text = module.text_of(holder)
    return {one.name for one in module.all(Member) if module.text_of(one.object) == text}


def _defined(inquiry: Inquiry) -> frozenset[str]:
    """Return every name that some file of the subject defines, or gives to something, by the text alone."""

    def work() -> frozenset[str]:
        found = {name for _path, text in inquiry.project.texts() for names in _NAMED.findall(text) for name in names}
        return frozenset(name.decode("utf-8", "replace") for name in found if name)

    return inquiry.project.once("registry.names defined or given", work)
