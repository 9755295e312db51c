"""What becomes of a value that must be released: dropped, kept somewhere, or handed to somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import in_handler, use_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    Expr,
    ExprStatement,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Throw,
    Unary,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FLUENT: Final = frozenset(
    "unref ref listen on once start setName pipe catch then finally run open addListener setEncoding".split()
)
"""Methods that give their own object back, or that only set it going."""
_NEUTRAL: Final = _FLUENT | frozenset(
    (
        "observe send write emit postMessage set_name setDaemon is_alive schedule watch add_done_callback "
        "addEventListener serve_forever bind settimeout get_name info listening address getConnections ping"
    ).split()
)
_USING: Final = frozenset(
    (
        "observe send write emit postMessage is_alive isAlive add_done_callback addEventListener settimeout info "
        "listening unref ref on once removeAllListeners removeListener removeEventListener query execute log poll "
        "getName post put patch head request ws_connect commit rollback executemany executescript cursor fetch "
        "fetchrow fetchval fetchone fetchall prepare pragma publish subscribe recv recvfrom sendall accept"
    ).split()
)
"""Methods that leave a thing as open as it was."""
GOODBYES: Final = frozenset(
    "stop quit exit close shutdown end terminate bye goodbye kill dispose finish cancel halt down".split()
)
"""Words of a message by which a process or a worker is told to end itself."""
_KEEPERS: Final = frozenset({"push", "add", "append", "set", "unshift", "appendleft", "extend", "insert", "add_task"})
_PREPARATION: Final = frozenset({"migrate", "migrations", "schema", "tables", "pragmas"})
"""Words of a function that makes a connection ready, and keeps nothing of it."""
_WRAPPERS: Final = frozenset({"bind", "partial", "debounce", "throttle", "partialmethod", "useCallback"})
_DEEPEST: Final = 8


class Fate(Struct, frozen=True):
    """``how`` is ``dropped``, ``kept`` (under ``name``: ``this.x`` or a variable) or ``handed`` to others."""

    how: str
    name: str = ""
    at: Node | None = None


HANDED: Final = Fate("handed")
DROPPED: Final = Fate("dropped")


def fates(module: Module, value: Expr, depth: int = 0) -> list[Fate]:
    """Return everything that becomes of a value; a local variable is followed to its uses."""
    if depth > _DEEPEST:
        return [HANDED]
    use = use_of(value)
    by = use.by
    if use.how == "dropped" or by is None:
        return [DROPPED] if use.how == "dropped" else [HANDED]
    if use.how == "receiver" and isinstance(by, Member):
        return _of_member(module, by, depth)
    if use.how == "assigned" and isinstance(by, Assign):
        return _of_target(module, by, depth)
    if use.how == "argument" and isinstance(by, Call):
        return [HANDED] if _is_the_hosts(module, by) else [_of_argument(by)]
    if isinstance(by, Array | Object | Conditional):
        return fates(module, by, depth + 1)
    return [HANDED]


def _of_member(module: Module, member: Member, depth: int) -> list[Fate]:
    call = member.parent
    if isinstance(call, Call) and call.callee is member:
        if member.name == "start" and module.language == "python":
            return [DROPPED] if isinstance(call.parent, ExprStatement) else [HANDED]
        if member.name in _FLUENT:
            return fates(module, call, depth + 1)
    return [HANDED]


def _of_target(module: Module, assign: Assign, depth: int) -> list[Fate]:
    target = strip(assign.target)
    if assign.declare == "using":
        return [HANDED]  # its block releases it
    if is_this_member(target) and isinstance(target, Member):
        return [Fate("kept", f"this.{target.name}", assign)]
    if isinstance(target, Member) and isinstance(strip(target.object), Name):
        return [Fate("kept", f"{_root(target)}.{target.name}", assign)]
    if isinstance(target, Member | Index):
        root = _root(target)
        return [Fate("kept", root, assign)] if root else [HANDED]
    if not isinstance(target, Name):
        return [HANDED]
    home = home_of(module, target.id, assign)
    if home is None or home is not function_of(assign):
        return [Fate("kept", target.id, assign)]
    return _of_local(module, target.id, assign, home, depth)


def home_of(module: Module, name: str, at: Node) -> Function | None:
    """Return the function whose own variable a name is as seen from a node; None for the top level."""
    function = function_of(at)
    while function is not None:
        if module.language == "python":
            said = re.search(rf"\b(?:global|nonlocal)\b[^\n]*\b{re.escape(name)}\b", module.text_of(function))
            if said is None and name in module.scopes.table(function):
                return function
        else:
            bound = module.scopes.table(function).get(name, ())
            if any(not isinstance(binding, Assign) or binding.declare for binding in bound):
                return function
        function = function.outer
    return None


def _of_local(module: Module, name: str, assign: Assign, home: Function, depth: int) -> list[Fate]:
    found: list[Fate] = []
    for node in walk(home.body):
        if isinstance(node, Name) and node.id == name and node is not assign.target and not _neutral(node):
            if _where_it_failed(node) or _prepares(node):
                continue
            inner = function_of(node)
            if inner is not home:
                if inner is not None and _hears_its_error(inner, name):
                    continue
                return [HANDED]  # a closure has it
            found.extend(fates(module, node, depth + 1))
    return found or [DROPPED]


def _where_it_failed(node: Name) -> bool:
    """Tell whether a use stands in a clause that hands the error on: what is done there is done for a failure alone."""
    handler = in_handler(node)
    return handler is not None and any(isinstance(one, Throw) for one in handler.body)


def _prepares(node: Name) -> bool:
    """Tell whether something is only made ready for use: ``migrate(connection)``."""
    call = node.parent
    made = (
        isinstance(call, Call)
        and any(arg is node for arg in call.args)
        and isinstance(call.parent, ExprStatement | Await)
    )
    return made and isinstance(call, Call) and bool(set(words(call.name)) & _PREPARATION)


def _hears_its_error(function: Function, name: str) -> bool:
    """Tell whether a function runs only when the thing itself fails: ``watcher.on("error", () => watcher.close())``."""
    call = function.parent
    if not isinstance(call, Call) or call.name not in ("on", "once", "addListener", "addEventListener"):
        return False
    event, holder = call.arg(0), strip(call.receiver) if call.receiver is not None else None
    return isinstance(event, Literal) and event.value == "error" and isinstance(holder, Name) and holder.id == name


def _neutral(node: Name) -> bool:
    """Tell whether a use of a variable only sets the thing going or asks it something."""
    parent = node.parent
    if isinstance(parent, Assign) and parent.target is node:
        return True
    if not isinstance(parent, Member):
        return False
    around = parent.parent
    if isinstance(around, Assign) and around.target is parent:
        return True
    if isinstance(around, Call) and around.callee is parent:
        return parent.name in _NEUTRAL
    return isinstance(around, Member)


def spoken(nodes: Node) -> set[str]:
    """Return the fields of ``this`` (``this.x``) and the variables that code speaks of."""
    found: set[str] = set()
    for node in walk(nodes):
        if isinstance(node, Member) and is_this_member(node):
            found.add(f"this.{node.name}")
        elif isinstance(node, Name) and node.id != "this":
            found.add(node.id)
    return found


def empties(assign: Assign) -> bool:
    """Tell whether an assignment only forgets what was there: ``this.timer = null`` and ``tasks = []`` stop nothing."""
    given = strip(assign.value) if assign.value is not None else None
    if isinstance(given, Array):
        return not given.items
    if isinstance(given, Object):
        return not given.entries
    return isinstance(given, Literal) and given.value is None


def only_used(node: Name | Member) -> bool:
    """Tell whether an expression stands where its thing is only asked or sent something, and is not released by it."""
    parent = node.parent
    if isinstance(parent, Assign) and parent.target is node:
        return empties(parent)
    if isinstance(parent, Assign) and parent.value is node and isinstance(parent.target, Name):
        return _local_only_used(parent.target, node)
    if _only_asked(node):
        return True
    if not isinstance(parent, Member) or parent.object is not node:
        return False
    call = parent.parent
    if isinstance(call, Assign) and call.target is parent:
        return parent.name.startswith("on")  # socket.onmessage = null
    if not isinstance(call, Call) or call.callee is not parent:
        return False
    if parent.name not in _USING and not (parent.name == "get" and _is_awaited(call)):
        return False
    said = {word for arg in call.args for word in words(_module_text(arg))}
    return said.isdisjoint(GOODBYES)


def _is_awaited(call: Call) -> bool:
    """Tell whether somebody is asked something, as no table is: ``async with session.get(url) as answer``."""
    return isinstance(call.parent, Await | With)


def _local_only_used(local: Name, node: Name | Member) -> bool:
    """Tell whether a field is given a local name under which it is only asked whether it is there, or is used."""
    function = function_of(node)
    if function is None or not is_this_member(node):
        return False
    uses = [one for one in walk(function.body) if isinstance(one, Name) and one.id == local.id and one is not local]
    return all(_only_asked(one) or (only_used(one) and isinstance(one.parent, Member)) for one in uses)


def _only_asked(node: Name | Member) -> bool:
    """Tell whether code only asks whether there is a thing at all: ``if self._task is not None:`` ends nothing."""
    parent = node.parent
    if isinstance(parent, Binary) and parent.op in _SAME:
        other = strip(parent.right if parent.left is node else parent.left)
        return (isinstance(other, Literal) and other.value is None) or (
            isinstance(other, Name) and other.id == "undefined"
        )
    if isinstance(parent, Unary) and parent.op == "not":
        return True
    return isinstance(parent, If) and parent.test is node


_SAME: Final = frozenset({"==", "!=", "===", "!==", "is", "is not"})


def _module_text(expr: Expr) -> str:
    module = _module_of(expr)
    return module.text_of(expr) if module is not None else ""


def _is_the_hosts(module: Module, call: Call) -> bool:
    """Tell whether something is put into a list of the context, which the host empties: ``subscriptions.push(x)``."""
    return call.receiver is not None and module.resolve(call.receiver).startswith("context.")


def _of_argument(call: Call) -> Fate:
    receiver = call.receiver
    if call.name in _KEEPERS and receiver is not None:
        root = _root(receiver)
        if root and root not in ("context", "ctx"):
            return Fate("kept", root, call)
    return HANDED


def _root(expr: Expr) -> str:
    """Return the field of ``this`` or the variable that a chain begins with, else an empty string."""
    expr = strip(expr)
    while isinstance(expr, Member | Index | Call):
        if isinstance(expr, Member) and is_this_member(expr):
            return f"this.{expr.name}"
        expr = strip(expr.callee if isinstance(expr, Call) else expr.object)
    return expr.id if isinstance(expr, Name) and expr.id != "this" else ""


def callbacks(call: Call) -> Iterator[Expr]:
    """Yield the arguments that are functions by their looks: literals, members of ``this``, bound ones."""
    for arg in (*call.args, *call.keywords.values()):
        value = strip(arg)
        if (
            isinstance(value, Function)
            or is_this_member(value)
            or (isinstance(value, Call) and value.name in _WRAPPERS)
        ):
            yield value
        elif isinstance(value, Name):
            module = _module_of(call)
            bound = module.scopes.lookup(value.id, value) if module is not None else []
            if bound and (isinstance(bound[-1], Function) or _made_function(bound[-1])):
                yield value


def _made_function(binding: object) -> bool:
    if not isinstance(binding, Assign) or binding.value is None:
        return False
    value = strip(binding.value)
    return isinstance(value, Function) or (isinstance(value, Call) and value.name in _WRAPPERS)


def _module_of(node: Node) -> Module | None:
    function = function_of(node)
    return function.module if function is not None else None
