"""LIF022: the promise of a load is kept for later callers also when the load fails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, in_handler, returns_of
from reviewer.code.reach.links import definition, is_async
from reviewer.code.reach.promises import declared_promise
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Expr,
    Function,
    Handler,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Throw,
    Try,
    strip,
    uncast,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, walk
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.loading import swallows
from reviewer.experts.lifecycle.failures.own_parts import loads_own_part
from reviewer.experts.lifecycle.failures.remembered_work import remembers_promise
from reviewer.experts.lifecycle.vocabulary import has_word
from reviewer.experts.patterns.keepers import keeper_of, keepers

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.tables import Access, Table

_LOADING: Final = frozenset(
    (
        "load import fetch download open connect activate boot start instantiate resolve prepare bring launch init "
        "initialize initialise install request setup spawn loader"
    ).split()
)
_TASKS: Final = frozenset({"create_task", "ensure_future", "submit", "run_coroutine_threadsafe", "run_in_executor"})
_REACTIONS: Final = frozenset({"catch", "then", "finally", "add_done_callback"})
_TELLS_FAILURE: Final = frozenset({"exception", "cancelled", "failed", "rejected", "error", "reason", "broken"})
"""Members of what is kept by which it tells that it has failed."""


@module_check("LIF022", words=_LOADING | {"promise", "async", "map"})
def failed_load_cached(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a promise is put into a table that keeps it, and no rejection takes it out."""
    if module.is_test or not _hands_out_promises(module):
        return
    for table in tables(module):
        if table.kind != "map" or _taken_out_on_failure(table):
            continue
        if not table.of("read") and not any(_fills_gap(access) for access in table.of("write")):
            continue
        for access in table.of("write"):
            call = _promise(module, table, access)
            if call is not None and _remembered(module, table, access) and not _reacts(module, access, call):
                if _begun_anew_when_over(table, access) or _begun_anew_when_failed(table, access):
                    continue
                if call.name in _TASKS and not _asked_for_answer(table, access):
                    continue
                yield Match(
                    access.node,
                    f"'{table.name}' keeps the promise of '{module.text_of(call.callee)}' also when it is rejected: "
                    "after one failed load every later caller gets the same error.",
                )
                break


def _asked_for_answer(table: Table, access: Access) -> bool:
    """Tell whether somebody waits for what a task gives, or is handed it; else it is work, and nobody's answer."""
    for one in (*table.of("read"), access):
        function = one.function
        names = {
            kept.target.id for kept in ancestors(one.node) if isinstance(kept, Assign) and isinstance(kept.target, Name)
        }
        if any(isinstance(around, Await | Return) for around in ancestors(one.node)):
            return True
        given = strip(one.value) if one.value is not None else None
        names |= {given.id} if isinstance(given, Name) else set()
        if names and function is not None:
            for node in find(function.body, Name):
                if node.id in names and any(isinstance(around, Await | Return) for around in ancestors(node)):
                    return True
    return False


def _begun_anew_when_over(table: Table, access: Access) -> bool:
    """Tell whether what stands there only counts while it runs: ``if running and not running.done(): raise``."""
    for read in table.of("read"):
        kept = read.node.parent
        if isinstance(kept, Member) and kept.name == "done" and read.function is access.function:
            return True  # if not tasks[uid].done(): return
        name = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
        if read.function is not access.function or not name or read.function is None:
            continue
        for look in find(read.function.body, If, into_functions=False):
            asked = [call.receiver for call in find(look.test, Call) if call.name == "done"]
            over = any(isinstance(one, Name) and one.id == name for one in asked)
            if over and any(isinstance(step, Throw) for step in look.body):
                return True
    return False


