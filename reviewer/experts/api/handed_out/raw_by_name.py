"""API101: what a host makes for one plugin shows the host's own database, by what the host itself calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Name, Object, Param, Return, strip
from reviewer.code.text.ideas import FACES, PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.api.handed_out.raw_resource import is_made_for_one
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr, Node
    from reviewer.experts.check import Inquiry

_RAW: Final = word_set("db database knex prisma sequelize")
"""Last words of what a host calls its way to all of its data."""
_OF_HOST: Final = _RAW | {"connection"}
"""The same, of a member of the host; what else is called a connection is often the one to the plugin."""
_ENOUGH: Final = 2
"""Members that say whose they are, by which an object speaks for one of many."""


@module_check("API101", words=_OF_HOST)
def raw_by_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what is made for one plugin, a class or an object, for the database among what it shows."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    for cls in module.classes:
        if cls.kind == "class" and FACES & set(words(cls.name)[-1:]) and _speaks_for_one(module, cls):
            yield from _said(cls.name, _of_class(module, cls))
    for made in module.all(Object):
        if is_made_for_one(made):
            pairs = ((str(key.value), value) for key, value in made.entries if isinstance(key, Literal))
            yield from _said("what is made for a plugin", ((value, name, value) for name, value in pairs))
    for call in module.all(Call) if module.language == "python" else ():
        if _is_record_for_one(call):
            yield from _said(call.name, ((value, name, value) for name, value in call.keywords.items()))


def _said(whole: str, shown: Iterator[tuple[Node, str, Expr]]) -> Iterator[Match]:
    for at, name, value in shown:
        if not name.startswith(("_", "#")) and _is_raw(value):
            yield Match(
                at,
                f"'{name}' of '{whole}' is the host's own database: whoever holds it reads and changes everything, "
                "past every permission.",
            )


def _of_class(module: Module, cls: Class) -> Iterator[tuple[Node, str, Expr]]:
    """Yield the members of a class that others reach, with the values that they are."""
    for name, assigns in module.scopes.fields(cls).items():
        yield from ((one, name, one.value) for one in assigns[:1] if one.value is not None)
    for method in cls.methods:
        named = {last_words(one)[-1:] for one in method.decorators}
        if (method.kind == "getter" or named & {("property",)}) and not method.private:
            answers = [one.value for one in find(method.body, Return) if one.value is not None]
            yield from ((one, method.name, one) for one in answers)


def _is_raw(value: Expr) -> bool:
    """Tell whether a value is a database that the host was given or keeps, as it is: ``library.db``."""
    held = strip(value)
    if not isinstance(held, Name | Member):
        return False
    said = _OF_HOST if isinstance(held, Member) and not is_this_member(held) else _RAW
    if not said & set(last_words(held)[-1:]):
        return False
    base = held
    while isinstance(base, Member):
        inner = strip(base.object)
        if not isinstance(inner, Name | Member):
            return False
        base = inner
    return True


def _speaks_for_one(module: Module, cls: Class) -> bool:
    """Tell whether the methods of a class tell the host again and again whose they are: what its maker was told."""
    if PLAIN_GUEST & set(words(cls.name)):
        return True
    told = {name for name, assigns in module.scopes.fields(cls).items() if any(map(_is_told, assigns))}
    speaking = [
        method
        for method in cls.methods
        if method.kind != "constructor"
        and any(
            is_this_member(given := strip(arg)) and isinstance(given, Member) and given.name in told
            for call in find(method.body, Call)
            for arg in call.args[:1]
        )
    ]
    return len(speaking) >= _ENOUGH


def _is_told(given: Assign) -> bool:
    function = function_of(given)
    value = strip(given.value) if given.value is not None else None
    named = {param.name for param in function.params} if function is not None else set()
    return isinstance(value, Name) and value.id in named and function is not None and len(named) > 1


def _is_record_for_one(call: Call) -> bool:
    """Tell whether a call makes what a function named for it answers: ``return SimpleNamespace(id=…, db=…)``."""
    function = function_of(call)
    if not call.keywords or function is None or not isinstance(call.parent, Return):
        return False
    told = {param.name for param in function.params if isinstance(param, Param)}
    face = FACES & (set(words(call.name)[-1:]) | set(words(function.name)))
    named = any(isinstance(value := strip(one), Name) and value.id in told for one in call.keywords.values())
    acts = {one.name for one in find(function.body, Function)} & {
        value.id for one in call.keywords.values() if isinstance(value := strip(one), Name)
    }
    return bool(face) and named and (bool(acts) or bool(PLAIN_GUEST & set(words(call.name))))
