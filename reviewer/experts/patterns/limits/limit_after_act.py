"""PAT020: the limit is looked at after what it should have prevented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions, exits, use_of
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Await, Binary, Call, Delete, If, Index, Member, Name, Node, Throw
from reviewer.code.walk import calls_in, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.patterns.limits.limit_shared import QUOTAS
from reviewer.experts.patterns.vocabulary import spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 8
"""Tests that are looked at in one function."""
_ACTS: Final = frozenset(
    "set put write save send append insert upload store fetch execute run invoke call publish post emit writeFile "
    "write_text write_bytes add push setItem create deliver transfer dispatch".split()
)
_COUNTS: Final = QUOTAS | word_set(
    "len count counts counter total size length sizes sent written stored used usage taken sum kept"
)
_LIMITS: Final = word_set("quota limit max maximum budget allowance cap most room space capacity ceiling allotment")


@module_check("PAT020", words=_LIMITS | {"quotas", "limits"})
def limit_after_act(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where something is stored or sent and then refused."""
    if module.is_test:
        return
    for function in module.functions:
        looked = 0
        for node in walk(function.body, into_functions=False):
            if not isinstance(node, If) or looked > _MOST or not _is_limit(node):
                continue
            looked += 1
            act = _act_before(node)
            if act is not None:
                yield Match(
                    node.test,
                    f"'{short(module.text_of(act))}' has happened when the limit is looked at: the refusal comes too "
                    "late, and what is over the limit stays.",
                    related=((act, "already done here"),),
                )


def _is_limit(node: If) -> bool:
    """Tell whether a test compares something used with a limit, and refuses."""
    test = node.test
    if not isinstance(test, Binary) or test.op not in (">", ">=", "<", "<=") or not exits(node.body):
        return False
    if not any(isinstance(part, Throw) for part in walk(node.body, into_functions=False)):
        return False
    left, right = _words(test.left), _words(test.right)
    limits = _LIMITS
    return bool((left & limits and right & _COUNTS) or (right & limits and left & _COUNTS))


def _words(node: Node) -> set[str]:
    found: set[str] = set()
    for part in walk(node, into_functions=False):
        if isinstance(part, Name):
            found.update(spelled(part.id))
        elif isinstance(part, Member):
            found.update(spelled(part.name))
    return found


def _is_measured(node: If, call: Call) -> bool:
    """Tell whether what a call gave is what the test measures: it had to come first."""
    use = use_of(call)
    if not isinstance(use.by, Assign) or not isinstance(use.by.target, Name):
        return False
    made = {use.by.target.id}
    function = function_of(node)
    for later in walk(function.body if function is not None else [], into_functions=False):
        if not isinstance(later, Assign) or not isinstance(later.target, Name) or later.value is None:
            continue
        if any(isinstance(part, Name) and part.id in made for part in walk(later.value)):
            made.add(later.target.id)
    return any(isinstance(part, Name) and part.id in made for part in walk(node.test))


def _is_counted(node: If, call: Call) -> bool:
    """Tell whether a test counts the very thing that something was put into: ``own.set(…); if (own.size > most)``."""
    holder = call.receiver
    function = function_of(node)
    if holder is None or function is None or call.name not in ("set", "add", "push", "append"):
        return False
    text = function.module.text_of(holder)
    return any(
        member.name in ("size", "length") and function.module.text_of(member.object) == text
        for member in walk(node.test)
        if isinstance(member, Member)
    )


def _writes_file(call: Call) -> bool:
    """Tell whether a plain function is that of the file system: ``writeFile(path, body)``."""
    function = function_of(call)
    return function is not None and function.module.resolve(call.callee).startswith("fs.")


def _stores_file(module: Module, call: Call) -> bool:
    """Tell whether a method of the same object puts something on the disk: ``self._replace(target, data)``."""
    target = callee(module, call)
    if target is None or not call.args or target.owner is None:
        return False
    return any(_goes_to_disk(module, inner) for inner in calls_in(target.body))


def _goes_to_disk(module: Module, call: Call) -> bool:
    return module.resolve(call.callee) in _TO_DISK or call.name in ("write_bytes", "write_text")


_TO_DISK: Final = frozenset(
    "os.replace os.rename fs.writeFile fs.writeFileSync fs.renameSync fs.rename fs.promises.writeFile "
    "fs.promises.rename fs/promises.writeFile fs/promises.rename shutil.move shutil.copyfile".split()
)
"""Functions that leave something on the disk."""


def _put_before(node: If, earlier: Node) -> bool:
    """Tell whether an entry is put into what a test counts by ``len``, and stays there: ``own[name] = value``."""
    function = function_of(node)
    if not isinstance(earlier, Assign) or not isinstance(earlier.target, Index) or function is None:
        return False
    text = function.module.text_of(earlier.target.object)
    counted = any(
        call.name == "len" and len(call.args) == 1 and function.module.text_of(call.args[0]) == text
        for call in calls_in(node.test)
    )
    removed = any(
        isinstance(part, Delete) or (isinstance(part, Call) and part.name == "pop") for part in walk(node.body)
    )
    return counted and not removed and not any(condition.test is node.test for condition in conditions(earlier))


def _act_before(node: If) -> Call | Assign | None:
    """Return what has been done for good before a test, in the same function."""
    function = function_of(node)
    for earlier in before(node):
        if isinstance(earlier, Assign) and _put_before(node, earlier):
            return earlier
        call = earlier.value if isinstance(earlier, Await) else earlier
        if not isinstance(call, Call) or not isinstance(call.callee, Member | Name):
            continue
        own = function is not None and is_this_member(call.callee) and _stores_file(function.module, call)
        to_disk = function is not None and _goes_to_disk(function.module, call)
        if call.name not in _ACTS and not own and not to_disk:
            continue
        if isinstance(call.callee, Name) and not _writes_file(call) and not to_disk:
            continue
        awaited = isinstance(earlier, Await) or isinstance(call.parent, Await)
        words = path_words(call.callee.object) if isinstance(call.callee, Member) else set()
        if _is_measured(node, call):
            continue
        stores = words & {
            "store",
            "storage",
            "backend",
            "db",
            "kv",
            "disk",
            "bucket",
            "fs",
            "client",
            "network",
            "files",
            "data",
            "values",
            "inner",
        }
        if not (awaited or stores or own or to_disk or _is_counted(node, call)) or words & (
            QUOTAS | {"log", "logger", "metrics"}
        ):
            continue
        undone = function is not None and any(
            isinstance(part, Call) and part.name in ("delete", "remove", "rollback", "unlink", "pop", "undo", "revert")
            for part in walk(node.body)
        )
        if not undone and not any(condition.test is node.test for condition in conditions(call)):
            return call
    return None