def _begun_anew_when_failed(table: Table, access: Access) -> bool:
    """Tell whether what stands there is made anew where it has failed: ``if job is None or job.exception(): …``."""
    held = {
        kept.target.id
        for read in table.of("read")
        if read.function is access.function
        for kept in ancestors(read.node)
        if isinstance(kept, Assign) and isinstance(kept.target, Name)
    }
    return any(
        isinstance(node, Member) and node.name in _TELLS_FAILURE and isinstance(one := strip(node.object), Name)
        and one.id in held
        for condition in conditions(access.node)
        for node in walk(condition.test)
    )  # fmt: skip


def _hands_out_promises(module: Module) -> bool:
    return not module.identifiers.isdisjoint(
        {"Map", "WeakMap", "dict", "Promise", "async", "defaultdict", "Dict", "then", *_TASKS}
    )


def _promise(module: Module, table: Table, access: Access) -> Call | None:
    """Return the call whose promise is written without having been awaited."""
    value: Expr | None = uncast(access.value) if access.value is not None else None
    if isinstance(value, Assign) and value.value is not None:
        value = uncast(value.value)  # jobs.set(id, (job = load(id)))
    anew = _made_where_absent(module, table, access)
    if anew is not None:
        value = anew
    elif isinstance(value, Name):
        record = module.scopes.origin(value)
        value = record if isinstance(record, Object) else _unawaited(module, access, value)
    if isinstance(value, Object):  # { answer, since: now() }
        held = (_unawaited(module, access, uncast(one)) for _key, one in value.entries)
        return next((one for one in held if one is not None and _surely_promise(module, one)), None)
    if not isinstance(value, Call) or _never_rejects(module, value):
        return None
    if _is_promise(module, table, access, value) or (_is_unknown(module, value) and _waited_for(module, access)):
        return value
    return None


def _is_unknown(module: Module, call: Call) -> bool:
    """Tell whether a call runs what somebody handed in, of which the subject doesn't say what it gives."""
    called = strip(call.callee)
    given = isinstance(called, Name) and isinstance(module.scopes.origin(called), Param)
    return module.language != "python" and not call.new and given and is_async(module, call) is None


def _waited_for(module: Module, access: Access) -> bool:
    """Tell whether those who are handed what a table keeps wait for it: it holds promises."""
    function = access.function
    if function is None or function.asynchronous or not function.name:
        return False
    calls = [call for call in module.calls((function.name,)) if definition(module, call.callee) is function]
    return bool(calls) and all(isinstance(call.parent, Await) for call in calls)


def _never_rejects(module: Module, call: Call) -> bool:
    """Tell whether a promise is kept already, or that of a function which catches whatever goes wrong in it."""
    if module.resolve(call.callee) == "Promise.resolve":
        return True
    step = strip(call.args[0]) if call.args else None
    if call.new and call.name == "Promise" and isinstance(step, Function):
        return len(step.params) == 1 and (step.asynchronous or not any(find(step.body, Throw)))
    before = strip(call.receiver) if call.receiver is not None else None
    if call.name == "catch" and isinstance(step, Function):
        return not any(find(step.body, Throw)) and "reject" not in module.text_of(step)
    if call.name == "then" and len(call.args) == 1 and isinstance(before, Call) and isinstance(step, Function):
        return _never_rejects(module, before) and _hears_all(step)
    target = definition(module, call.callee)
    return isinstance(target, Function) and target.asynchronous and _hears_all(target)


def _hears_all(target: Function) -> bool:
    """Tell whether a function catches whatever goes wrong in it."""
    risky = [step for step in target.body if any(True for _ in calls_in(step))]
    return bool(risky) and all(
        isinstance(step, Try) and bool(step.handlers) and all(map(swallows, step.handlers)) for step in risky
    )


def _unawaited(module: Module, access: Access, value: Expr) -> Call | None:
    """Return the call that a value, or the one assignment of its name, is, where nobody waits for it."""
    if isinstance(value, Name):
        bindings = module.scopes.table(function_of(access.node)).get(value.id, [])
        values = [b.value for b in bindings if isinstance(b, Assign) and b.value is not None]
        made = [uncast(v) for v in values if isinstance(uncast(v), Call) and not _reads(v)]
        value = made[-1] if len(made) == 1 else value
    return value if isinstance(value, Call) else None


