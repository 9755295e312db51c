"""SEC022: one of several operations on a service is left without the check that the others have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.links import callee
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, If, Index, Member, Name, Object, Throw, strip
from reviewer.code.walk import calls_in, find, walk
from reviewer.code.words import words
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.decisions import asks_permission, is_check, is_decision, is_guard_function
from reviewer.experts.security.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = word_set(
    "write put set delete remove update edit replace save insert create patch rename move append clear destroy drop "
    "overwrite modify upsert truncate purge send post publish execute exec run invoke call install uninstall grant "
    "revoke import export upload archive restore reset merge copy share transfer kick ban add"
)
_ASIDE: Final = word_set(
    "constructor init close dispose destroyed on off once subscribe unsubscribe log info warn debug error emit start "
    "stop ready describe inspect to tostring repr str enter exit aenter aexit help ping health version audit"
)
"""Operations that need no permission of their own."""
_GRANTED: Final = PERMISSION - word_set("authorization authorisation authorizer authorize authorise access")
_DECORATORS: Final = word_set(
    "requires require required permission permissions needs guarded guard authorized scoped scope"
)
"""Words of a decorator that asks for a permission."""
_DEMANDS: Final = frozenset({"need", "demand", "require", "guard", "check", "ensure", "assert"})
"""Words in names of functions that throw where something is missing."""
_PLAIN: Final = frozenset(
    "messenger log logger console audit trail metrics events emitter bus clock JSON Math Object".split()
)


@module_check("SEC022", words=TRIGGERS | {"guard", "check", "ensure", "need", "demand"})
def unchecked_sibling(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the operations of each class and each object of functions with one another."""
    if module.is_test:
        return
    for node in module.all_nodes:
        members: list[Function] = []
        if isinstance(node, Class) and node.kind == "class":
            members = [m for m in node.methods if m.kind == "method" and not m.signature_only and not m.static]
        elif isinstance(node, Object):
            members = [value for _key, value in node.entries if isinstance(value, Function) and value.kind != "getter"]
        if len(members) >= 3:
            yield from _compare(module, members)


def _compare(module: Module, members: list[Function]) -> Iterator[Match]:
    by_guard: dict[str, list[Function]] = {}
    for member in members:
        by_guard.setdefault(_guard_of(module, member), []).append(member)
    guarded = [member for guard, group in by_guard.items() if guard for member in group]
    checked = max((group for guard, group in by_guard.items() if guard), key=len, default=[])
    if len(checked) < 2:
        return
    served = {text for member in checked for text in _services(module, member)}
    guards = {member.name for member in members if is_decision(member) or is_guard_function(member)}
    names = {member.name for member in guarded} | guards
    open_: list[Function] = []
    for member in members:
        if member in guarded or member.private or member.name.startswith(("_", "#")) or member.name in guards:
            continue
        if set(words(member.name)[:1]) & _ASIDE or _delegates(member, names) or _is_inside(member):
            continue
        if _services(module, member) & served:
            open_.append(member)
    if not open_ or len(open_) * 2 > len(checked) + 1:
        return
    for member in open_:
        changes = bool(set(words(member.name)) & _CHANGES) or _changes(module, member, served)
        yield Match(
            member,
            f"'{member.name}' works on the same service as '{checked[0].name}' and '{checked[1].name}', and asks for "
            "no permission as they do.",
            related=((checked[0], "this one asks"),),
            confidence=None if changes or _reads_alike(member, checked) else Confidence.POSSIBLE,
        )


def _reads_alike(member: Function, checked: list[Function]) -> bool:
    """Tell whether an operation only reads, and others that only read ask for permission."""
    reads = {"read", "get", "list", "find", "query", "search", "fetch", "load", "rows", "all"}
    return bool(set(words(member.name)[:1]) & reads) and any(set(words(one.name)[:1]) & reads for one in checked)


def _guard_of(module: Module, member: Function) -> str:
    """Return the name of what stops an operation where permission is missing; empty where nothing does."""
    if is_decision(member) or is_guard_function(member):
        return ""
    for decorator in member.decorators:
        if set(last_words(decorator)) & _DECORATORS:
            return last_words(decorator)[0]
    for call in calls_in(member.body):
        if is_check(module, call):
            return call.name
        target = callee(module, call)
        if target is not None and target is not member and _guards(target):
            return call.name
    tests = (test for test in find(member.body, If) if refuses(test.body) or refuses(test.orelse))
    return "if" if any(_about_grants(module, test.test) for test in tests) else ""


def _about_grants(module: Module, test: Expr) -> bool:
    """Tell whether a condition is about what was granted, and not only about how somebody logs in."""
    named = {word for part in walk(test) for word in path_words(part)}
    return asks_permission(module, test) and bool(named & _GRANTED)


def _guards(target: Function) -> bool:
    """Tell whether a function throws where permission is missing."""
    if is_guard_function(target):
        return True
    if _DEMANDS.isdisjoint(words(target.name)):
        return False
    for throw in find(target.body, Throw, into_functions=False):
        around = conditions(throw)
        if around and asks_permission(target.module, around[0].test):
            return True
    return False


def _services(module: Module, member: Function) -> set[str]:
    """Return the texts of what an operation calls methods of, apart from checks and records."""
    found: set[str] = set()
    for call in calls_in(member.body):
        receiver = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(receiver, Name | Member) or is_check(module, call):
            continue
        if isinstance(receiver, Name) and receiver.id in ("this", "super"):
            continue
        last = receiver.id if isinstance(receiver, Name) else receiver.name
        said = set(words(last))
        if said & _PLAIN or last in _PLAIN or said & PERMISSION:
            continue
        if is_this_member(receiver) or _from_outside(module, member, receiver):
            found.add(module.text_of(receiver).replace("?", ""))
    for index in find(member.body, Index):
        holder = strip(index.object)
        if is_this_member(holder) and not set(words(holder.name)) & PERMISSION:
            found.add(module.text_of(holder))
    return found


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


def _changes(module: Module, member: Function, served: set[str]) -> bool:
    for call in calls_in(member.body):
        on = module.text_of(call.receiver).replace("?", "") if call.receiver is not None else ""
        if on in served and set(words(call.name)[:1]) & _CHANGES:
            return True
    return any(
        isinstance(node.target, Index) and module.text_of(node.target.object) in served
        for node in find(member.body, Assign)
    )


def _delegates(member: Function, names: set[str]) -> bool:
    """Tell whether an operation goes through another one that asks."""
    return any(isinstance(node, Call) and node.name in names for node in walk(member.body))


def _is_inside(member: Function) -> bool:
    """Tell whether an operation belongs to what keeps the grants itself."""
    return member.owner is not None and bool(set(words(member.owner.name)) & PERMISSION)
