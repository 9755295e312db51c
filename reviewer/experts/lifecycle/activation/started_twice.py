"""LIF441: whether a plugin runs is asked before a wait, or outside of the lock, and it is started behind that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Unary,
    With,
    strip,
)
from reviewer.code.tables import is_tally, tables
from reviewer.code.walk import behind, calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.loading import brings_in
from reviewer.experts.lifecycle.hooks.doors import passages, ways
from reviewer.experts.lifecycle.hooks.hooks import HOOK_WORDS
from reviewer.experts.lifecycle.turns.in_turn import in_turn, is_lock

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.code.tables import Table

_IMPORTS: Final = frozenset({"importlib.import_module", "__import__"})
_MARKS: Final = frozenset({"set", "add", "push", "append", "setdefault"})


@module_check("LIF441", words=HOOK_WORDS | frozenset({"worker", "fork", "spawn", "popen"}))
def started_twice(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that starts one plugin for the question whether it runs already."""
    if module.is_test:
        return
    for function in module.functions:
        if not function.params or "start" not in ways(module, function):
            continue
        yield from _asked_before_a_wait(module, function)
        yield from _asked_outside(module, function)
        yield from _made_where_absent(module, function)


@module_check("LIF441", words={"get", "has", "import"})
def made_of_loaded_twice(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that loads the code of one plugin and makes something by it."""
    if module.is_test or b"import" not in module.source:
        return
    for function in module.functions:
        if function.params and function.asynchronous and "start" not in ways(module, function):
            yield from _made_of_loaded(module, function)


def _made_of_loaded(module: Module, function: Function) -> Iterator[Match]:
    """Find what is made by code that was just loaded, and entered only behind the wait for it: ``mod.create()``."""
    loaded = _loaded_names(module, function)
    if not loaded:
        return
    for look in find(function.body, If, into_functions=False):
        table = _looked_up(module, look.test, function, named=True) if not in_turn(look) else None
        writes = table.of("write") if table is not None else []
        for write in writes:
            if write.function is not function or not behind(write.node, look.test) or write.value is None:
                continue
            if table is None or not _made_by(module, write.value, loaded):
                continue
            waits = [
                one for one in find(function.body, Await) if behind(one, look.test) and not behind(one, write.node)
            ]
            inner = inside(write.node, look)
            if waits and (inner or exits(look.body)) and not _entered_before(table, function, look, waits[0]):
                yield _match(module, look, write.node, f"'{table.name}' is written only when the wait is over")
                return


def _loaded_names(module: Module, function: Function) -> set[str]:
    """Return the names that a function gives to code which it waits for and has not read yet."""
    found: set[str] = set()
    for assign in find(function.body, Assign, into_functions=False):
        value = assign.value
        while isinstance(value, Member):
            value = value.object  # const { create } = await import(path)
        if isinstance(value, Await) and any(
            brings_in(module, call) or any(module.resolve(arg) in _IMPORTS for arg in call.args)
            for call in calls_in(value, into_functions=False)
        ):
            found |= names_in(assign.target)
    return found


def _made_by(module: Module, value: Expr, loaded: set[str]) -> bool:
    """Tell whether something is what a function or a class of loaded code gives at once."""
    named = strip(value)
    given = module.scopes.lookup(named.id, named) if isinstance(named, Name) else []
    for made in [one.value for one in given if isinstance(one, Assign) and one.value is not None] or [named]:
        call = made if isinstance(made, Await) else strip(made)  # what is waited for is made by two as anything else
        root = strip(call.callee) if isinstance(call, Call) else call
        while isinstance(root, Member):
            root = strip(root.object)
        if isinstance(call, Call) and isinstance(root, Name) and root.id in loaded:
            return True
    return False


def _entered_before(table: Table, function: Function, look: If, wait: Await) -> bool:
    return any(
        one.function is function and one.node.start > look.start and not behind(one.node, wait)
        for one in table.of("write")
    ) and not any(inside(wait, one.node) for one in table.of("write"))


def _made_where_absent(module: Module, function: Function) -> Iterator[Match]:
    """Find what is begun and waited for where it is absent: ``if (!map.has(id)) map.set(id, await begin(id))``."""
    for look in find(function.body, If, into_functions=False) if function.asynchronous else ():
        asked = strip(look.test)
        absent = isinstance(asked, Unary) or (isinstance(asked, Binary) and asked.op in ("not in", "==", "is"))
        table = _looked_up(module, look.test, function, named=True) if absent and not in_turn(look) else None
        if table is None or exits(look.body):
            continue
        wait = next((one for one in find(look.body, Await, into_functions=False) if _begins(module, one)), None)
        entered = [one.node for one in table.of("write") if one.function is function and inside(one.node, look)]
        if wait is None or not entered or any(behind(wait, one) for one in entered):
            continue
        if not _noted(module, function, look, wait) or inside(wait, entered[0]):
            yield _match(module, look, entered[0], f"'{table.name}' is written only when the wait is over")


def _begins(module: Module, wait: Await) -> bool:
    """Tell whether what is waited for brings a guest to life."""
    call = strip(wait.value)
    target = definition(module, call.callee) if isinstance(call, Call) else None
    return isinstance(target, Function) and "start" in ways(module, target)


def _asked_before_a_wait(module: Module, function: Function) -> Iterator[Match]:
    if not function.asynchronous:
        return
    for look in find(function.body, If, into_functions=False):
        table = _looked_up(module, look.test, function) if exits(look.body) else None
        if table is None or in_turn(look) or _leaves_where_absent(look.test):
            continue
        wait = next((one for one in find(function.body, Await) if behind(one, look)), None)
        entered = _entered(module, function, table, look)
        if wait is None or entered is None or _noted(module, function, look, wait):
            continue
        if wait.start < entered.start and not inside(wait, entered) and not inside(entered, wait):
            yield _match(module, look, entered, f"'{table.name}' is written only behind a wait")


def _leaves_where_absent(test: Expr) -> bool:
    """Tell whether a function goes on only with what is there: ``if (!map.has(id)) return`` in front of a restart."""
    asked = strip(test)
    if isinstance(asked, Unary) and asked.op in ("!", "not"):
        return not isinstance(strip(asked.operand), Unary | Binary) or _asks_for_member(strip(asked.operand))
    if not isinstance(asked, Binary):
        return False
    nothing = isinstance(strip(asked.right), Literal) and getattr(strip(asked.right), "value", "") is None
    nothing = nothing or (isinstance(strip(asked.right), Name) and getattr(strip(asked.right), "id", "") == "undefined")
    return asked.op == "not in" or (asked.op in ("==", "===", "is") and nothing)


def _asks_for_member(asked: Expr) -> bool:
    return isinstance(asked, Binary) and asked.op == "in"


def _entered(module: Module, function: Function, table: Table, look: If) -> Node | None:
    """Return where a function enters in the table what it starts, itself or by a call of a helper."""
    writes = table.of("write")
    own = [one.node for one in writes if one.function is function and one.node.start > look.start]
    if own:
        return own[0]
    for call in passages(function):
        helper = definition(module, call.callee)
        if helper is not function and any(one.function is helper for one in writes) and call.start > look.start:
            return call
    return None


def _looked_up(module: Module, test: Expr, function: Function, *, named: bool = False) -> Table | None:
    """Return the table in which a test, or what it is ``named`` after, looks for the key that the function was told."""
    keys = {param.name for param in function.params}
    for table in tables(module):
        if is_tally(table):
            continue  # how often it failed is not whether it runs
        for access in table.of("has", "read"):
            key = strip(access.key) if access.key is not None else None
            asked = inside(access.node, test) or (named and _named_in(access.node, test))
            if asked and isinstance(key, Name) and key.id in keys and not _of_one_round(table, function):
                return table
    return None


def _of_one_round(table: Table, function: Function) -> bool:
    """Tell whether a table lives in one call of a function alone, which waits for each call of the one at hand."""
    around = function.outer
    if table.scope is None or table.scope is not around or not function.name:
        return False
    named = [one for one in find(around.body, Name) if one.id == function.name and one.parent is not function]
    calls = [one.parent for one in named if isinstance(one.parent, Call) and one.parent.callee is one]
    if any(function_of(call) not in (around, function) for call in calls):
        return False  # whoever holds the inner function that calls may do so twice at a time
    meant = [one for one in named if not (isinstance(one.parent, Assign) and one.parent.target is one)]
    return len(calls) == len(meant) and all(isinstance(call.parent, Await) for call in calls)


def _named_in(access: Node, test: Expr) -> bool:
    """Tell whether a test asks a name that was given what the table holds: ``const one = map.get(id); if (!one)``."""
    kept = access.parent
    name = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
    return bool(name) and any(one.id == name for one in find(test, Name))


def _noted(module: Module, function: Function, look: If, wait: Await) -> bool:
    """Tell whether something is written down between the question and the wait, for those who come meanwhile."""
    for table in tables(module):
        for access in table.of("write"):
            if access.function is function and look.start < access.node.start and not behind(access.node, wait):
                return True
    return any(
        isinstance(one.target, Member | Index) and look.start < one.start < wait.start
        for one in find(function.body, Assign)
    )


def _asked_outside(module: Module, function: Function) -> Iterator[Match]:
    """Find a question in front of a lock that is not asked again behind it."""
    for block in find(function.body, With, into_functions=False):
        starts = [call for call in passages(function) if inside(call, block)]
        if not starts or not any(is_lock(module, value) for value, _ in block.items):
            continue
        for look in siblings(block):
            if not isinstance(look, If) or look.start > block.start or not exits(look.body):
                continue
            asked = next(_questions(module, look.test, function), None)
            if asked is not None and not any(_asks_again(module, asked, block, call) for call in starts):
                yield _match(module, look, starts[0], "behind the lock nobody asks again")


def _questions(module: Module, test: Expr, function: Function) -> Iterator[tuple[str, str]]:
    """Yield (what is asked, whom it is asked of) for calls of a test that are told of a plugin."""
    keys = {param.name for param in function.params}
    for call in calls_in(test):
        key = strip(call.args[0]) if call.args else None
        if isinstance(key, Name) and key.id in keys and isinstance(definition(module, call.callee), Function):
            yield module.text_of(call.callee), key.id
    for node in find(test, Binary):
        key = strip(node.left)
        if node.op in ("in", "not in") and isinstance(key, Name) and key.id in keys:
            yield module.text_of(node.right), key.id


def _asks_again(module: Module, asked: tuple[str, str], block: With, start: Call) -> bool:
    """Tell whether the same is asked of the same plugin behind the lock, there or in the function that starts it."""
    what, key = asked
    if any(_same(module, node, what, key) for node in find(block.body, Call)) or any(
        _same(module, node, what, key) for node in find(block.body, Binary)
    ):
        return True
    helper = definition(module, start.callee)
    if not isinstance(helper, Function):
        return False
    told = [
        param.name
        for param, arg in zip(helper.params, start.args, strict=False)
        if isinstance(strip(arg), Name) and getattr(strip(arg), "id", "") == key
    ]
    nodes = [*find(helper.body, Call), *find(helper.body, Binary)]
    return any(_same(module, node, what, name) for node in nodes for name in told)


def _same(module: Module, node: Node, what: str, key: str) -> bool:
    if isinstance(node, Call):
        first = strip(node.args[0]) if node.args else None
        return module.text_of(node.callee) == what and isinstance(first, Name) and first.id == key
    if not isinstance(node, Binary) or node.op not in ("in", "not in"):
        return False
    left = strip(node.left)
    return module.text_of(node.right) == what and isinstance(left, Name) and left.id == key


def _match(module: Module, look: If, start: Node, why: str) -> Match:
    return Match(
        look.test,
        f"'{short(module.text_of(look.test))}' is asked here, and {why}: two that ask at the same time both start the "
        "plugin, and one of the two instances is lost.",
        related=((start, "started behind it"),),
    )
