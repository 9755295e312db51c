"""PAT364: a connection that is told not to look at its thread is used by several, and not always under the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, Literal, Member, With, strip
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_LOCKS: Final = frozenset({"lock", "mutex", "guard", "semaphore"})
_USES: Final = frozenset({"execute", "executemany", "executescript", "commit", "cursor"})
_BIRTHS: Final = frozenset({"__init__", "__enter__", "connect", "open"})


@module_check("PAT364", words={"thread"})
def connection_across_threads(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each connection that any thread may use for the lock that its uses need."""
    if module.is_test or module.language != "python":
        return
    for cls in module.classes:
        for assign in find(cls, Assign):
            held, made = assign.target, _made(module, assign)
            if not is_this_member(held) or not isinstance(made, Call) or not _any_thread(module, made):
                continue
            uses = [call for call in find(cls, Call) if call.name in _USES and _is_of(call.receiver, held.name)]
            bare = [call for call in uses if not _under_lock(call) and not _is_birth(call, cls)]
            locked = len(bare) < len([call for call in uses if not _is_birth(call, cls)]) or _locked(cls, held.name)
            if not bare:
                continue
            yield Match(
                bare[0] if locked else made,
                f"'{held.name}' may be used by any thread, and "
                + (
                    f"'{bare[0].name}' in line {bare[0].line} runs without the lock that its other uses take"
                    if locked
                    else "nothing keeps two threads from using it at once"
                )
                + ": statements and transactions of two callers are mixed.",
                related=((made, "opened for all threads"),) if locked else ((bare[0], "used here"),),
                confidence=None if locked else Confidence.POSSIBLE,  # perhaps one thread alone uses it
            )
            break


def _made(module: Module, assign: Assign) -> Expr | None:
    """Return what a field is given, where it was perhaps tried out under a name first."""
    made = module.scopes.origin(assign.value) if assign.value is not None else None
    return strip(made) if isinstance(made, Expr) else None


def _locked(cls: Class, name: str) -> bool:
    """Tell whether a field is looked at or emptied under the lock elsewhere."""
    return any(
        is_this_member(use)
        and use.name == name
        and _in_block(use)
        and getattr(function_of(use), "name", "") not in _BIRTHS
        for use in find(cls, Member)
    )


def _in_block(node: Node) -> bool:
    """Tell whether something stands in a ``with`` that takes a lock."""
    return any(
        isinstance(a, With) and any(path_words(value) & _LOCKS for value, _t in a.items) for a in ancestors(node)
    )


def _any_thread(module: Module, made: Call) -> bool:
    """Tell whether a connection is made without the check that only its own thread uses it."""
    told = made.keywords.get("check_same_thread")
    return module.resolve(made.callee) == "sqlite3.connect" and isinstance(told, Literal) and told.value is False


def _is_of(receiver: Expr | None, name: str) -> bool:
    receiver = strip(receiver) if receiver is not None else None
    return isinstance(receiver, Member) and is_this_member(receiver) and receiver.name == name


def _under_lock(call: Call) -> bool:
    """Tell whether a use stands in a ``with`` that takes a lock, or in a helper that is only called from there."""
    if _in_block(call):
        return True
    function = function_of(call)
    return function is not None and (_takes_lock(function) or _called_under_lock(function))


def _takes_lock(function: Function) -> bool:
    return any(call.name == "acquire" and path_words(call.callee) & _LOCKS for call in find(function.body, Call))


def _called_under_lock(function: Function) -> bool:
    """Tell whether every call of a private helper stands under the lock."""
    calls = [call for call in function.module.calls((function.name,)) if function_of(call) is not function]
    locked = [call for call in calls if _in_block(call)]
    return bool(calls) and len(locked) == len(calls)


def _is_birth(call: Call, cls: Class) -> bool:
    function = function_of(call)
    return function is not None and (function.name in _BIRTHS or function.name == "close")
