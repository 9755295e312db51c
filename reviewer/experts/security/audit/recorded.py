"""Whether a value becomes a record of a log or an audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Assign,
    Call,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Spread,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, function_of, walk
from reviewer.experts.paths import last_words, path_words, surroundings
from reviewer.experts.security.vocabulary import AUDITS, IDENTITIES

if TYPE_CHECKING:
    from reviewer.code.syntax import Node

_RECORDS: Final = AUDITS | {"log", "logger", "logs", "record", "records", "history", "events"}


def is_record(node: Node) -> bool:
    """Tell whether a value becomes a record of a log or an audit trail."""
    if isinstance(node, Object) and is_extra(node):
        return True
    for around in ancestors(node):
        if isinstance(around, Call) and set(words(around.name)) & (AUDITS | {"log"}):
            return True
        receiver = around.receiver if isinstance(around, Call) else None
        if isinstance(around, Call) and isinstance(around.callee, Index):
            receiver = around.callee.object  # logger[level](…)
        if _is_extra(around):
            return True
        if receiver is not None and {word for part in walk(receiver) for word in _named(part)} & _RECORDS:
            return True
        if isinstance(around, Assign) and isinstance(around.target, Name) and becomes_record(around, around.target.id):
            return True
        if isinstance(around, Function):
            break
    function = function_of(node)
    said = surroundings(function) if function is not None else set()
    return bool(said & AUDITS) or ({"logger", "log"} <= said and bool(said & IDENTITIES))


def _is_extra(around: Node) -> bool:
    """Tell whether something is put where ``logging`` looks for the fields of a line: ``kwargs["extra"] = …``."""
    key: Expr | None = None
    if isinstance(around, Assign) and isinstance(around.target, Index):
        key = strip(around.target.key)
    return isinstance(key, Literal) and key.value == "extra"


def is_extra(record: Object) -> bool:
    """Tell whether a record is that itself, also as a member or an argument: ``{**kwargs, "extra": {…}}``."""
    around = record.parent
    if isinstance(around, Object):
        named = (key for key, value in around.entries if strip(value) is record)
        return any(isinstance(key, Literal) and key.value == "extra" for key in named)
    if isinstance(around, Call):
        return "extra" in around.keywords and strip(around.keywords["extra"]) is record
    return around is not None and _is_extra(around)


def becomes_record(kept: Assign, name: str) -> bool:
    """Tell whether a variable is one of a trail by its name, or is handed to one: ``trail.write(record)``."""
    if set(words(name)) & AUDITS:
        return True
    function = function_of(kept)
    for call in calls_in(function.body) if function is not None else ():
        given = [_written(arg) for arg in call.args]
        handed = any(isinstance(one, Name) and one.id == name for one in given)
        if handed and (set(words(call.name)) | path_words(call.receiver)) & AUDITS:
            return True
    return False


def _written(given: Expr) -> Expr:
    """Return what becomes a line of text: ``line`` of ``JSON.stringify(line)``, with an end of line or without."""
    given = strip(given)
    if isinstance(given, Template) and given.holes:
        given = strip(given.holes[0])
    if isinstance(given, Call) and given.name in ("stringify", "dumps") and given.args:
        given = strip(given.args[0])
    return given


def _named(node: Node) -> tuple[str, ...]:
    if isinstance(node, Name):
        return words(node.id)
    return words(node.name) if isinstance(node, Member) else ()


def is_kept(node: Node) -> bool:
    """Tell whether a record is handed to an audit trail itself, in which every field is the host's word."""
    call = node.parent
    while isinstance(call, Spread | Call) and not (isinstance(call, Call) and call.receiver is not None):
        call = call.parent
    return isinstance(call, Call) and call.receiver is not None and bool(set(last_words(call.receiver)) & AUDITS)
