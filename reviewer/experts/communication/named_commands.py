"""The commands of a subject by name: declared in the manifest, registered and invoked in code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import field

from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Node, Object, strip
from reviewer.code.text.ideas import REGISTERING
from reviewer.code.text.words import words
from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.experts.communication.constants import fixed_text
from reviewer.experts.communication.listed_names import listed_names
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.paths import last_name, name_words
from reviewer.experts.place import locate
from reviewer.subject.document import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMMAND: Final = frozenset({"command", "commands", "cmd", "cmds"})
_REGISTER: Final = REGISTERING | {"on", "set", "create"}
_INVOKE: Final = frozenset("execute exec run invoke call trigger ask perform dispatch".split())
_KEYS: Final = ("id", "command", "name")
_WORDS: Final = frozenset({"command", "commands", "cmds"})
_MOST: Final = 2_000
_QUOTES: Final = (b'"', b"'", b"`")
_SENTENCE: Final = regex(r"(?<![\w.:/-])[A-Za-z]{2,20}[,;:]?\s{1,3}[A-Za-z]{2,20}(?![\w.:/-]*[\w/-])")
"""Two plain words side by side, which is what no list of dotted names has."""


class NamedUse(Fact, frozen=True):
    """One place where something is named."""

    name: str
    at: Location


class SpokenCommands(Fact, frozen=True):
    """What code says about commands."""

    registered: dict[str, NamedUse] = field(default_factory=dict)
    invoked: list[NamedUse] = field(default_factory=list)
    nameless: list[Location] = field(default_factory=list)
    """Where commands are registered under names that code makes."""

    @property
    def open(self) -> bool:
        """Whether there are commands whose names can't be told."""
        return bool(self.nameless)


class NamedCommands(SpokenCommands, frozen=True):
    """What manifest and code of a subject say about its commands."""

    declared: dict[str, Value] = field(default_factory=dict)


def named_commands(inquiry: Inquiry) -> NamedCommands:
    """Return the named commands of a subject, worked out once."""
    known = inquiry.memory.get("communication.named_commands")
    if not isinstance(known, NamedCommands):
        known = NamedCommands(declared=dict(_declared(inquiry)))
        for part in _COMMANDS.of(inquiry):
            known.nameless.extend(part.nameless)
            for name, use in part.registered.items():
                known.registered.setdefault(name, use)
            known.invoked.extend(part.invoked[: max(0, _MOST - len(known.invoked))])
        inquiry.memory["communication.named_commands"] = known
    return known


def _declared(inquiry: Inquiry) -> Iterator[tuple[str, Value]]:
    document = inquiry.manifest
    if document is None:
        return
    for path in (("commands",), ("contributes", "commands"), ("plugin", "commands"), ("provides", "commands")):
        found = document.get(*path)
        if found is None:
            continue
        for item in list(found.items())[:_MOST]:
            keyed = next((v for key in _KEYS if (v := item.get(key)) is not None and v.text), None)
            if item.text or keyed is not None:
                yield (item.text, item) if item.text else (keyed.text, keyed) if keyed is not None else ("", item)
        yield from list(found.members())[:_MOST]


def _collect(inquiry: Inquiry, module: Module) -> SpokenCommands:
    found = SpokenCommands()
    for call in module.all(Call):
        how = _kind(call)
        if how == "register":
            names = list(_names(module, call.arg(0) or call.arg(0, "name")))
            listed = [] if names else [name for name, _at in _listed(module, call.arg(0) or call.arg(0, "name"))]
            if not names and not listed:
                found.nameless.append(locate(module, call))
            for name, at in names:
                found.registered.setdefault(name, NamedUse(name, locate(module, at)))
            for name in listed:
                found.registered.setdefault(name, NamedUse(name, locate(module, call)))
        elif how == "invoke":
            found.invoked.extend(
                NamedUse(name, locate(module, at))
                for name, at in _names(module, call.arg(0))
                if len(found.invoked) < _MOST
            )
    for function in module.functions:
        _decorated(module, function, found)
    if inquiry.subject.ecosystem == "vscode":
        found.invoked.extend(_clicked(module))
    return found


