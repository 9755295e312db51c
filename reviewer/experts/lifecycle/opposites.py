"""Members of an interface that undo each other by their names: what wakes a plugin and what puts it to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import flat
from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Class
from reviewer.code.text.languages import language_of
from reviewer.code.text.words import words
from reviewer.experts.lifecycle.vocabulary import INSTANCE_WORDS, has_word
from reviewer.subject.opposites import undoes

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Function

_NOTHING: Final = frozenset(
    {"", "None", "Awaitable[None]", "void", "Promise<void>", "void | Promise<void>", "Promise<void> | void"}
)
_JOINS: Final = frozenset({"connect", "bind", "link", "hook", "plug", "couple"})
"""Verbs for the waking of a plugin where it is one that is woken, and of much else."""
_LATER: Final = frozenset({"Promise<void>", "Awaitable[None]", "Promise<void> | void", "void | Promise<void>"})
_STEPS: Final = frozenset(
    "flush clear reset refresh sync tick commit render ping run next poll save update check validate drain rewind "
    "step draw send read write play pause resume rollback retry wait ready".split()
)
"""Verbs of members without parameters that are called again and again, and end nothing."""
_PLAIN: Final = frozenset({"", "string", "number", "str", "int", "URL"})


def interfaces(module: Module) -> list[Class]:
    """Return the interfaces, protocols and abstract classes that a module declares or imports from the subject."""
    found = [cls for cls in module.classes if _is_contract(cls)]
    project = module.project
    if project is not None:
        for imported in module.imports:
            if language_of(project.target(module.path, imported.source)) == "javascript":
                continue  # it has no interfaces, and needs no parsing to know that
            target = project.definition(module, imported)
            if isinstance(target, Class) and _is_contract(target):
                found.append(target)
    return found


def _is_contract(cls: Class) -> bool:
    """Tell whether others fill in what a class declares: an interface, or a class that is abstract throughout."""
    own = [
        method for method in cls.methods if method.kind not in ("constructor", "getter") and method.name != "__init__"
    ]
    return cls.kind == "interface" or (len(own) > 1 and all(method.signature_only for method in own))


def opposite_hooks(cls: Class) -> tuple[str, str] | None:
    """Return the members of an interface that wake an instance with something and put it to rest, or None."""
    waking = [m for m in cls.methods if m.params and not answers(cls, m.name)]
    resting = [m for m in cls.methods if not m.params and not answers(cls, m.name)]
    for start in waking:
        for stop in resting:
            if _undoes(start, stop) or _joins(cls, start, stop):
                return start.name, stop.name
    return None


def contract_hooks(cls: Class) -> tuple[str, str] | None:
    """Return the members of an interface that are its two hooks by what they take: one of each kind, no more.

    Whoever waits for ``prepare(bench: Bench)`` hands in an object to work with, and ``park()`` asks for nothing.
    """
    waking = [m for m in cls.methods if _pending(m) and _given_services(cls, m)]
    resting = [m for m in cls.methods if _pending(m) and not m.params and set(words(m.name)).isdisjoint(_STEPS)]
    return (waking[0].name, resting[0].name) if len(waking) == len(resting) == 1 else None


def _pending(member: Function) -> bool:
    """Tell whether a member of an interface gives nothing back but the moment when it is through."""
    returns = member.returns.strip("'\" ")
    return returns in _LATER or (member.asynchronous and returns in ("", "None"))


def _given_services(cls: Class, member: Function) -> bool:
    """Tell whether a member is handed an object of the subject that can be called, and nothing besides."""
    given = named_type(cls.module, member.params[0].type) if len(member.params) == 1 else None
    return given is not None and given is not cls and (bool(given.methods) or any("=>" in f.type for f in given.fields))


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


def _undoes(start: Function, stop: Function) -> bool:
    return undoes(flat(start.name), flat(stop.name))
