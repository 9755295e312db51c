"""SEC085: one operation on a thing looks whose it is, and another one doesn't."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, If, Index, Literal, Member, Name, Node, strip
from reviewer.code.text.ideas import OWNERS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, said_in, word_set
from reviewer.experts.security.deciding.refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_OWNERS: Final = OWNERS | {"owners", "maintainers", "createdby"}
_ASKERS: Final = word_set(
    "user session me caller account current actor principal viewer requester member identity uid publisher subject self"
)
_CHANGES: Final = word_set(
    "save update remove delete destroy insert create put publish add set patch append transfer rename write upsert "
    "replace archive withdraw yank release retire unpublish push commit"
)
_ALLOWED: Final = word_set("admin administrator staff moderator can may permission permissions allowed role system")


_LOADS: Final = frozenset({"find", "get", "load", "fetch", "lookup"})
_READS: Final = frozenset({"get", "find", "load", "fetch", "read", "list", "has", "is", "show", "describe", "format"})


@module_check("SEC085", words=_OWNERS | _LOADS)
def ownership_unchecked(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the functions that load the same kind of thing and go on to change something."""
    if module.is_test:
        return
    checked: dict[tuple[str, str], If] = {}
    for test in module.all(If):
        loaded = _owner_asked(module, test)
        if loaded is not None:
            checked.setdefault(loaded, test)
    if not checked:
        return
    for function in module.functions:
        loads = next((one for one in _loads(module, function) if one[0] in checked), None)
        if loads is None or said_in(function.body) & _ALLOWED:
            continue
        beside = _asks_for_same(checked[loads[0]], function)
        if not beside and not _is_asked_by_somebody(function):
            continue
        change = _change_after(function, loads[1]) or (_handed_back(function, loads[1]) if beside else None)
        if change is not None:
            yield Match(
                change,
                f"'{short(module.text_of(change))}' changes something of '{loads[0][0]}' without a look whose it is, "
                "as it is looked at elsewhere: anybody who is logged in may do it.",
                related=((checked[loads[0]], "the owner is asked for here"),),
            )


def _owner_asked(module: Module, test: If) -> tuple[str, str] | None:
    """Return what was loaded whose owner a refusing test compares with whoever asks."""
    if not refuses(test.body):
        return None
    for node in _compared(module, test.test):
        if node.op not in ("==", "!=", "not in", "in"):
            continue
        for one, other in ((node.left, node.right), (node.right, node.left)):
            member = strip(one)
            if not isinstance(member, Member | Index):
                continue
            named = bool(set(last_words(member)) & _OWNERS) and bool(path_words(other) & _ASKERS)
            if named or _is_whoever_asks(module, member, strip(other)):
                return _loaded_from(module, member.object)
    return None


def _compared(module: Module, test: Expr) -> Iterator[Binary]:
    """Yield the comparisons of a condition, and those that a name in it was given: ``own = item.by == guest``."""
    yield from find(test, Binary, into_functions=False)
    for name in find(test, Name, into_functions=False):
        made = module.scopes.origin(name)
        if isinstance(made, Binary):
            yield from find(made, Binary, into_functions=False)


def _is_whoever_asks(module: Module, member: Member | Index, other: Expr) -> bool:
    """Tell whether a member is compared with the first parameter, which is called as it is: ``item.guest == guest``."""
    function = function_of(member)
    if not isinstance(member, Member) or not isinstance(other, Name) or function is None or not function.params:
        return False
    first = function.params[0]
    return other.id == first.name and words(member.name) == words(first.name) and bool(words(first.name))


def _loaded_from(module: Module, expr: Expr) -> tuple[str, str] | None:
    """Return (collection, method) of the call that gave a variable its value."""
    made = module.scopes.origin(expr)
    call = strip(made) if isinstance(made, Expr) else None
    if not isinstance(call, Call) or call.receiver is None or not call.args:
        return None
    return _collection(module, call)


