"""SEC022: one of several operations on a service is left without the check that the others have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    ExprStatement,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Object,
    While,
    strip,
)
from reviewer.code.text.ideas import SEND_WORDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import checks_in, is_check, is_decision, is_guard_function
from reviewer.experts.security.deciding.operations import CHANGES, guard_of, noted_by_guards, services_in
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_ENTERS: Final = frozenset({"set", "add", "push", "append", "setdefault"})
_ASIDE: Final = word_set(
    "constructor init close dispose destroyed on off once subscribe unsubscribe log info warn debug error emit start "
    "stop ready describe inspect to tostring repr str enter exit aenter aexit help ping health version audit"
)
"""Operations that need no permission of their own."""
_OF_WHOLE: Final = frozenset({"close", "start", "stop", "dispose"})
"""Those of them that do so only where they are the whole name."""
_TELLS: Final = SEND_WORDS | {"send", "tell", "notify", "deliver"}
"""First words of an operation that tells all who listen."""
_HAPPENED: Final = word_set("changed updated removed added closed left joined expired arrived disconnected")
"""Last words of what the host is told when something happened: ``fleetChanged(fleet)``."""


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
        by_guard.setdefault(guard_of(module, member), []).append(member)
    guarded = [member for guard, group in by_guard.items() if guard for member in group]
    checked = max((group for guard, group in by_guard.items() if guard), key=len, default=[])
    checked = [member for member in checked if not _makes_members(member)]
    if len(checked) < 2:
        return
    served = {text for member in checked for text in services_in(module, member, member.body)}
    served -= noted_by_guards(module, checked)
    guards = {member.name for member in members if is_decision(member) or is_guard_function(member)}
    names = {member.name for member in guarded} | guards
    open_: list[Function] = []
    for member in members:
        if member in guarded or member.private or member.name.startswith(("_", "#")) or member.name in guards:
            continue
        if (
            _is_aside(member)
            or set(words(member.name)[-1:]) & _HAPPENED
            or _delegates(member, names)
            or _is_inside(member)
            or _asks_itself(module, member)
            or _offers_work(module, members, member, served)
            or _is_worker(member)
            or _makes_members(member)
        ):
            continue
        if services_in(module, member, member.body) & served:
            open_.append(member)
    if not open_ or len(open_) * 2 > len(checked) + 1:
        return
    if all(map(_takes_request, checked)):
        open_ = [member for member in open_ if _takes_request(member)]  # the others are called by the program itself
    unlike = _ask_for_unlike_things(module, checked)
    for member in open_:
        written = _changes(module, member, served)
        tells = bool(set(words(member.name)[:1]) & _TELLS) and not written  # who may be told was asked as he came
        changes = (bool(set(words(member.name)) & CHANGES) and not tells) or written
        same = _on_the_same(module, member, checked)
        named = same[:2] or checked[:2]
        they = f"'{named[0].name}' and '{named[1].name}'" if len(named) > 1 else f"'{named[0].name}'"
        unlike = unlike and not _asks_by_the_name(module, member, same)
        yield Match(
            member,
            f"'{member.name}' works on the same service as {they}, and asks for "
            f"no permission as {'they do' if len(named) > 1 else 'that does'}.",
            related=((named[0], "this one asks"),),
            confidence=None
            if (changes or _reads_alike(member, checked) or (len(open_) == 1 and _only_does(member, checked)))
            and not unlike
            and not _is_wrapped(member)
            else Confidence.POSSIBLE,
        )


def _is_aside(member: Function) -> bool:
    """Tell whether an operation needs no permission by its name: ``close`` ends the whole, ``close_gate`` does not."""
    said = words(member.name)
    return bool(said) and said[0] in _ASIDE and (len(said) == 1 or said[0] not in _OF_WHOLE)


def _takes_request(member: Function) -> bool:
    return any({"req", "request"} & {*words(param.name), *words(param.type)} for param in member.params)


def _ask_for_unlike_things(module: Module, checked: list[Function]) -> bool:
    """Tell whether each operation asks for a right about something else: their service is the host itself."""
    rights = {_right_of(call) for member in checked for call in checks_in(module, member)} - {frozenset()}
    return len(rights) > 1 and sum(map(len, rights)) == len(frozenset().union(*rights))


def _on_the_same(module: Module, member: Function, checked: list[Function]) -> list[Function]:
    """Return the operations that ask and work on a service of another one."""
    own = services_in(module, member, member.body)
    return [one for one in checked if services_in(module, one, one.body) & own]


def _asks_by_the_name(module: Module, member: Function, same: list[Function]) -> bool:
    """Tell whether one that asks names the service in the right: ``pages.find(id)`` behind ``demand("pages:read")``."""
    own = {word for text in services_in(module, member, member.body) for word in words(text.rpartition(".")[2])}
    return any(_right_of(call) & own for one in same for call in checks_in(module, one))


def _right_of(check: Call) -> frozenset[str]:
    """Return the words of the right that a check asks for, as far as it is written out."""
    said = (strip(arg) for arg in check.args)
    return frozenset(w for one in said if isinstance(one, Literal) for w in words(str(one.value)))


def _reads_alike(member: Function, checked: list[Function]) -> bool:
    """Tell whether an operation only reads, and others that only read ask for permission."""
    reads = {"read", "get", "list", "find", "query", "search", "fetch", "load", "rows", "all"}
    return bool(set(words(member.name)[:1]) & reads) and any(set(words(one.name)[:1]) & reads for one in checked)


def _changes(module: Module, member: Function, served: set[str]) -> bool:
    for call in calls_in(member.body):
        on = module.text_of(call.receiver).replace("?", "") if call.receiver is not None else ""
        if on in served and set(words(call.name)[:1]) & CHANGES:
            return True
    return any(
        isinstance(node.target, Index) and module.text_of(node.target.object) in served
        for node in find(member.body, Assign)
    )


_MAKES_READY: Final = word_set("initialize initialise setup prepare configure finish teardown")
"""First words of what a framework calls before and after the operations."""


def _only_does(member: Function, checked: list[Function]) -> bool:
    """Tell whether an operation answers nothing, as one that only has something done, among decorated ones."""
    decorated = all(one.decorators for one in checked) and not member.decorators
    if set(words(member.name)[:1]) & _MAKES_READY:
        return False
    return decorated and all(one.value is None for one in returns_of(member))


def _delegates(member: Function, names: set[str]) -> bool:
    """Tell whether an operation goes through another one that asks."""
    return any(isinstance(node, Call) and node.name in names for node in walk(member.body))


def _offers_work(module: Module, members: list[Function], member: Function, served: set[str]) -> bool:
    """Tell whether an operation only puts work of its caller's own into a table from which another one runs it.

    ``offer(verb, run)`` beside ``order(verb, input)``: who offers takes nothing, and who orders is asked.
    """
    own = services_in(module, member, member.body) & served
    given = {param.name for param in member.params if param.name}
    for on in own:
        uses = [one for one in calls_in(member.body) if one.receiver is not None and module.text_of(one.receiver) == on]
        puts = [one.args[-1] for one in uses if one.name in _ENTERS and one.args]
        puts += [
            one.value
            for one in find(member.body, Assign)
            if isinstance(one.target, Index) and module.text_of(one.target.object) == on and one.value is not None
        ]
        only = all(one.name in _ENTERS | {"has", "get", "keys", "includes"} for one in uses)
        own_work = bool(puts) and all(_comes_from(module, put, given) for put in puts)
        if (
            not only
            or not own_work
            or not any(_runs_one_of(module, other, on) for other in members if other is not member)
        ):
            return False
    return bool(own)


def _comes_from(module: Module, put: Expr, given: set[str]) -> bool:
    """Tell whether what is put in is, or holds, what the operation was handed, or one of several of it."""
    names = set(names_in(put))
    for name in find(put, Name):
        for bound in module.scopes.lookup(name.id, name):
            if isinstance(bound, For) and bound.iterable is not None:
                names |= names_in(bound.iterable)
    return bool(names & given)


def _runs_one_of(module: Module, other: Function, on: str) -> bool:
    """Tell whether an operation calls what it got out of a table, or a member of it."""
    for call in calls_in(other.body):
        held = strip(call.callee)
        while isinstance(held, Member) and module.text_of(held) != on:
            held = strip(held.object)
        if isinstance(held, Name):
            made = module.scopes.origin(held)
            while isinstance(made, Index) and isinstance(made.object, Name) and module.text_of(made.object) != on:
                made = module.scopes.origin(made.object)  # a part of the entry: _owner, run = entry
            got = made.receiver if isinstance(made, Call) and made.name == "get" else None
            got = made.object if isinstance(made, Index) else got
            if got is not None and module.text_of(got) == on:
                return True
    return False


def _asks_itself(module: Module, member: Function) -> bool:
    """Tell whether an operation does its work only where its own question is answered with yes."""
    return any(is_check(module, call) for test in find(member.body, If) for call in calls_in(test.test))


def _makes_members(member: Function) -> bool:
    """Tell whether a member gives an object of functions, each of which asks, or doesn't, by itself."""
    return any(
        isinstance(value, Function) and isinstance(value.parent, Object) and function_of(value) is member
        for value in find(member.body, Function)
    ) and any(answer.value is not None for answer in returns_of(member))


def _is_wrapped(member: Function) -> bool:
    """Tell whether something that can't be seen stands around an operation: ``call = wrap(call, ["owner"])``."""
    if any(isinstance(strip(decorator), Call) for decorator in member.decorators):
        return True
    statements = member.owner.rest if member.owner is not None else []
    made = (strip(one.value) for one in statements if isinstance(one, ExprStatement))
    again = [one for one in made if isinstance(one, Assign)]
    return any(
        isinstance(one.target, Name)
        and one.target.id == member.name
        and any(member.name in names_in(call.args) for call in find(one, Call))
        for one in (*again, *(one for one in statements if isinstance(one, Assign)))
    )


def _is_worker(member: Function) -> bool:
    """Tell whether a function is the host's own work that goes on for ever: nobody asks for it."""
    return not member.params and any(isinstance(statement, While) for statement in member.body)


def _is_inside(member: Function) -> bool:
    """Tell whether an operation belongs to what keeps the grants itself."""
    return member.owner is not None and bool(set(words(member.owner.name)) & PERMISSION)
