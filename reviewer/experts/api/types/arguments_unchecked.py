"""API369: a command takes the arguments that somebody hands it as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Template,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.ideas import HANDLER, LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.api.types.command_arguments import Command, is_unknown, pieces, registered_commands, root
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import COMMANDS
from reviewer.experts.data.messages import short
from reviewer.experts.paths import name_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHECKS: Final = word_set(
    "validate valid parse check schema assert verify ensure guard isinstance is test match fullmatch has own includes "
    "sanitize coerce normalize conforms resolve require safe allowed number string boolean int float str bool integer "
    "finite array basename encode escape quote"
)
_LIBRARIES: Final = word_set(
    "ajv zod joi superstruct typebox valibot yup jsonschema pydantic marshmallow cerberus voluptuous"
)
_PATHS: Final = word_set("join resolve URL open Path")
_ACTS: Final = word_set(
    "save set delete remove rename update write create exec spawn run move insert put post send query fetch load read "
    "open execute install import publish apply store add grant unlink copy request get"
)
_TAME: Final = word_set(
    "stringify string str number boolean format log max min abs floor round trunc is keys values entries from"
)
"""First words of a call that does nothing with what it is given but reckon."""
_LOGS: Final = word_set("log logger console debug info warn error")


@module_check("API369", words=COMMANDS | HANDLER | {"palette", "dispatcher", "register"})
def arguments_unchecked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each command that is registered for a look at its arguments before they are used."""
    if module.is_test:
        return
    commands = list(registered_commands(module))
    if not commands or _has_library(inquiry, module):
        return
    looking = {id(one) for one in commands if _looks(one)}
    careful = bool(looking) or _handlers_look(module)
    for command in commands:
        found = _used(command) if id(command) not in looking else None
        if found is None:
            continue
        part, why, grave = found
        sure = grave or is_unknown(command) or careful
        yield Match(
            _only_called(module, part) or part,
            f"The command '{short(command.name)}' takes '{short(module.text_of(part))}' from whoever calls it and "
            f"{why}: nothing looks at what it is first.",
            confidence=None if sure else Confidence.POSSIBLE,
        )


def _only_called(module: Module, part: Expr) -> Assign | None:
    """Return where a part is taken out of the arguments by a type that they are merely called."""
    bound = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
    taken = bound[0] if len(bound) == 1 else None
    value = taken.value if isinstance(taken, Assign) else None
    called = isinstance(value, Member) and isinstance(value.object, Cast)
    return taken if called and isinstance(taken, Assign) else None


def _has_library(inquiry: Inquiry, module: Module) -> bool:
    """Tell whether the subject has a library that checks shapes, which the dispatcher may well use."""
    return bool(module.words & _LIBRARIES) or any(
        True for _path in inquiry.project.paths(naming=_LIBRARIES, tests=False)
    )


def _looks(command: Command) -> bool:
    """Tell whether a command tests something of its arguments, or hands them to a check."""
    return _tests(command.function, pieces(command))


def _handlers_look(module: Module) -> bool:
    """Tell whether a handler of events in the same file looks at what it is sent: what comes is not trusted here."""
    for call in module.calls(LISTENS):
        taken = definition(module, call.args[1]) if len(call.args) > 1 else None
        if not isinstance(taken, Function) or taken.module is not module or not taken.params:
            continue
        first = taken.params[0]
        if _tests(taken, {first.name, *first.fields.values()} - {""}):
            return True
    return False


def _tests(function: Function, names: set[str]) -> bool:
    """Tell whether a function asks what one of these names holds, or refuses something."""
    for node in walk(function.body):
        if isinstance(node, Throw):
            return True
        if isinstance(node, Unary) and node.op in ("typeof", "not") and names_in(node) & names:
            return True
        if isinstance(node, Binary) and node.op in _COMPARES and names_in(node) & names:
            return True
        if isinstance(node, Call) and set(words(node.name)) & _CHECKS and names_in(node.args) & names:
            return node.name not in _PATHS
    return False


def _checks_itself(command: Command, call: Call) -> bool:
    """Tell whether a function of the subject that is handed a part of the arguments looks at it."""
    target = definition(command.function.module, call.callee)
    return isinstance(target, Function) and _tests(target, {param.name for param in target.params})


_COMPARES: Final = frozenset({"instanceof", "in", "not in", "<", ">", "<=", ">=", "==", "!="})


def _used(command: Command) -> tuple[Expr, str, bool] | None:
    """Return a part of the arguments that is used as it comes, what for, and whether that reaches further."""
    names = pieces(command)
    found: tuple[Expr, str, bool] | None = None
    for node in walk(command.function.body):
        part = _part(node, command, names)
        if part is None:
            continue
        around = _around(part)
        if isinstance(around, Template) and _sent(around):
            return part, "makes a text of it that goes on to something else", True
        if isinstance(around, Call) and part is not around.callee:
            said = words(around.name)
            if set(name_words(around.receiver)) & _LOGS or _checks_itself(command, around):
                continue
            if set(said) & _PATHS and around.name in _PATHS:
                return part, f"puts it into '{around.name}'", True
            if found is None and said and (said[0] in _ACTS or (around.receiver is not None and said[0] not in _TAME)):
                found = (part, f"hands it to '{around.name}'", False)
        elif isinstance(around, Member) and isinstance(around.parent, Call) and around.parent.callee is around:
            found = found or (part, f"calls '{around.name}' on it", False)
    return found


def _part(node: Node, command: Command, names: set[str]) -> Expr | None:
    """Return an expression where it is a part of the arguments, and not the arguments as a whole."""
    if isinstance(node, Member | Index) and not isinstance(node.parent, Member) and root(node) in names:
        called = isinstance(node.parent, Call) and node.parent.callee is node
        inner = strip(node.object) if called and isinstance(node, Member) else node
        whole = isinstance(inner, Name) and inner.id == command.args.name and not _is_called_a_text(node.object)
        return None if whole or not isinstance(inner, Member | Index | Name) else inner
    if (
        isinstance(node, Name)
        and (node.id in names - {command.args.name} or _is_called_a_text(node.parent))
        and node.id in names
        and not isinstance(node.parent, Member | Index)
    ):
        return node
    return None


def _is_called_a_text(held: Node | None) -> bool:
    """Tell whether the arguments are only said to be a text: ``(name as string).trim()``, ``save(name as string)``."""
    return isinstance(held, Cast) and held.type.strip() in ("string", "number", "string[]", "number[]")


def _around(part: Expr) -> Node | None:
    """Return what an expression stands in, casts and sums seen through."""
    for around in ancestors(part):
        kind = type(around).__name__
        if kind == "Binary" and getattr(around, "op", "") == "+":
            continue
        if kind not in ("Cast", "Await", "Object", "Array", "Spread"):
            return around
    return None


def _sent(text: Template) -> bool:
    """Tell whether a text that is put together is an argument of something that acts on it, and no log line."""
    if all(isinstance(item, Literal) for item in text.items):
        return False
    for around in ancestors(text):
        if isinstance(around, Call):
            said = words(around.name)
            return bool(said) and said[0] in _ACTS and not set(name_words(around.receiver)) & _LOGS
        if not isinstance(around, Cast | Await | Binary):
            return False
    return False