def _collection(module: Module, call: Call) -> tuple[str, str]:
    """Return what a call loads from, and how; for a session of a database with the class that it is asked for."""
    on = module.text_of(call.receiver) if call.receiver is not None else ""
    if call.args and isinstance(call.args[0], Literal):  # ``db.get("items", id)``
        on = f"{on} {call.args[0].raw_text}"
    kinds = [
        node.id
        for argument in call.args
        for node in walk(argument)
        if isinstance(node, Name) and node.id[:1].isupper() and not node.id.isupper()
    ]
    return (kinds[0], call.name) if kinds else (on, call.name)


def _loads(module: Module, function: Function) -> Iterator[tuple[tuple[str, str], Assign]]:
    for assign in find(function.body, Assign, into_functions=False):
        if isinstance(assign.target, Name) and assign.value is not None:
            call = strip(assign.value)
            if isinstance(call, Call) and call.receiver is not None and call.args:
                yield _collection(module, call), assign


def _is_asked_by_somebody(function: Function) -> bool:
    """Tell whether a function works for somebody who is not the host: it knows who asks, or handles a request."""
    said = {word for param in function.params for word in (*words(param.name), *words(param.type))}
    return bool(said & (_ASKERS | {"req", "request", "ctx", "context"}))


def _asks_for_same(test: If, function: Function) -> bool:
    """Tell whether a function is told who asks just as the one is that looks for the owner: by its first parameter."""
    other = function_of(test)
    if other is None or not other.params or not function.params or other.owner is not function.owner:
        return False
    first = function.params[0].name
    asks = other is not function and bool(first) and other.params[0].name == first
    return asks and any(name.id == first for name in find(test.test, Name))


def _handed_back(function: Function, loaded: Assign) -> Node | None:
    """Return the call by which what was loaded is changed where it came from: ``queue.retitle(item.number, …)``."""
    made = strip(loaded.value) if loaded.value is not None else None
    name = loaded.target.id if isinstance(loaded.target, Name) else ""
    if not isinstance(made, Call) or any(_looks_at_owner(node) for node in walk(function.body, into_functions=False)):
        return None
    for call in calls_in(function.body, into_functions=False):
        first = strip(call.args[0]) if call.args else None
        held = strip(first.object) if isinstance(first, Member) else first
        of = path_words(call.receiver) == path_words(made.receiver) if call.receiver is not None else False
        verb = words(call.name)[:1]
        if call.start > loaded.start and of and isinstance(held, Name) and held.id == name and verb:
            return None if verb[0] in _READS else call
    return None


def _change_after(function: Function, loaded: Assign) -> Node | None:
    """Return the first change that follows in the function itself."""
    if any(_looks_at_owner(node) for node in walk(function.body, into_functions=False)):
        return None
    for node in find(function.body, Assign, into_functions=False):
        target = node.target
        if node.start > loaded.start and isinstance(target, Member) and isinstance(loaded.target, Name):
            held = strip(target.object)
            if isinstance(held, Name) and held.id == loaded.target.id:
                return node
    for call in calls_in(function.body, into_functions=False):
        verb = words(call.name)
        if call.start <= loaded.start or call.receiver is None or not verb or verb[0] not in _CHANGES:
            continue
        if path_words(call.receiver) & {"res", "response", "audit", "log", "logger", "cache", "headers", "cookies"}:
            continue
        return call if function_of(call) is function else None
    return None


def _looks_at_owner(node: Node) -> bool:
    """Tell whether a node compares an owner, hands one on, or asks something that by its name looks."""
    if isinstance(node, Call) and set(words(node.name)) & (_OWNERS | {"own", "owns", "owned", "mine"}):
        return True
    parts = node.children() if isinstance(node, Binary | Call) else ()
    return any(isinstance(part, Member | Index) and set(last_words(part)) & _OWNERS for part in parts)
