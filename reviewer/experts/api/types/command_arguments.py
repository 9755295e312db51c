"""Commands that code registers, and what they do with the arguments that somebody hands them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.forwarding import end_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Call, Cast, Expr, Function, Index, Literal, Member, Name, Object, Param, strip
from reviewer.code.text.ideas import HANDLER
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.experts.communication.vocabulary import REGISTERS
from reviewer.experts.paths import name_words, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_COMMANDS: Final = word_set(
    "command commands cmd action actions palette rpc verb verbs tool tools method methods procedure procedures "
    "operation operations"
)
_RUNS: Final = HANDLER | word_set("run execute handle action invoke fn exec perform call")
"""Members of a registration that are what is run."""
_NAMES: Final = ("name", "id", "command", "title", "verb", "key")
_SCHEMAS: Final = word_set("schema params parameters args arguments input inputs inputSchema validate accepts shape")
"""Members of a registration that say what the arguments have to be."""
_SHAPES: Final = word_set("type types pattern properties required enum minLength maxLength")
"""Keys by which a schema says what a value has to be."""
_ARGUMENTS: Final = word_set(
    "args arguments params parameters input payload options opts data body values query request"
)
_CALLERS: Final = word_set("caller context ctx event session user who tenant principal signal")


class Command(Struct, frozen=True):
    """A command with what it runs: ``args`` is the parameter that gets what somebody hands it."""

    name: str
    function: Function
    args: Param


def registered_commands(module: Module) -> Iterator[Command]:
    """Yield the commands that a file registers with nothing that says what their arguments have to be."""
    for call in module.all(Call):
        if call.new or not words(call.name) or words(call.name)[0] not in REGISTERS:
            continue
        given = [strip(one) for one in (*call.args, *call.keywords.values())]
        entry = next((one for one in given if isinstance(one, Object)), None)
        named = next((str(one.value) for one in given if isinstance(one, Literal) and isinstance(one.value, str)), "")
        said = {*words(call.name), *name_words(call.receiver)}
        taken: Expr | None = None
        if entry is not None and _says_shapes(entry):
            continue
        if entry is not None and (said & _COMMANDS or any(key in entry.keys for key in _NAMES)):
            taken = next((entry.get(key) for key in entry.keys if key in _RUNS), None)
            label = next((strip(value) for key in _NAMES if (value := entry.get(key)) is not None), None)
            named = str(label.value) if isinstance(label, Literal) else named
        if taken is None and named and said & _COMMANDS:
            taken = next((one for one in given if not isinstance(one, Literal | Object)), None)
        function = definition(module, taken) if taken is not None else None
        args = _arguments(function) if isinstance(function, Function) and function.module is module else None
        if isinstance(function, Function) and args is not None and named:
            yield Command(named, *end_of(module, function, args))


def _says_shapes(entry: Object) -> bool:
    """Tell whether a registration says what the arguments have to be: by a schema, or by a type for each."""
    return bool(set(entry.keys) & _SCHEMAS) or any(set(one.keys) & _SHAPES for one in find(entry, Object))


def _arguments(function: Function) -> Param | None:
    """Return the parameter that gets the arguments of a command."""
    params = [param for param in function.params if not param.rest]
    said = next((param for param in params if set(words(param.name)) & _ARGUMENTS), None)
    first = params[0] if params and not set(words(params[0].name)) & _CALLERS else None
    return said or (first if first is not None and (first.fields or len(params) < 3) else None)


def pieces(command: Command) -> set[str]:
    """Return the names in a command that hold its arguments, or a part of them."""
    names = {command.args.name, *command.args.fields.values()} - {""}
    for assign in find(command.function.body, Assign):
        if isinstance(assign.target, Name) and assign.value is not None and root(assign.value) in names:
            names.add(assign.target.id)
    return names


def root(expr: Expr) -> str:
    """Return the name that an access path begins with, casts seen through; nothing for what is no path."""
    inner = strip(expr)
    while isinstance(inner, Member | Index):
        inner = strip(inner.object)
    return inner.id if isinstance(inner, Name) else ""


def is_unknown(command: Command) -> bool:
    """Tell whether anything may come by the type of the arguments, and the code only says what it should be."""
    declared = command.args.type.strip()
    if declared not in ("unknown", "any", "object", ""):
        return False
    casts = find(command.function.body, Cast)
    said = any(isinstance(one.value, Name) and one.value.id == command.args.name and _says(one.type) for one in casts)
    return said or declared == "any"


def _says(kind: str) -> bool:
    """Tell whether a type says what the members are: not ``Record<string, unknown>``."""
    return "unknown" not in kind and kind.strip() not in ("any", "object", "const")
