"""The names that a host and its plugins agree on: permissions, events, hooks and commands, wherever they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.syntax import Assign, Class, Export, Expr, ExprStatement, Literal, Name, Object, strip
from reviewer.code.text.words import words
from reviewer.experts.communication.named_commands import named_commands
from reviewer.experts.communication.named_events import named_events
from reviewer.experts.interface.declared import choices_of, options_of
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.core.location import Location
    from reviewer.experts.check import Inquiry

_KINDS: Final = {
    "permission": "permission permissions capability capabilities scope scopes",
    "event": "event events topic topics channel channels",
    "hook": "hook hooks",
    "command": "command commands",
}
_BY_WORD: Final = {word: kind for kind, listed in _KINDS.items() for word in listed.split()}
_MOST: Final = 2_000


class ContractNames(Struct):
    """Names by kind, each with the list that holds it; empty for one that is only used."""

    listed: dict[tuple[str, str], str] = field(default_factory=dict)
    used: dict[tuple[str, str], Location] = field(default_factory=dict)
    """Events that are sent and commands that are registered or declared, where no list holds them."""
    lists: dict[str, Location] = field(default_factory=dict)
    """The place of each list, by its name."""


def contract_names(inquiry: Inquiry) -> ContractNames:
    """Return the names that a subject and others agree on, worked out once."""
    kept = inquiry.memory.get("interface.names")
    if not isinstance(kept, ContractNames):
        kept = inquiry.memory["interface.names"] = ContractNames()
        if inquiry.subject.kind == "host":
            for module in inquiry.project.modules():
                if not module.is_test and module.words & _BY_WORD.keys():
                    _of_module(module, kept)
        for name, uses in named_events(inquiry).sent.items():
            kept.used["event", name] = uses[0].at
        commands = named_commands(inquiry)
        for name, value in commands.declared.items():
            kept.used["command", name] = value.place
        for name, use in commands.registered.items():
            kept.used.setdefault(("command", name), use.at)
    return kept


def _of_module(module: Module, found: ContractNames) -> None:
    for statement in module.body:
        for node in statement.body if isinstance(statement, Export) else (statement,):
            value = node.value if isinstance(node, ExprStatement) else node
            name, holder = _named(value)
            kind = _kind(name)
            if not kind or holder is None or len(found.listed) > _MOST:
                continue
            names = list(_names(module, holder))
            if names:
                found.lists.setdefault(name, locate(module, node))
            for one in names:
                found.listed.setdefault((kind, one), name)


def _named(value: Node) -> tuple[str, Node | None]:
    if isinstance(value, Class):
        return value.name, value
    if isinstance(value, Assign) and isinstance(value.target, Name) and value.value is not None:
        return value.target.id, strip(value.value)
    return "", None


def _kind(name: str) -> str:
    """Return what a list of this name lists; its last telling word decides."""
    return next((_BY_WORD[word] for word in reversed(words(name)) if word in _BY_WORD), "")


def _names(module: Module, holder: Node) -> Iterator[str]:
    """Yield the names in a list, the values of a table or an enum, the choices of a type."""
    if isinstance(holder, Class):
        yield from choices_of(module, holder)
        for one in holder.fields:
            if isinstance(one.value, Literal) and isinstance(one.value.value, str):
                yield one.value.value
        return
    if isinstance(holder, Object):
        values: list[Expr] = [strip(value) for _key, value in holder.entries]
        texts = [value.value for value in values if isinstance(value, Literal) and isinstance(value.value, str)]
        yield from texts if texts and len(texts) == len(values) else holder.keys
        return
    yield from (name for name, _at in options_of(holder))
