"""What changes what is stored: methods by their name, their statement or what they keep, and calls of such methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import callee, declared_member
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    ExprStatement,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Opaque,
    Throw,
    is_nothing,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.registry.sql_statements import runs_in

if TYPE_CHECKING:
    from reviewer.code.module import Module

READS: Final = frozenset({"read", "view", "see", "look", "list", "get", "readonly", "browse", "inspect"})
WRITES: Final = word_set(
    "write put set delete remove update edit editable replace save insert create patch rename move append writable "
    "clear destroy overwrite modify change upsert truncate purge alter store amend"
)
PLAIN_CALLS: Final = frozenset({"set", "delete", "clear", "append", "add", "push"})
"""Calls that change the host's own bookkeeping as often as the data."""
_KEEPS: Final = frozenset({"append", "add", "push", "set", "put", "insert", "update"})
"""Calls by which an object keeps what it is given."""
_BOOKKEEPING: Final = word_set("cache memo recent log history metrics stats seen audit trail journal pending")
_TELLS: Final = word_set(
    "log debug info warn warning error trace print note report assert check verify validate ensure require need demand "
    "seek skip rewind reset reload refresh load connect dispose close release wait sleep init setup configure visit "
    "each for notify render draw emit"
)
"""First words of a method that answers with nothing and changes nothing that anybody else reads."""
_NOTHING: Final = frozenset({"void", "Promise<void>", "None", "Awaitable[None]", "Coroutine[Any,Any,None]"})
_LISTENS: Final = word_set("on off once subscribe unsubscribe listen watch observe follow register unregister attach")
"""First words of a method that keeps who is to be told of changes, and changes nothing itself."""
_CALLED_BACK: Final = word_set("handler listener callback cb fn run watcher observer subscriber signal hook")
"""Last words of a parameter that is called later."""


def changing_method(cls: Class, declared: Class | None) -> str:
    """Return a method, of those declared, by which instances of a class change what is stored; else nothing."""
    for method in cls.methods:
        if method.kind != "method" or method.private or not _is_change(method):
            continue
        if declared is None or declared_member(declared, method.name) is not None:
            return method.name
    return ""


def _is_change(method: Function) -> bool:
    """Tell whether a method changes what is stored: by its name, the statement that it runs, or what it keeps."""
    first = set(words(method.name)[:1])
    if first & (WRITES - PLAIN_CALLS) or any(run.verb != "select" for run in runs_in(method)):
        return True
    if first & (_LISTENS | READS | _TELLS):
        return False
    return _keeps_what_is_given(method) or is_command(method)


def is_command(method: Function) -> bool:
    """Tell whether a method is given something and answers with nothing, and so is there for what it does.

    A declaration says so; where there is a body, something that the object keeps has to be assigned to as well.
    """
    given = [param for param in method.params if not set(words(param.name)[-1:]) & _CALLED_BACK]
    if not given or method.generator or set(words(method.name)[:1]) & (_LISTENS | READS | _TELLS):
        return False
    if method.signature_only or _is_only_declared(method):
        return method.returns.replace(" ", "").strip("'\"") in _NOTHING
    if any(answer.value is not None and not is_nothing(answer.value) for answer in returns_of(method)):
        return False
    return any(isinstance(strip(one.target), Member) for one in find(method.body, Assign, into_functions=False))


def _is_only_declared(method: Function) -> bool:
    """Tell whether a method has no body but ``...``, a docstring, or the refusal of a base class."""
    return all(
        isinstance(one, Throw)
        or (isinstance(one, ExprStatement) and isinstance(strip(one.value), Literal | Opaque))
        or (isinstance(one, Name) and one.id == "Ellipsis")
        for one in method.body
    )


def changes_its_object(module: Module, call: Call) -> bool:
    """Tell whether a call goes to a method of the subject that is given something and keeps it."""
    target = callee(module, call)
    if target is None or not call.args or target.kind == "constructor" or set(words(target.name)) & READS:
        return False
    return _keeps_what_is_given(target)


def _keeps_what_is_given(target: Function) -> bool:
    given = {param.name for param in target.params if not set(words(param.name)[-1:]) & _CALLED_BACK}
    for node in walk(target.body, into_functions=False):
        holder: Expr | None = None
        held: Expr | None = None
        if isinstance(node, Assign) and isinstance(node.target, Index):
            holder, held = node.target.object, node.value
        elif isinstance(node, Call) and node.name in _KEEPS and node.args:
            holder, held = node.receiver, node.args[-1]
        if holder is None or held is None or not is_this_member(strip(holder)) or path_words(holder) & _BOOKKEEPING:
            continue
        if any(isinstance(part, Name) and part.id in given for part in walk(held)) and not _made_once(node, holder):
            return True
    return False


def _made_once(kept: Node, holder: Expr) -> bool:
    """Tell whether a thing is made where the table has none yet, and kept to be answered with."""
    function = function_of(kept)
    if function is None:
        return False
    text = function.module.text_of(holder)

    def looks(start: Node) -> bool:
        return any(function.module.text_of(part) == text for part in find(start, type(holder)))

    answers = any(answer.value is not None and looks(answer.value) for answer in returns_of(function))
    return answers and any(
        looks(condition.test) and isinstance(condition.test, Binary) and condition.test.op in ("in", "not in")
        for condition in conditions(kept)
    )
