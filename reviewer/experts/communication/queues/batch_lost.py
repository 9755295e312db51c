"""COM491: what waits to be sent is taken out of its line first, and is gone when the sending fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Comprehension,
    Delete,
    Expr,
    Function,
    Handler,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Spread,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COPIES: Final = frozenset({"list", "tuple", "from", "copy", "slice", "values", "items", "dict", "concat"})
_EMPTIES: Final = frozenset({"clear", "splice", "length"})
_SENDS: Final = frozenset(
    "fetch post put send sendall publish deliver upload submit report request execute insert ingest write book store "
    "save sync push transmit notify record track bulk add deposit forward ship call patch invoke".split()
)
"""First words of what takes a batch away to somebody else."""
_NO_SENDING: Final = frozenset("log logger console warnings print resolve reject math json promise object".split())
_SHAPES: Final = frozenset({"map", "stringify", "dumps", "encode", "filter", "sorted", "list", "Blob", "join", "flat"})
"""What only gives a batch another form on its way."""


@module_check("COM491")
def batch_lost(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each line that is emptied into a variable for what becomes of that when it can't be sent."""
    if module.is_test:
        return
    for taken in module.all(Assign):
        function = function_of(taken)
        name = taken.target
        if function is None or not isinstance(name, Name) or taken.value is None or taken.op != "=":
            continue
        line, at = _emptied(module, function, taken)
        if not line:
            continue
        sent = next((call for call in find(function.body, Call) if _takes_away(module, call, taken, name.id)), None)
        if sent is None or at > sent.raw.start_byte or _kept(function, sent, name.id, line):
            continue
        yield Match(
            locate_bytes(module, taken.raw.start_byte, sent.raw.end_byte),
            f"'{name.id}' is taken out of '{line}' before it is sent, and nothing puts it back: when "
            f"'{module.text_of(sent.callee)[:60]}(…)' fails, all of it is lost.",
        )


def _emptied(module: Module, function: Function, taken: Assign) -> tuple[str, int]:
    """Return what line a variable takes everything out of, and where that is emptied: at once, or after a copy."""
    value = strip(taken.value) if taken.value is not None else None
    if isinstance(value, Call) and value.name == "splice" and value.receiver is not None:
        first = strip(value.args[0]) if value.args else None
        whole = isinstance(first, Literal) and first.value == 0 and len(value.args) < 3
        outlives = whole and _outlives(module, value.receiver, function)
        return (module.text_of(value.receiver), value.raw.start_byte) if outlives else ("", 0)
    line = _copied(value)
    if line is None or not _outlives(module, line, function):
        return "", 0
    text = module.text_of(line)
    for node in find(function.body, Node, into_functions=False):
        if node.raw.start_byte < taken.raw.start_byte:
            continue
        if isinstance(node, Assign) and node.op == "=" and node.value is not None:
            target = node.target
            sized = isinstance(target, Member) and target.name == "length" and module.text_of(target.object) == text
            if sized or (module.text_of(target) == text and _is_empty(node.value)):
                return text, node.raw.start_byte
        elif isinstance(node, Call) and node.name == "clear" and node.receiver is not None:
            if module.text_of(node.receiver) == text:
                return text, node.raw.start_byte
        elif isinstance(node, Delete) and text in module.text_of(node):
            return text, node.raw.start_byte
    return "", 0


def _copied(value: Expr | None) -> Expr | None:
    """Return what a variable is given, or a copy of: ``this.line``, ``[...this.line]``, ``list(self.line)``."""
    if isinstance(value, Name | Member):
        return value
    if isinstance(value, Array) and len(value.items) == 1 and isinstance(value.items[0], Spread):
        return _copied(strip(value.items[0].value))
    if isinstance(value, Index):
        return value.object if not isinstance(value.key, Literal | Name) else None
    if isinstance(value, Call) and value.name in _COPIES:
        given = value.args[0] if value.args and value.name != "slice" else value.receiver
        return _copied(strip(given)) if given is not None else None
    return None


def _outlives(module: Module, line: Expr, function: Function) -> bool:
    """Tell whether a line is there before and after the call: a field, or a variable around the function."""
    line = strip(line)
    if is_this_member(line):
        return True
    if not isinstance(line, Name):
        return False
    bound = module.scopes.lookup(line.id, line)
    return bool(bound) and all(isinstance(one, Assign) and function_of(one) is not function for one in bound)


def _is_empty(value: Expr) -> bool:
    made = strip(value)
    if isinstance(made, Array):
        return not made.items
    if isinstance(made, Object):
        return not made.entries
    return (
        isinstance(made, Call)
        and made.name in ("list", "dict", "set", "Map", "Set", "deque", "Array")
        and not made.args
    )


def _takes_away(module: Module, call: Call, taken: Assign, name: str) -> bool:
    """Tell whether a call hands the whole batch to somebody outside of the file, who may fail."""
    if call.raw.start_byte < taken.raw.end_byte or inside(call, taken):
        return False
    if call.receiver is None and call.name != "fetch":
        return False
    said = set(words(module.text_of(call.callee)))
    if not words(call.name) or words(call.name)[0] not in _SENDS or said & _NO_SENDING:
        return False
    base = strip(call.receiver) if call.receiver is not None else None
    if isinstance(base, Name) and base.id == name:
        return False
    if isinstance(definition(module, call.callee), Function) or not _is_failing(call, module):
        return False
    return any(_hands_over(given, name) for given in (*call.args, *call.keywords.values()))


def _is_failing(call: Call, module: Module) -> bool:
    """Tell whether somebody waits for a call: one that nobody waits for answers to nobody here."""
    if module.language == "python":
        return True
    return any(isinstance(around, Await) for around in ancestors(call)) or isinstance(call.parent, Return | Member)


def _hands_over(given: Expr, name: str) -> bool:
    """Tell whether an argument is the batch, or a record or a text that holds all of it."""
    given = strip(given)
    if isinstance(given, Name):
        return given.id == name
    if isinstance(given, Spread):
        return _hands_over(given.value, name)
    if isinstance(given, Object):
        return any(_hands_over(value, name) for _key, value in given.entries)
    if isinstance(given, Array):
        return any(_hands_over(item, name) for item in given.items)
    if isinstance(given, Comprehension):
        return any(name in names_in(over) for _target, over in given.clauses)
    if isinstance(given, Call) and given.name in _SHAPES:
        of_it = given.receiver is not None and _hands_over(given.receiver, name)
        return of_it or any(_hands_over(arg, name) for arg in given.args if not isinstance(arg, Function))
    return False


def _kept(function: Function, sent: Call, name: str, line: str) -> bool:
    """Tell whether what failed is kept: put back, handed to somebody, told to those who wait for it."""
    for use in find(function.body, Name):
        if use.id != name or use.raw.start_byte < sent.raw.start_byte or inside(use, sent):
            continue
        if _only_counted(use):
            continue
        if use.raw.start_byte > sent.raw.end_byte:
            return True
    return line in _last_words(function, sent)


def _only_counted(use: Name) -> bool:
    """Tell whether a batch is only counted where it is named: ``batch.length``, ``len(batch)``."""
    around = use.parent
    if isinstance(around, Member) and around.object is use:
        return around.name in ("length", "size")
    return isinstance(around, Call) and around.name == "len"


def _last_words(function: Function, sent: Call) -> set[str]:
    """Return the lines that the code which runs after an error writes to."""
    found: set[str] = set()
    for handler in find(function.body, Handler):
        for assign in find(handler.body, Assign):
            found.add(function.module.text_of(assign.target))
    return found
