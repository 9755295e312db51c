"""SEC020: a message says who acts, though the host knows it from what stands beside the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Imported, Index, Member, Name, Param, strip
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.identity.known_replaced import KNOWN
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SENT: Final = word_set("req request message msg payload body event packet data input frame rpc incoming letter call")
"""Words of what somebody else filled in."""
_LINKS: Final = KNOWN | word_set("socket session connection conn link peer channel line seat ticket visit")
"""Words of what a message came by, and of which the host knows whose it is."""
_FINDS: Final = frozenset({"get", "find", "lookup", "has"})


@module_check("SEC020", words=_SENT)
def told_beside_known(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that is given a message for whom it asks about by what stands in there."""
    if module.is_test:
        return
    running = module.once("security.context variables", lambda: frozenset(_running(module)))
    for function in module.functions:
        sent = [param for param in function.params if param.name and set(words(param.name)[-1:]) & _SENT]
        if not sent:
            continue
        links = [one for one in function.params if one not in sent and set(words(one.name)[-1:]) & _LINKS]
        yield from _asked_both_ways(module, function, sent, links)
        yield from _link_unread(module, function, sent, links)
        yield from _link_knows(module, function, sent, links)
        yield from _said_by_running(module, function, sent, running)


def _asked_both_ways(module: Module, function: Function, sent: list[Param], links: list[Param]) -> Iterator[Match]:
    """Yield ``check(message.pilot, …)`` where the same function asks ``check(socket.pilot, …)`` as well."""
    known: dict[tuple[str, int, str], Expr] = {}
    told: list[tuple[tuple[str, int, str], Expr]] = []
    for call in find(function.body, Call):
        for place, given in enumerate(call.args) if links else ():
            taken = step(strip(given))
            root = strip(taken[0]) if taken is not None else None
            if taken is None or not isinstance(root, Name):
                continue
            key = (module.text_of(call.callee), place, taken[1])
            if any(_is(module, root, one) for one in links):
                known.setdefault(key, given)
            elif any(_is(module, root, one) for one in sent) and is_check(module, call):
                told.append((key, given))
    for key, given in told:
        if key in known:
            yield _match(module, given, module.text_of(known[key]))


def _link_unread(module: Module, function: Function, sent: list[Param], links: list[Param]) -> Iterator[Match]:
    """Yield ``guests.get(body.guest)`` whose rights are asked for, where nobody reads the session beside the body."""
    read = {name.id for name in find(function.body, Name)}
    if len(links) != 1 or links[0].name in read:
        return
    checks = [call for call in find(function.body, Call) if is_check(module, call)]
    for kept in find(function.body, Assign, into_functions=False):
        sought = _sought(kept.value)
        if sought is None or not isinstance(kept.target, Name):
            continue
        key = step(sought)
        root = strip(key[0]) if key is not None else None
        if not isinstance(root, Name) or not any(_is(module, root, one) for one in sent):
            continue
        name = kept.target.id
        asked = any(name in {one.id for one in find(call.args, Name)} for call in checks)
        if asked or _speaks_for(module, function, name):
            yield _match(module, sought, links[0].name)


def _sought(value: Expr | None) -> Expr | None:
    """Return the key by which something is looked up: of ``guests.get(body.guest)``, ``guests[body["guest"]]``."""
    found = strip(value) if value is not None else None
    if isinstance(found, Index):
        return strip(found.key)
    looks = isinstance(found, Call) and found.name in _FINDS and len(found.args) == 1
    return strip(found.args[0]) if looks and isinstance(found, Call) else None


def _speaks_for(module: Module, function: Function, name: str) -> bool:
    """Tell whether what has a name becomes the one that code runs for, or its rights are looked into."""
    for call in find(function.body, Call):
        if call.name == "set" and call.receiver is not None and any(getattr(a, "id", "") == name for a in call.args):
            kept: object = module.scopes.origin(call.receiver)
            if isinstance(kept, Imported) and module.project is not None:
                kept = module.project.definition(module, kept)
            made = kept.value if isinstance(kept, Assign) else kept
            if isinstance(made, Call) and made.name == "ContextVar":
                return True
    tests = [one.right for one in find(function.body, Binary) if one.op in ("in", "not in")]
    tests += [one.receiver for one in find(function.body, Call) if one.name in ("has", "includes") and one.receiver]
    for held in map(strip, tests):
        holder = strip(held.object) if isinstance(held, Member) else None
        if isinstance(holder, Name) and holder.id == name and set(last_words(held)) & RIGHTS:
            return True
    return False


def _link_knows(module: Module, function: Function, sent: list[Param], links: list[Param]) -> Iterator[Match]:
    """Yield ``as(packet.code, work)`` where nobody reads the line, of which the file keeps ``line.code``."""
    read = {name.id for name in find(function.body, Name)}
    if len(links) != 1 or links[0].name in read:
        return
    kept = {
        one.target.name
        for one in module.all(Assign)
        if isinstance(one.target, Member) and last_words(one.target.object) == words(links[0].name)
    }
    for call in find(function.body, Call) if kept else ():
        taken = step(strip(call.args[0])) if len(call.args) > 1 else None
        root = strip(taken[0]) if taken is not None else None
        if (
            taken is not None
            and taken[1] in kept
            and isinstance(root, Name)
            and any(_is(module, root, s) for s in sent)
        ):
            yield _match(module, call.args[0], f"{links[0].name}.{taken[1]}")
            return


def _said_by_running(module: Module, function: Function, sent: list[Param], running: frozenset[str]) -> Iterator[Match]:
    """Yield ``may_sell(request["keeper"])`` where a variable of the running task says who the keeper is."""
    for call in find(function.body, Call) if running else ():
        if not is_check(module, call):
            continue
        for given in call.args:
            taken = step(strip(given))
            root = strip(taken[0]) if taken is not None else None
            if taken is None or not isinstance(root, Name) or not any(_is(module, root, one) for one in sent):
                continue
            known = next((name for name in running if words(name) == words(taken[1])), "")
            if known:
                yield _match(module, given, known)


def _running(module: Module) -> Iterator[str]:
    """Yield the names of variables that hold something for the task that runs."""
    for made in module.all(Assign):
        value = strip(made.value) if made.value is not None else None
        kept = isinstance(value, Call) and value.name in ("ContextVar", "AsyncLocalStorage")
        if kept and isinstance(made.target, Name) and function_of(made) is None:
            yield made.target.id


def _is(module: Module, name: Name, param: Param) -> bool:
    bound = module.scopes.lookup(name.id, name)
    return len(bound) == 1 and bound[0] is param


def _match(module: Module, told: Expr, known: str) -> Match:
    return Match(
        told,
        f"'{short(module.text_of(told))}' is what the sender says, and '{known}', which the host knows, is there to "
        "tell who it is: whoever names another gets its rights.",
    )
