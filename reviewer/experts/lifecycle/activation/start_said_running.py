"""LIF021: the host's own start of a plugin fails, its error is dropped, and the plugin is said to run all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import body_of, conditions, exits
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Case,
    Expr,
    Function,
    Literal,
    Member,
    Node,
    Statement,
    Try,
    With,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, function_of, names_in, statement_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.activation.activation_error_swallowed import changed_in, drops, suppresses, tells
from reviewer.experts.lifecycle.activation.start_errors_collected import lets_out
from reviewer.experts.lifecycle.bringing.dependencies import outermost
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, hooks_of
from reviewer.experts.lifecycle.vocabulary import ACTIVE_WORDS
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUTS: Final = frozenset({"push", "append", "add", "set"})
_PLAIN: Final = frozenset({"on", "up", "ok", "live", "ready"})
"""Words that say much else of a name, and only as a text of their own that something runs."""


@module_check("LIF021", words=HOOK_WORDS)
def start_said_running(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each call of the function that starts a plugin for what is said behind a dropped failure."""
    if module.is_test:
        return
    frames = {outermost(use.site) for use in hooks_of(module) if use.kind == "start"} - {None}
    named = {frame.name for frame in frames if frame is not None and frame.name}
    for call in module.calls(named) if named else ():
        target = definition(module, call.callee)
        if not isinstance(target, Function) or target not in frames or not lets_out(target, 1):
            continue
        for swallow, statement, changed in _swallows(call):
            said = _said(statement, target.name, changed)
            if said is not None:
                yield Match(
                    swallow,
                    f"What '{module.text_of(call.callee)}' raises is dropped here, and line {said.line} says that the "
                    "plugin runs all the same.",
                    related=((said, "said here"), (call, "started here")),
                )
                break


def _swallows(call: Call) -> Iterator[tuple[Node, Statement, set[str]]]:
    """Yield what drops the error of a call, the statement behind which control goes on, and what that changes."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Call) and around.name == "catch" and around.args and isinstance(inner, Member):
            taking, whole = around.args[0], _statement(around)
            if whole is not None and drops(taking):
                yield around, whole, changed_in(taking.body) if isinstance(taking, Function) else set()
            return
        if isinstance(around, Try) and any(inner is one for one in around.body):
            for handler in around.handlers:
                if not exits(handler.body) and not tells(handler.body):
                    yield handler, around, changed_in(handler.body)
            if around.handlers:
                return
        elif isinstance(around, With) and any(suppresses(value) for value, _name in around.items):
            yield around.items[0][0], around, set()
            return
        if isinstance(around, Function) and not _is_each(around):
            return
        inner = around


def _is_each(function: Function) -> bool:
    """Tell whether a function is what a loop runs for each: ``names.map((name) => start(name).catch(noop))``."""
    return isinstance(function.parent, Call) and function.parent.name in ("map", "forEach")


def _statement(caught: Call) -> Statement | None:
    """Return the statement that a caught promise ends in, where nobody keeps what comes of it."""
    node: Node = caught
    while (function := function_of(node)) is not None and _is_each(function) and function.parent is not None:
        node = function.parent
    whole = statement_of(node)
    return None if whole is None or isinstance(whole, Assign) or _is_kept(node) else whole


def _is_kept(node: Node) -> bool:
    return any(isinstance(around, Assign) for around in ancestors(node) if not isinstance(around, Function | Statement))


def _said(statement: Statement, name: str, changed: set[str]) -> Expr | None:
    """Return where it is said behind a statement, come what may, that something runs."""
    around = statement.parent
    block = next((one for one in body_of(around) if statement in one), []) if around is not None else []
    outside = {id(one.test) for one in conditions(statement)}
    behind = block[block.index(statement) + 1 :] if statement in block else []
    for node in walk([*behind, *(statement.final if isinstance(statement, Try) else [])], into_functions=False):
        if not isinstance(node, Literal | Call) or not _says(node, name):
            continue
        whole = statement_of(node)
        if all(id(one.test) in outside for one in conditions(node)) and not changed & names_in(whole or node):
            return node
    return None


def _says(node: Literal | Call, name: str) -> bool:
    """Tell whether a text is a state in which something runs, or something is put among those that do."""
    if isinstance(node, Literal):
        if not isinstance(node.value, str) or isinstance(node.parent, Binary | Case):
            return False
        return node.value.lower() in ACTIVE_WORDS and _is_state(node)
    if node.name not in _PUTS or node.receiver is None:
        return False
    verb = (words(name) or ("",))[0]
    return bool(set(words(last_name(node.receiver))) & ((ACTIVE_WORDS - _PLAIN) | {f"{verb}ed", f"{verb}d"}))


def _is_state(text: Literal) -> bool:
    """Tell whether a text is a value that is kept or handed over, and no key under which something lies."""
    for around in ancestors(text):
        if isinstance(around, Call):
            return around.name not in ("get", "has", "getattr", "on", "once", "emit", "info", "debug", "log")
        if isinstance(around, Assign):
            return around.value is not None and text in (around.value, *walk(around.value))
        if isinstance(around, Statement):
            return False
    return False
