"""What the subject hands to guests: objects that it makes, and passes to what it loaded or only declares."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value, definition
from reviewer.code.reach.record_members import RECORDS, record_around
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Call, Cast, Function, Member, Name, Object, Return, strip
from reviewer.code.text.calling import calls
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.paths import last_name, last_words, word_set
from reviewer.experts.security.handing.guest_programs import is_chosen
from reviewer.experts.security.values.curried import called_as, giver_of
from reviewer.experts.security.values.guest_objects import is_guest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.project import Project
    from reviewer.code.syntax import Node, Statement

_DEEPEST: Final = 3
"""Functions through which what they make is followed to a guest."""
_MOST_FILES: Final = 12
"""Files in which something of a name is called; where there are more, what is called there can't be told apart."""
_CALLABLE: Final = regex(rb"\bCallable\[\s*\[([^\]\n]{1,200})\]")
_FUNCTION_TYPE: Final = regex(rb"\btype\s+\w+\s*=\s*\(([^()\n]{1,200})\)\s*=>")
"""Types of functions that somebody else writes, with what those take."""
_TYPE_NAME: Final = regex(r"\b[A-Z]\w*")
_MAKERS: Final = word_set("factories factory makers plugins extensions addons connectors adapters drivers providers")
"""Words of a table of functions that others brought, each of which makes one of them."""
_PASSES: Final = frozenset({"freeze", "seal", "MappingProxyType"})
"""Calls that give what they are given."""


def reaches_guests(module: Module, member: Function) -> bool:
    """Tell whether a function is a member of something that is made for guests: of a class, or of an object."""
    if member.owner is not None:
        name = member.owner.name
        return bool(name) and (is_given(module, name) or _is_taken(module, name))
    made = record_around(member)
    return made is not None and _goes_to_guest(module, made, 0)


def object_reaches_guests(module: Module, made: Object) -> bool:
    """Tell whether an object that is written out is given to a guest, itself or by the function that makes it."""
    return _goes_to_guest(module, made, 0)


def goes_to_guest(module: Module, made: Node) -> bool:
    """Tell whether a value is passed to a guest, by whatever function it goes through."""
    return _goes_to_guest(module, made, 0)


def is_given(module: Module, name: str, depth: int = 0) -> bool:
    """Tell whether what a class or a function of a module makes is given to a guest there, or where it is imported."""
    if _given_here(module, name, depth):
        return True

    def here(other: Module) -> bool:
        return _given_here(other, name, depth)

    question = f"security.given to guests {name} {depth}"
    project = module.project
    return (
        project is not None
        and _is_rarely_called(project, module, name)
        and any(project.answers(question, here, {name}, tests=False, using=module.path, showing=calls(name)))
    )


def _is_rarely_called(project: Project, module: Module, name: str) -> bool:
    """Tell whether a name is called in few of the files that import a module: a verb of everybody's says nothing."""

    def is_rare() -> bool:
        found = project.paths({name}, tests=False, using=module.path, showing=calls(name))
        return next(islice(found, _MOST_FILES, None), None) is None

    return project.once(f"security.rarely called {name} {module.path}", is_rare)


def _is_taken(module: Module, name: str) -> bool:
    """Tell whether functions that others bring take a class, by the type that is written down for them."""

    def here(other: Module) -> bool:
        return name in other.once("security.taken by functions", lambda: _taken(other))

    project = module.project
    question = f"security.taken by functions {name}"
    return here(module) or (
        project is not None and any(project.answers(question, here, {name}, tests=False, using=module.path))
    )


def _taken(module: Module) -> frozenset[str]:
    """Return the types that the function types of a file take: ``Work = Callable[[Bench], None]``."""
    pattern = _CALLABLE if module.language == "python" else _FUNCTION_TYPE
    said = " ".join(found.group(1).decode("utf-8", "replace") for found in pattern.finditer(module.source))
    return frozenset(_TYPE_NAME.findall(said))


def _given_here(module: Module, name: str, depth: int) -> bool:
    return any(_goes_to_guest(module, call, depth) for call in module.calls((name,)))


