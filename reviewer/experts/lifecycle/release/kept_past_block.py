"""LIF450: what a block closes at its end is kept beyond it, by the object around or by the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Return,
    Try,
    With,
    Yield,
    strip,
)
from reviewer.code.walk import behind, calls_in, class_of, find, function_of, walk
from reviewer.core.scale import Severity
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Node
    from reviewer.experts.check import Inquiry

_STACKS: Final = frozenset({"ExitStack", "AsyncExitStack", "DisposableStack", "AsyncDisposableStack"})
_CLOSED: Final = _STACKS | frozenset(
    "open fdopen socket create_connection ClientSession AsyncClient Client Session TemporaryDirectory "
    "NamedTemporaryFile TemporaryFile ThreadPoolExecutor ProcessPoolExecutor Pool ZipFile TarFile urlopen Popen "
    "mmap SMTP IMAP4_SSL FTP open_connection TaskGroup create_task_group".split()
)
"""Calls that give what the end of a ``with`` makes useless."""
_GIVES_BACK: Final = frozenset({"release", "close", "end", "dispose", "destroy", "quit", "aclose", "disconnect"})
_MOVES: Final = frozenset({"pop_all", "move"})
_ENDS: Final = frozenset({"close", "aclose", "dispose", "disposeAsync", "pop_all"})


@module_check(
    "LIF450",
    words={"stack", "open", "session", "client", "temporary", "executor", "socket", "using", "group", "finally"},
)
def kept_past_block(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what ``with`` and ``using`` close for fields and answers that hold it afterwards."""
    if module.is_test:
        return
    for block, name, stack in (*_closed_at_end(module), *_lent(module)):
        kept = _kept(module, block, name, stack=stack)
        if kept is not None:
            what = "every registration that it holds is undone" if stack else "it is closed"
            how = "is answered with" if isinstance(kept, Return) else "is kept"
            yield Match(
                kept,
                f"'{name.id}' {how} here, and when the block that opened it at line {name.line} ends, {what}: who "
                "uses it later has nothing in hand.",
                related=((name, "opened for this block"),),
                severity=Severity.HIGH if stack else None,
            )


def _closed_at_end(module: Module) -> Iterator[tuple[list[Node], Name, bool]]:
    """Yield the statements of a block, with the name of what is closed where they end, and whether it is a stack."""
    for block in module.all(With):
        for value, target in block.items:
            call = _made(value)
            if call is not None and isinstance(target, Name) and call.name in _CLOSED:
                yield [*block.body], target, call.name in _STACKS
    for made in module.all(Assign):
        call = _made(made.value) if made.declare == "using" and made.value is not None else None
        function = function_of(made)
        if call is not None and isinstance(made.target, Name) and function is not None and function.body:
            yield [one for one in function.body if behind(one, made)], made.target, call.name in _STACKS


def _lent(module: Module) -> Iterator[tuple[list[Node], Name, bool]]:
    """Yield the body of a function that is lent something, where who calls it gives that back right after.

    ``withClient(pool, (client) => …)``, where ``withClient`` waits for its function and then releases.
    """
    for work in module.functions:
        call = work.parent
        if not isinstance(call, Call) or work not in call.args or len(work.params) != 1 or not work.body:
            continue
        lender = definition(module, call.callee)
        place = call.args.index(work)
        if not isinstance(lender, Function) or place >= len(lender.params):
            continue
        run = lender.params[place].name
        lent = {
            held.id
            for one in calls_in(lender.body, into_functions=False)
            if one.name == run and one.receiver is None and len(one.args) == 1
            if isinstance(held := strip(one.args[0]), Name)
        }
        given = next((use for use in find(work.body, Name) if use.id == work.params[0].name), None)
        if given is not None and any(
            isinstance(back := strip(one.receiver) if one.receiver is not None else None, Name) and back.id in lent
            for guard in find(lender.body, Try)
            for one in calls_in(guard.final)
            if one.name in _GIVES_BACK
        ):
            yield [*work.body], given, False


def _made(value: Expr) -> Call | None:
    value = strip(value)
    while isinstance(value, Await):
        value = strip(value.value)
    return value if isinstance(value, Call) else None


def _kept(module: Module, block: list[Node], name: Name, *, stack: bool) -> Node | None:
    """Return where a name is kept beyond its block, surely: in a field that nobody empties, or as the answer."""
    if any(call.name in _MOVES and _is(call.receiver, name) for call in calls_in(block)):
        return None
    for node in walk(block, into_functions=False):
        if isinstance(node, Return) and node.value is not None and _holds(node.value, name, stack=stack):
            return node
        if isinstance(node, Assign) and is_this_member(node.target) and node.value is not None:
            cls = class_of(node)
            if _holds(node.value, name, stack=stack) and cls is not None and _outlives(module, cls, node, block):
                return node
    return None


def _holds(value: Expr, name: Name, *, stack: bool) -> bool:
    """Tell whether a value is what a name holds, has it as a member, or, of a stack, is what ends it."""
    value = strip(value)
    if _is(value, name):
        return True
    if stack and isinstance(value, Member):
        return value.name in _ENDS and _is(value.object, name)
    if isinstance(value, Array):
        return any(_is(item, name) for item in value.items)
    return isinstance(value, Object) and any(_is(item, name) for _key, item in value.entries)


def _is(expr: Expr | None, name: Name) -> bool:
    return expr is not None and isinstance(found := strip(expr), Name) and found.id == name.id


def _outlives(module: Module, cls: Class, kept: Assign, block: list[Node]) -> bool:
    """Tell whether a field is used by others when the block has ended: nothing runs in it, and nothing empties it."""
    function = function_of(kept)
    target = kept.target
    if function is None or not isinstance(target, Member):
        return False
    others = [one for one in cls.methods if one is not function and one.kind != "constructor"]
    if not any(isinstance(one, Member) and one.name == target.name for method in others for one in walk(method.body)):
        return False
    later = [one for one in walk(block) if behind(one, kept)]
    if any(_empties(one, target.name) for one in walk(function.body) if behind(one, kept)):
        return False
    if any(isinstance(one, Yield) for one in later):
        return False
    return is_starter(function.name) or not any(isinstance(one, Call | Await) for one in later)


def _empties(node: Node, field: str) -> bool:
    if not isinstance(node, Assign) or not isinstance(node.target, Member) or node.target.name != field:
        return False
    value = strip(node.value) if node.value is not None else None
    return (isinstance(value, Literal) and value.value is None) or (isinstance(value, Name) and value.id == "undefined")
