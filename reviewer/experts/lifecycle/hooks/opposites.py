"""Members of an interface that undo each other by their names: what wakes a plugin and what puts it to rest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Block, Call, Class, ExprStatement, Literal, Name, Return, Throw, is_nothing
from reviewer.code.text.languages import language_of
from reviewer.code.text.words import words
from reviewer.experts.lifecycle.vocabulary import INSTANCE_WORDS, has_word
from reviewer.subject.opposites import undoes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function, Imported, Param, Statement

_NOTHING: Final = frozenset(
    {"", "None", "Awaitable[None]", "void", "Promise<void>", "void | Promise<void>", "Promise<void> | void"}
)
_JOINS: Final = frozenset({"connect", "bind", "link", "hook", "plug", "couple"})
"""Verbs for the waking of a plugin where it is one that is woken, and of much else."""
_LATER: Final = frozenset({"Promise<void>", "Awaitable[None]", "Promise<void> | void", "void | Promise<void>"})
STEPS: Final = frozenset(
    "flush clear reset refresh sync tick commit render ping run next poll save update check validate drain rewind "
    "step draw send read write play pause resume rollback retry wait ready".split()
)
"""Verbs of members without parameters that are called again and again, and end nothing."""
_SIDES: Final = frozenset({("on", "off"), ("up", "down"), ("in", "out")})
"""Sides that are names of their own, of members that nobody is subscribed with."""
_OPENS: Final = frozenset("unseal unfold unpack unroll unfurl unveil uncork".split())
"""Names that begin something, though they look like an end."""
_MOMENTS: Final = frozenset({"signal", "deadline", "timeout", "reason", "limit", "patience", "cause"})
"""What the end of a plugin is told, if it is told anything: how long it has, and why."""
_PLAIN: Final = frozenset({"", "string", "number", "str", "int", "URL"})


def interfaces(module: Module) -> list[Class]:
    """Return the interfaces, protocols and abstract classes that a module declares or imports from the subject."""
    found = [cls for cls in module.classes if _is_contract(cls)]
    project = module.project
    if project is not None:
        for imported in module.imports:
            if language_of(project.target(module.path, imported.source)) == "javascript":
                continue  # it has no interfaces, and needs no parsing to know that
            if not project.classes.may_be(imported.name):
                continue
            # Most classes are none: their files are not parsed again for whoever imports them next.
            question = f"lifecycle.contract:{project.target(module.path, imported.source)}:{imported.name}"
            if project.once(question, partial(_imports_contract, module, imported)):
                target = project.definition(module, imported)
                if isinstance(target, Class):
                    found.append(target)
                    found += [made for made in _made_by(target) if all(made is not one for one in found)]
    return found


def _made_by(maker: Class) -> Iterator[Class]:
    """Yield the contracts of what a contract makes: ``create(): Promise<Adapter>`` of a descriptor."""
    for method in maker.methods:
        made = named_type(maker.module, method.returns) if method.returns else None
        if made is not None and made is not maker and made.kind == "interface" and not method.params:
            yield made


def _imports_contract(module: Module, imported: Imported) -> bool:
    target = module.project.definition(module, imported) if module.project is not None else None
    return isinstance(target, Class) and _is_contract(target)


def _is_contract(cls: Class) -> bool:
    """Tell whether others fill in what a class declares: an interface, or a class that leaves members open."""
    return cls.kind == "interface" or len(members(cls)) > 1


def members(cls: Class) -> list[Function]:
    """Return what a guest fills in: the members of an interface, and of a class those that it leaves open."""
    return [m for m in cls.methods if cls.kind == "interface" or left_open(m)]


def left_open(method: Function) -> bool:
    """Tell whether a method of a class is there for others to fill in: it has no body, or one that does nothing."""
    if method.kind in ("constructor", "getter", "setter") or method.name in ("__init__", "__del__"):
        return False
    return method.signature_only or all(map(_does_nothing, method.body))


def _does_nothing(statement: Statement) -> bool:
    """Tell whether a statement is a docstring, an answer of nothing, or says that others have to write it."""
    if isinstance(statement, Block):
        return not statement.body
    if isinstance(statement, ExprStatement):
        return isinstance(statement.value, Literal)
    if isinstance(statement, Throw):
        return isinstance(statement.value, Call | Name) and "NotImplemented" in _last(statement.value)
    return isinstance(statement, Return) and (statement.value is None or is_nothing(statement.value))


def _last(made: Call | Name) -> str:
    return made.name if isinstance(made, Call) else made.id


def opposite_hooks(cls: Class) -> tuple[str, str] | None:
    """Return the members of an interface that wake an instance with something and put it to rest, or None."""
    for start, stop in _pairs(cls):
        if start.params and (turns_round(start.name, stop.name) or _joins(cls, start, stop)):
            return start.name, stop.name
    return None


def bare_hooks(cls: Class) -> tuple[str, str] | None:
    """Return the members of an interface that undo each other and take nothing, or None.

    A door and a file have such members as well: whoever asks has to know by something else that it is a plugin.
    """
    for start, stop in _pairs(cls):
        if not start.params and _pending(start) is _pending(stop) and turns_round(start.name, stop.name):
            return start.name, stop.name
    return None


def joining_hooks(cls: Class) -> tuple[str, str] | None:
    """Return the members of an interface that connect an instance with what it is told, and cut it off, or None.

    A database has such members as well: whoever asks has to know by something else that it is a plugin.
    """
    for start, stop in _pairs(cls):
        name = flat(start.name)
        if start.params and name in _JOINS and flat(stop.name) in (f"dis{name}", f"un{name}"):
            return start.name, stop.name
    return None


def _pairs(cls: Class) -> Iterator[tuple[Function, Function]]:
    own = [m for m in members(cls) if not answers(cls, m.name)]
    for start in own:
        for stop in own:
            if stop is not start and all(map(_of_the_moment, stop.params)):
                yield start, stop


def _of_the_moment(param: Param) -> bool:
    return "AbortSignal" in param.type or not _MOMENTS.isdisjoint(words(param.name))


def contract_hooks(cls: Class) -> tuple[str, str] | None:
    """Return the members of an interface that are its two hooks by what they take: one of each kind, no more.

    Whoever waits for ``prepare(bench: Bench)`` hands in an object to work with, and ``park()`` asks for nothing.
    """
    waking = [m for m in members(cls) if _pending(m) and _given_services(cls, m)]
    resting = [m for m in members(cls) if _pending(m) and not m.params and set(words(m.name)).isdisjoint(STEPS)]
    return (waking[0].name, resting[0].name) if len(waking) == len(resting) == 1 else None


def _pending(member: Function) -> bool:
    """Tell whether a member of an interface gives nothing back but the moment when it is through."""
    returns = member.returns.strip("'\" ")
    return returns in _LATER or (member.asynchronous and returns in ("", "None"))


def _given_services(cls: Class, member: Function) -> bool:
    """Tell whether a member is handed an object of the subject that can be called, and nothing besides."""
    given = named_type(cls.module, member.params[0].type) if len(member.params) == 1 else None
    return given is not None and given is not cls and (_does_something(given) or _holds_services(given))


def _does_something(cls: Class) -> bool:
    return bool(cls.methods) or any("=>" in field.type for field in cls.fields)


def _holds_services(given: Class) -> bool:
    """Tell whether each field of a record is an object that does something: ``{ readings: Stream<Reading> }``."""
    held = [named_type(given.module, field.type.partition("<")[0]) for field in given.fields]
    return bool(held) and all(one is not None and _does_something(one) for one in held)


def answers(cls: Class, name: str) -> bool:
    """Tell whether a member of an interface gives something back, as a hook hardly does."""
    member = next((method for method in cls.methods if method.name == name), None)
    return member is None or member.returns.strip("'\" ") not in _NOTHING


def _joins(cls: Class, start: Function, stop: Function) -> bool:
    """Tell whether what is named as a plugin is connected with an object of the host: ``connect(bench)``."""
    name = flat(start.name)
    given = start.params[0].type.strip("'\" ")
    return (
        name in _JOINS
        and flat(stop.name) in (f"dis{name}", f"un{name}")
        and given not in _PLAIN
        and has_word(cls.name, INSTANCE_WORDS)
    )


def turns_round(start: str, stop: str) -> bool:
    """Tell whether the second of two members undoes the first by their names, sides that stand alone included."""
    names = (flat(start), flat(stop))
    if names[0] in _OPENS or names[1] in _OPENS:
        return names[0] == f"un{names[1]}"
    return names in _SIDES or undoes(*names)