def _surely_promise(module: Module, call: Call) -> bool:
    """Tell whether a call is known to give a promise, not only by what it is called."""
    if call.name in _REACTIONS | _TASKS or (isinstance(call.callee, Function) and call.callee.asynchronous):
        return True
    known = is_async(module, call) if module.language != "python" else None
    handed = known is None and (declared_promise(module, call) or _handed_in_asynchronous(module, call))
    return known is True or handed


def _made_where_absent(module: Module, table: Table, access: Access) -> Expr | None:
    """Return ``load()`` of ``table.get(key) ?? load()``, which is put under its key whether it was there or not."""
    value = module.scopes.origin(access.value) if access.value is not None else None
    if not isinstance(value, Binary) or value.op not in ("??", "or"):
        return None
    made = uncast(value.right)
    asked = any(inside(read.node, value.left) for read in table.of("read"))
    return made if asked and isinstance(made, Call) and not made.new else None


def _reads(value: Expr) -> bool:
    value = strip(value)
    return isinstance(value, Call) and value.name == "get"


def _answers_at_once(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject gives what it has at hand, whatever it is called: ``resolve(event)``."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.asynchronous or target.returns:
        return False
    given = [strip(one.value) for one in returns_of(target) if one.value is not None]
    return bool(given) and all(isinstance(one, Literal | Member | Index | Function) for one in given)


def _is_promise(module: Module, table: Table, access: Access, call: Call) -> bool:
    if call.name in _TASKS:
        return True
    root = call
    while root.name in _REACTIONS and isinstance(inner := strip(root.receiver) if root.receiver else None, Call):
        root = inner
    if root.name == "import":
        return not loads_own_part(root)
    if module.resolve(call.callee) in ("fetch", "import"):
        return True
    if call.name in _REACTIONS or (isinstance(call.callee, Function) and call.callee.asynchronous):
        return True
    known = is_async(module, call)
    handed = known is None and (declared_promise(module, call) or _handed_in_asynchronous(module, call))
    if handed or (known is None and remembers_promise(module, call)):
        return True
    declared = getattr(table.declared, "type", "")
    if "Promise<" in declared or _promise_map(module, table):
        return known is not False or not has_word(call.name, frozenset({"resolve"}))
    if module.language == "python" or known is not None:
        return known is True and module.language != "python"
    if declared and not {"any", "unknown"} & set(words(declared)):
        return False  # the type of the table says what is kept, and it is no promise
    if _knows_better(module, access, call) or _answers_at_once(module, call):
        return False
    return has_word(call.name, _LOADING) and not call.new and module.resolve(call.callee).split(".")[0] not in _SYNC


def _knows_better(module: Module, access: Access, call: Call) -> bool:
    """Tell whether the function waits for another call of the same object, and so does not for this one on purpose."""
    function, receiver = access.function, call.receiver
    if function is None or receiver is None:
        return False
    waited = (strip(one.value) for one in find(function.body, Await, into_functions=False))
    asked = (one.receiver for one in waited if isinstance(one, Call) and one is not call)
    return any(one is not None and module.text_of(one) == module.text_of(receiver) for one in asked)


def _handed_in_asynchronous(module: Module, call: Call) -> bool:
    """Tell whether what a helper calls, and keeps the answer of, is asynchronous where somebody hands it in."""
    kept = next((one for one in keepers(module).values() if inside(call, one.function)), None)
    called = strip(call.callee)
    if kept is None or not isinstance(called, Name) or called.id != kept.work.name or module.project is None:
        return False
    name, position = kept.function.name, kept.function.params.index(kept.work)
    others = module.project.modules(naming={name}, tests=False, using=module.path) if name else ()
    for other in (module, *others):
        for user in other.calls((name,)):
            given = user.arg(position, kept.work.name)
            work = definition(other, given) if given is not None and keeper_of(other, user) is not None else None
            if isinstance(work, Function) and (work.asynchronous or answers_with_promise(other, work)):
                return True
    return False


def answers_with_promise(module: Module, work: Function) -> bool:
    """Tell whether a function answers with the promise of another: ``(id) => this.fetch(id)``."""
    answers = [strip(one.value) for one in returns_of(work) if one.value is not None]
    return any(isinstance(one, Call) and is_async(module, one) is True for one in answers)


_SYNC: Final = frozenset("require JSON fs path Object Math yaml url os sqlite3 semver".split())


def _promise_map(module: Module, table: Table) -> bool:
    value = getattr(table.declared, "value", None)
    return value is not None and "Promise<" in module.text_of(value)


def _remembered(module: Module, table: Table, access: Access) -> bool:
    """Tell whether the write is skipped when the key is there: the table is a memory, not a log of attempts."""
    if _made_where_absent(module, table, access) is not None:
        return True
    if isinstance(access.node, Call) and access.node.name == "setdefault":
        return True
    tests = [condition.test for condition in conditions(access.node)]
    function = access.function
    handler = in_handler(access.node)
    tried = handler.parent if handler is not None else None
    if isinstance(tried, Try) and any(inside(read.node, one) for read in table.of("read") for one in tried.body):
        return True  # try: task = tasks[name]; except KeyError: …
    for other in table.of("has", "read"):
        if other.function is function and (
            any(inside(other.node, test) for test in tests) or _tested_name(other, tests)
        ):
            return True
    return _fills_gap(access)


def _fills_gap(access: Access) -> bool:
    """Tell whether something is put into a table where nothing stands, and read else: ``table[id] ??= load()``."""
    return isinstance(access.node, Assign) and access.node.op in ("??=", "||=")


def _tested_name(read: Access, tests: list[Expr]) -> bool:
    for around in ancestors(read.node):
        if isinstance(around, Assign) and isinstance(around.target, Name):
            name = around.target.id
            return any(isinstance(n, Name) and n.id == name for test in tests for n in walk(test))
        if isinstance(around, Function):
            return False
    return False


def _taken_out_on_failure(table: Table) -> bool:
    """Tell whether some removal from the table stands where failures are handled."""
    return any(_on_failure(access.node) for access in table.of("delete", "clear"))


def _on_failure(node: Node) -> bool:
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Handler) or (isinstance(around, Try) and any(inner is s for s in around.final)):
            return True
        if isinstance(around, Function):
            if isinstance(around.parent, Call) and around.parent.name in _REACTIONS and not _on_success(around):
                return True
            if function_of(around) is None or around.owner is not None:
                return _handed_as_reaction(around)
            if _handed_as_reaction(around):
                return True
        inner = around
    return False


