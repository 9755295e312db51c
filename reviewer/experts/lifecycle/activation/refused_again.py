"""LIF368: something is entered, then begun; when that fails it stays, and the next try is refused as a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before, exits
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Delete,
    ExprStatement,
    Function,
    Handler,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Try,
    Unary,
    With,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.dependencies import callers
from reviewer.experts.lifecycle.guests.entries import PASSING
from reviewer.experts.lifecycle.guests.reached_tables import reaches
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS, uses_in
from reviewer.experts.lifecycle.values import root_name
from reviewer.experts.lifecycle.vocabulary import has_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_BEGINS: Final = frozenset(
    "start open connect setup init initialize initialise boot launch activate enable mount".split()
)
_STATES: Final = frozenset("state status phase stage failed error enabled".split())
"""Fields by which an entry itself says how far it came."""
_MOST_CALLERS: Final = 2


@module_check("LIF368", words=HOOK_WORDS | _BEGINS)
def refused_again(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each entry that a function makes behind the question whether it is there, and in front of an attempt."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind not in ("map", "set") or has_word(table.name, PASSING) or _is_lent(module, table):
            continue
        for write in table.of("write"):
            function = write.function
            guard = _guard(module, table, write) if function is not None else None
            if function is None or guard is None or _tells_how_far(module, write):
                continue
            attempt = _attempt(inquiry, module, write, function)
            if attempt is None or _taken_out(module, table, write, attempt):
                continue
            key = module.text_of(write.key) if write.key is not None else "the entry"
            yield Match(
                write.node,
                f"'{short(key)}' is entered in '{table.name}' before '{module.text_of(attempt.callee)}' has succeeded, "
                f"and stays when that fails: line {guard.line} then turns every further try away.",
                related=((attempt, "may fail here"), (guard, "turned away here")),
            )
            break


def _guard(module: Module, table: Table, write: Access) -> If | None:
    """Return what leaves the function where the table has such an entry already."""
    entered = write.key if write.key is not None else write.value
    key = module.text_of(entered) if entered is not None else ""
    looks = [one for one in table.of("has", "read") if one.function is write.function and one.key is not None]
    for test in before(write.node):
        if not isinstance(test, If) or not exits(test.body) or isinstance(strip(test.test), Unary):
            continue
        if any(_asked(one, test) for one in looks if one.key is not None and module.text_of(one.key) == key):
            return test
    return None


def _asked(look: Access, test: If) -> bool:
    """Tell whether a test asks what a look at the table gave, there or in a variable."""
    kept = look.node.parent
    name = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
    return _within(look.node, test.test) or (name != "" and name in names_in(test.test))


def _within(node: Node, test: Node) -> bool:
    return node is test or any(around is test for around in ancestors(node))


def _tells_how_far(module: Module, write: Access) -> bool:
    """Tell whether an entry has a state of its own, or is one of what is under way."""
    held = strip(write.value) if write.value is not None else None
    if isinstance(held, Name):
        made = module.scopes.origin(held)
        held = made if isinstance(made, Object) else held
    if isinstance(held, Object):
        keys = {str(key.value) for key, _ in held.entries if isinstance(key, Literal)}
        return any(has_word(key, _STATES) for key in keys)
    return False


def _attempt(inquiry: Inquiry, module: Module, write: Access, function: Function) -> Call | None:
    """Return the first call behind an entry that begins what was entered, and is waited for."""
    key = names_in(write.key) if write.key is not None else set()
    named = names_in(write.value) - {"this", "self"} if write.value is not None else key
    if isinstance(write.value, Name) and write.value.id in key:  # ``const { name } = craft; docked.add(name)``
        made = module.scopes.origin(write.value)
        named = named | (names_in(made) if isinstance(made, Member) else set())
    hooks = {id(use.site) for use in uses_in(inquiry, module, "start") if use.frame is function}
    for node in after(write.node):
        if not isinstance(node, Call) or function_of(node) is not function:
            continue
        if id(node) in hooks and _said(module, node) & (named | key):
            return node
        begins = bool(_BEGINS & set(words(node.name)[:1]))
        at_once = isinstance(node.parent, ExprStatement) and not function.asynchronous
        waited = isinstance(node.parent, Await) or module.language == "python" or at_once
        if begins and waited and node.receiver is not None and root_name(node.receiver) in named:
            return node
    return None


def _said(module: Module, site: Call) -> set[str]:
    """Return the names of what an attempt has to do with, and of what that was made of."""
    names = [*find(site, Name)]
    made = [one for name in names if isinstance(one := module.scopes.origin(name), Node)]
    return {name.id for name in names} | names_in(made)


def _is_lent(module: Module, table: Table) -> bool:
    """Tell whether somebody else is handed the table itself, or gets it as an answer."""
    for node in module.all(Member) if table.owner is not None else module.all(Name):
        name = node.name if isinstance(node, Member) else node.id
        if name == table.name and isinstance(node.parent, Call) and any(node is one for one in node.parent.args):
            return True
    return False


def _taken_out(module: Module, table: Table, write: Access, attempt: Call, depth: int = 0) -> bool:
    """Tell whether what runs where an attempt fails, here or in a caller, takes the entry out or may do so."""
    function = function_of(attempt)
    if function is None:
        return True
    if any(one.function is not function and _is_nested(one, function) for one in table.of("delete", "clear")):
        return True  # a callback that hears of the end
    inner: Node = attempt
    for around in ancestors(attempt):
        nodes: list[Node] = []
        if isinstance(around, Call) and around.name in ("catch", "then", "finally") and around is not attempt:
            nodes = list(around.args)
        elif isinstance(around, Try) and any(inner is one for one in around.body):
            nodes = [*around.handlers, *around.final]
        elif isinstance(around, With) and not isinstance(around.parent, Handler):
            return True
        if nodes and _gives_back(module, table, nodes):
            return True
        if around is function:
            break
        inner = around
    if depth >= _MOST_CALLERS:
        return True
    return any(_taken_out(module, table, write, one, depth + 1) for one in callers(function) if _catches(one))


def _catches(call: Call) -> bool:
    return any(isinstance(around, Try) and around.handlers for around in ancestors(call)) or any(
        isinstance(around, Call) and around.name == "catch" for around in ancestors(call)
    )


def _is_nested(access: Access, function: Function) -> bool:
    return any(around is function for around in ancestors(access.node))


def _gives_back(module: Module, table: Table, nodes: list[Node]) -> bool:
    """Tell whether code that runs after a failure reaches the table, or notes what became of the entry."""
    noted = any(
        isinstance(node, Delete) or (isinstance(node, Assign) and not isinstance(node.target, Name))
        for node in walk(nodes)
    )
    return noted or reaches(module, table, nodes)