def _goes_to_guest(module: Module, made: Node, depth: int) -> bool:
    """Tell whether a value is passed to a guest: at once, in an object, under a name, or as what a function gives."""
    around = made.parent
    while isinstance(around, Await | Cast | Object) or (isinstance(around, Call) and _takes_in(around, made)):
        made, around = around, around.parent
    if isinstance(around, Call):
        return made is not around.callee and is_guests(module, around)
    if isinstance(around, Assign) and isinstance(around.target, Name | Member):
        if any(is_guests(module, call) for call in _given_under_name(module, around)):
            return True
        around = _returned_under_name(module, around) or around
    maker = function_of(made)
    arrow = maker is not None and isinstance(maker.parent, Assign) and made in maker.body
    if maker is None or depth >= _DEEPEST or not (isinstance(around, Return) or arrow):
        return False
    if not maker.name:
        return _curried(module, maker, depth)
    return is_given(module, maker.name, depth + 1)


def _takes_in(call: Call, made: Node) -> bool:
    """Tell whether a call gives what it is given, or makes a record of which that is a member."""
    return call.name in _PASSES or (call.name in RECORDS and any(one is made for one in call.keywords.values()))


def _curried(module: Module, maker: Function, depth: int) -> bool:
    """Tell whether a function without a name makes it, which another gives back: ``const portFor = ports(bus)``."""
    name = giver_of(maker)

    def here(other: Module) -> bool:
        return any(_goes_to_guest(other, call, depth + 1) for call in called_as(other, name))

    if not name:
        return False
    question = f"security.curried for guests {name} {depth}"
    project = module.project
    return here(module) or (
        project is not None
        and _is_rarely_called(project, module, name)
        and any(project.answers(question, here, {name}, tests=False, using=module.path, showing=calls(name)))
    )


def _returned_under_name(module: Module, kept: Assign) -> Return | None:
    """Return where a function gives back what it has called so before, frozen or not."""
    function = function_of(kept)
    for answer in returns_of(function) if function is not None else ():
        given = strip(answer.value) if answer.value is not None else None
        while isinstance(given, Call) and given.name in _PASSES and given.args:
            given = strip(given.args[0])
        if isinstance(given, Name) and module.text_of(given) == module.text_of(kept.target):
            return answer
    return None


def _given_under_name(module: Module, kept: Assign) -> Iterator[Call]:
    """Yield the calls of the same function that are given what a name holds, and for a field those of its class."""
    function, cls = function_of(kept), class_of(kept)
    held = module.text_of(kept.target)
    around: list[Statement] = function.body if function is not None else module.body
    if cls is not None and isinstance(kept.target, Member) and is_this_member(kept.target):
        around = [statement for method in cls.methods for statement in method.body]
    for call in find(around, Call):
        given = [strip(one) for one in (*call.args, *call.keywords.values())]
        given += [strip(value) for one in given if isinstance(one, Object) for _key, value in one.entries]
        if any(isinstance(one, Name | Member) and module.text_of(one) == held for one in given):
            yield call


def is_guests(module: Module, call: Call) -> bool:
    """Tell whether a call is one of a member of a guest: loaded, only declared by the subject, or a waking hook."""
    callee = strip(call.callee)
    if call.new or not isinstance(callee, Name | Member):
        return False
    if isinstance(callee, Name):
        table = is_chosen(module, module.scopes.origin(callee))
        return is_brought(module, callee) or (table is not None and bool(set(last_words(table)) & _MAKERS))
    target = definition(module, callee)
    if isinstance(target, Function):
        return target.signature_only
    cls = class_of_value(module, callee.object)
    if cls is not None:
        named = [one for one in cls.methods if one.name == callee.name]
        if cls.kind == "interface":
            return bool(named)
        return any(one.signature_only for one in named) and not _is_extended(module, cls.name)
    return (
        is_starter(call.name)
        or is_brought(module, callee.object)
        or is_guest(module, callee.object)
        or any(use.kind == "start" and use.call is call for use in hooks_of(module))
    )


def _is_extended(module: Module, name: str) -> bool:
    """Tell whether a class of the subject is made from one of a name."""

    def here(other: Module) -> bool:
        return any(last_name(base) == name for cls in other.classes for base in cls.bases)

    project = module.project
    return here(module) or (
        project is not None and any(project.answers(f"classes made from {name}", here, {name}, tests=False))
    )