def _on_success(function: Function) -> bool:
    """Tell whether a callback only runs when all went well: the first that ``then`` is given."""
    chain = function.parent
    return isinstance(chain, Call) and chain.name == "then" and bool(chain.args) and chain.args[0] is function


def _handed_as_reaction(function: Function) -> bool:
    """Tell whether a named function is given to ``catch``, ``finally`` or ``add_done_callback``."""
    module = function.module
    return any(
        (isinstance(node, Name) and node.id == function.name)
        or (isinstance(node, Member) and getattr(node, "name", "") == function.name)
        for call in module.calls(_REACTIONS)
        for arg in call.args
        for node in walk(arg)
    )  # fmt: skip


def _reacts(module: Module, access: Access, call: Call) -> bool:
    """Tell whether the kept promise itself never rejects or takes itself out: ``load().catch(forget)``."""
    chain: Call | None = call
    while chain is not None and chain.name in _REACTIONS:
        for arg in chain.args:
            if not isinstance(arg, Function) and has_word(
                module.text_of(arg), frozenset({"forget", "delete", "drop", "evict"})
            ):
                return True
        receiver = chain.receiver
        chain = strip(receiver) if isinstance(receiver, Expr) and isinstance(strip(receiver), Call) else None  # type: ignore[assignment]  # a Call by the test
    return False
