"""PAT631: what several threads of a pool run reads a field, adds to it and writes it back, with no lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.reach.elsewhere import handed_call
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Comprehension, Function, Index, Literal, Member, Name, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.lifecycle.targets import target_function
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_HANDS: Final = frozenset({"submit", "run_in_executor", "to_thread", "run_sync", "run_in_threadpool"})
_POOLS: Final = frozenset({"pool", "executor", "workers", "threads"})
_POOL_TYPES: Final = frozenset({"ThreadPoolExecutor", "ThreadPool"})
_LOCKS: Final = frozenset("lock mutex guard semaphore sem rlock condition cond gate serial".split())
_DEEPEST: Final = 2


@module_check("PAT631", words={"threadpool", "executor", "thread", "threads", "pool"})
def counted_in_threads(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look, in what a pool of threads runs, for fields that are changed by what they held before."""
    if module.is_test or module.language != "python":
        return
    told: set[int] = set()
    for call in module.all(Call):
        work = _work(module, call)
        function = target_function(module, work) if work is not None else None
        if function is None or function.asynchronous:
            continue
        for change in _changes(module, function, _DEEPEST):
            if id(change) in told:
                continue
            told.add(id(change))
            yield Match(
                change,
                f"'{module.text_of(change.target)}' is read, changed and written back here, and several threads run "
                f"'{function.name}' at once: what one of them adds is lost when another writes in between.",
                related=((call, "run by threads here"),),
            )


def _work(module: Module, call: Call) -> Expr | None:
    """Return the function that a call has several threads run."""
    handed = handed_call(call) if call.name in _HANDS else None
    if handed is not None:
        pool = call.args[0] if call.name == "run_in_executor" else call.receiver if call.name == "submit" else None
        return None if pool is not None and not _of_many_threads(module, pool) else handed.callee
    if call.name in ("map", "imap", "imap_unordered", "map_async") and call.receiver is not None and call.args:
        pooled = set(last_words(call.receiver)) & _POOLS
        return call.args[0] if pooled and _of_many_threads(module, call.receiver) else None
    if module.resolve(call.callee) == "threading.Thread" and _repeated(call):
        return call.arg(1, "target")
    return None


def _repeated(call: Call) -> bool:
    return enclosing_loop(call) is not None or any(isinstance(one, Comprehension) for one in ancestors(call))


def _of_many_threads(module: Module, pool: Expr) -> bool:
    """Tell whether a pool is one of threads, and of more than one of them; the pool of the loop (None) is."""
    pool = strip(pool)
    if isinstance(pool, Literal):
        return pool.value is None
    made = module.scopes.origin(pool)
    if not isinstance(made, Call):
        return False
    size = made.arg(0, "max_workers") if made.name != "ThreadPool" else made.arg(0, "processes")
    most = module.scopes.origin(size) if size is not None else None
    return made.name in _POOL_TYPES and not (isinstance(most, Literal) and most.value == 1)


def _changes(module: Module, function: Function, depth: int) -> Iterator[Assign]:
    """Yield the changes of fields by what they held, in a function or in the methods beside it that it calls."""
    if any(call.name == "acquire" for call in calls_in(function.body)):
        return
    for assign in find(function.body, Assign, into_functions=False):
        if _is_of_object(assign.target) and _follows_itself(module, assign) and not _is_held(assign):
            yield assign
    for call in calls_in(function.body, into_functions=False) if depth else ():
        inner = target_function(module, call.callee) if is_this_member(call.callee) else None
        if inner is not None and inner is not function and not inner.decorators and not _is_held(call):
            yield from _changes(module, inner, depth - 1)


def _is_of_object(target: Expr) -> bool:
    held = strip(target)
    held = strip(held.object) if isinstance(held, Index) else held
    return is_this_member(held)


def _follows_itself(module: Module, assign: Assign) -> bool:
    """Tell whether a new value is made of the old one: ``self.n += 1``, ``self.by[k] = self.by.get(k, 0) + 1``."""
    if assign.op not in ("=", ":=", "??=", "||=", "&&="):
        return True
    target, value = strip(assign.target), assign.value
    if value is None or assign.op != "=":
        return False
    text = module.text_of(target)
    if any(module.text_of(one) == text for kind in (Member, Index) for one in find(value, kind)):
        return True
    gets = (call for call in find(value, Call) if call.name == "get" and call.receiver is not None and call.args)
    return isinstance(target, Index) and any(
        module.text_of(one.receiver) == module.text_of(target.object)
        and module.text_of(one.args[0]) == module.text_of(target.key)
        for one in gets
        if one.receiver is not None
    )


def _is_held(node: Node) -> bool:
    """Tell whether a node stands in a block that holds a lock, by its name."""
    return any(
        isinstance(around, With) and any(_locks(value) for value, _target in around.items) for around in ancestors(node)
    )


def _locks(value: Expr) -> bool:
    held = strip(value)
    held = held.callee if isinstance(held, Call) else held
    name = held.name if isinstance(held, Member) else held.id if isinstance(held, Name) else ""
    return bool(_LOCKS & set(words(name)))
