"""Operations of a host: what stops them where permission is missing, and what they work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Imported,
    Index,
    Member,
    Name,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.text.ideas import DEMANDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, walk
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.deciding.asked_to_refuse import says_refused
from reviewer.experts.security.deciding.decisions import asks_permission, is_check, is_decision, is_guard_function
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement

CHANGES: Final = word_set(
    "write put set delete remove update edit replace save insert create patch rename move append clear destroy drop "
    "overwrite modify upsert truncate purge send post publish execute exec run invoke call install uninstall grant "
    "revoke import export upload archive restore reset merge copy share transfer kick ban add"
)
"""Words of operations that change something or have something done."""
_GRANTED: Final = PERMISSION - word_set("authorization authorisation authorizer authorize authorise access")
_DECORATORS: Final = DEMANDS | word_set("permission permissions authorized scoped scope")
"""Words of a decorator that asks for a permission."""
_STATES: Final = frozenset("ready started initialized initialised connected open loaded".split())
"""Words of a decorator that asks how far the object itself is: ``@requiresReady()``."""
_DEMANDS: Final = frozenset({"need", "demand", "require", "guard", "check", "ensure", "assert"})
"""Words in names of functions that throw where something is missing."""
_PLAIN: Final = frozenset(
    "messenger log logger console audit trail metrics events emitter bus clock JSON Math Object".split()
)


def guard_of(module: Module, member: Function) -> str:
    """Return the name of what stops an operation where permission is missing; empty where nothing does."""
    if is_decision(member) or is_guard_function(member):
        return ""
    for decorator in member.decorators:
        said = set(last_words(decorator))
        if said & _DECORATORS and not said & _STATES:
            return last_words(decorator)[0]
    return guard_in(module, member, member.body)


def guard_in(module: Module, member: Function, body: Sequence[Statement]) -> str:
    """Return the name of what stops some statements of an operation where permission is missing."""
    for call in calls_in(body):
        if guards(module, member, call):
            return call.name
    tests = (test for test in find(body, If) if refuses(test.body) or refuses(test.orelse))
    return "if" if any(_about_grants(module, test.test) for test in tests) else ""


def guards(module: Module, member: Function, call: Call) -> bool:
    """Tell whether a call of an operation asks for permission, or stops where it is missing."""
    if is_check(module, call):
        return True
    target = callee(module, call)
    return target is not None and target is not member and _guards(target)


def _about_grants(module: Module, test: Expr) -> bool:
    """Tell whether a condition is about what was granted, and not only about how somebody logs in."""
    named = {word for part in walk(test) for word in path_words(part)}
    return asks_permission(module, test) and bool(named & _GRANTED)


def _guards(target: Function) -> bool:
    """Tell whether a function throws where permission is missing."""
    if is_guard_function(target):
        return not _asks_for_presence(target)
    if _DEMANDS.isdisjoint(words(target.name)):
        return False
    for throw in find(target.body, Throw, into_functions=False):
        around = conditions(throw)
        if around and asks_permission(target.module, around[0].test):
            return True
    return False


def _asks_for_presence(target: Function) -> bool:
    """Tell whether a function throws only where it was handed nothing, and says nothing of a permission.

    ``assert(value, method) { if (value === undefined) throw new TypeError(`no ${method} here`) }``
    """
    if set(words(target.name)) & PERMISSION:
        return False
    given = {param.name for param in target.params}
    throws = list(find(target.body, Throw, into_functions=False))
    tests = [around[0].test for throw in throws if (around := conditions(throw))]
    silent = bool(throws) and len(tests) == len(throws) and not says_refused(throws)
    return silent and all(_is_presence(test, given) for test in tests)


def _is_presence(test: Expr, given: set[str]) -> bool:
    asked = strip(test)
    if isinstance(asked, Unary) and asked.op == "not":
        asked = strip(asked.operand)
    elif isinstance(asked, Binary) and (is_nothing(asked.right) or is_nothing(asked.left)):
        asked = strip(asked.left if is_nothing(asked.right) else asked.right)
    else:
        return False
    return isinstance(asked, Name) and asked.id in given


def services_in(module: Module, member: Function, body: Sequence[Statement]) -> set[str]:
    """Return the texts of what statements of an operation call methods of, apart from checks and records."""
    found: set[str] = set()
    for call in calls_in(body):
        receiver = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(receiver, Name | Member) or is_check(module, call):
            continue
        if isinstance(receiver, Name) and receiver.id in ("this", "super"):
            continue
        last = receiver.id if isinstance(receiver, Name) else receiver.name
        said = set(words(last))
        if said & _PLAIN or last in _PLAIN or said & PERMISSION or _is_library(module, receiver):
            continue
        if is_this_member(receiver) or _from_outside(module, member, receiver):
            found.add(module.text_of(receiver).replace("?", ""))
    for index in find(body, Index):
        holder = strip(index.object)
        shared = isinstance(holder, Member) and (is_this_member(holder) or _from_outside(module, member, holder))
        if shared and isinstance(holder, Member) and not set(words(holder.name)) & PERMISSION:
            found.add(module.text_of(holder))
    return found


def _is_library(module: Module, receiver: Name | Member) -> bool:
    """Tell whether methods are called of another package, of which nobody needs leave: ``path.join``."""
    origin = module.scopes.origin(receiver) if module.language != "python" else None
    return isinstance(origin, Imported) and not origin.source.startswith((".", "/", "@/", "~", "#"))


def noted_by_guards(module: Module, members: Iterable[Function]) -> set[str]:
    """Return the texts of what the guards of operations only tell something: the record of who was refused."""
    found: set[str] = set()
    for target in {target for member in members for target in _guards_of(module, member)}:
        if target.module is not module:
            continue
        told = (strip(one.value) for one in find(target.body, ExprStatement))
        calls = [call for call in told if isinstance(call, Call) and call.receiver is not None]
        found |= {module.text_of(call.receiver).replace("?", "") for call in calls if call.receiver is not None}
    return found


def _guards_of(module: Module, member: Function) -> Iterator[Function]:
    for call in calls_in(member.body):
        target = callee(module, call) if guards(module, member, call) else None
        if target is not None:
            yield target


def _from_outside(module: Module, member: Function, receiver: Name | Member) -> bool:
    """Tell whether an object is shared by the operations: neither a parameter nor a variable of this one."""
    root = receiver
    while isinstance(root, Member):
        inner = strip(root.object)
        if not isinstance(inner, Name | Member):
            return False
        root = inner
    if root.id == "this":
        return True
    return bool(module.scopes.lookup(root.id, root)) and root.id not in module.scopes.table(member)