_COMMANDS: Final = Drawn("commands", _collect, SpokenCommands, _WORDS, tests=False)


def _clicked(module: Module) -> Iterator[NamedUse]:
    """Yield the commands that a click runs: ``item.command = { command: "acme.open", title: "Open" }``, or the name."""
    for given in module.all(Object):
        named = given.get("command")
        name = fixed_text(module, named) if named is not None and given.get("title") is not None else ""
        if name and named is not None:
            yield NamedUse(name, locate(module, named))
    for entered in module.all(Assign):
        name = fixed_text(module, entered.value) if last_name(entered.target) == "command" else ""
        if name and isinstance(entered.target, Member):
            yield NamedUse(name, locate(module, entered.value or entered))


def _kind(call: Call) -> str:
    """Tell what a call does with a command: ``register``, ``invoke`` or nothing of the kind."""
    if call.new or not (call.args or call.keywords):
        return ""
    split = words(call.name)
    if not split:
        return ""
    speaks = bool(set(split[1:]) & _COMMAND) or bool(set(name_words(call.receiver)[-1:]) & _COMMAND)
    if not speaks:
        return ""
    if split[0] in _REGISTER and (len(call.args) > 1 or any(isinstance(strip(one), Object) for one in call.args)):
        return "register"
    return "invoke" if split[0] in _INVOKE else ""


def _names(module: Module, given: Expr | None) -> Iterator[tuple[str, Node]]:
    if given is None:
        return
    given = strip(given)
    if isinstance(given, Object):
        for key in _KEYS:
            value = given.get(key)
            if value is not None:
                name = fixed_text(module, value)
                if name:
                    yield name, value
                return
        return
    name = fixed_text(module, given)
    if name:
        yield name, given


def _listed(module: Module, given: Expr | None) -> list[tuple[str, Expr]]:
    """Return the names of commands that are registered one by one out of a table that is written out."""
    given = strip(given) if given is not None else None
    if isinstance(given, Object):
        given = next((value for key in _KEYS if (value := given.get(key)) is not None), None)
    return listed_names(module, given) if given is not None else []


def _decorated(module: Module, function: Function, found: SpokenCommands) -> None:
    for decorator in function.decorators:
        if not isinstance(decorator, Call) or not set(words(decorator.name)) & _COMMAND:
            continue
        names = list(_names(module, decorator.keywords.get("name") or decorator.arg(0)))
        if not names:
            found.nameless.append(locate(module, decorator))
        for name, at in names:
            found.registered.setdefault(name, NamedUse(name, locate(module, at)))


def spoken_elsewhere(inquiry: Inquiry, name: str, uses: int) -> bool:
    """Tell whether the sources hold a name more often than the uses that are known: in a table, in a test.

    A sentence that speaks of the name, such as the text of an error or a comment, is no use of it.
    """
    whole = re.compile(rb"(?<![\w.:/-])" + re.escape(name.encode()) + rb"(?![\w:/-]|\.\w)")
    count = 0
    for module in inquiry.project.modules():
        for hit in whole.finditer(module.source):
            count += name.isidentifier() or not _in_sentence(module, hit.start(), hit.end())
            if count > uses:
                return True
    return False


def _in_sentence(module: Module, start: int, end: int) -> bool:
    """Tell whether a name stands in a comment, or without quotes among the plain words of a text."""
    node = module.tree.root_node.descendant_for_byte_range(start, end)
    if node is None or "comment" in node.type:
        return node is not None
    text = module.text(node)
    quoted = module.source[start - 1 : start] in _QUOTES and module.source[end : end + 1] in _QUOTES
    return "string" in node.type and not quoted and _SENTENCE.search(text) is not None
