"""SEC015: a change is made on the strength of a permission to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before
from reviewer.code.syntax import (
    Assign,
    Call,
    ExprStatement,
    Field,
    Function,
    If,
    Literal,
    Member,
    Node,
    Object,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, last_words, path_words
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.guarding import DEMANDS, is_guarding
from reviewer.experts.security.deciding.verbs_asked import asked_by, demands, verbs_of
from reviewer.experts.security.handing.given_out import hands_out
from reviewer.experts.security.reaching.changing import (
    PLAIN_CALLS,
    READS,
    WRITES,
    changes_its_object,
)
from reviewer.experts.security.values.own_values import changes_own_value
from reviewer.experts.security.vocabulary import TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_BRINGS: Final = frozenset({"get", "fetch", "find", "load"})
"""First words of a call that brings something, and asks no right by its name, whatever it throws."""
_ENDS: Final = WRITES | frozenset({"discard", "erase", "wipe", "withdraw", "strike"})
"""First or last words of an operation that changes something or takes it away."""
_MOST_WORDS: Final = 2
_NEEDS: Final = frozenset({"right", "permission", "scope", "capability", "requires", "needs"})
"""Last words of the member of an entry that says what has to be held."""
_CHANGING_RIGHTS: Final = ("write", "edit", "change", "manage", "update", "modify")
"""Last words of the right that stands beside one to read."""
_CHANGING_ROUTES: Final = frozenset({"delete", "put", "patch"})


@module_check(
    "SEC015", words=TRIGGERS | _NEEDS | {"depends", "guarded", "secured", "requires", "demand", "view", "look"}
)
def read_gives_write(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what a function checks with what it does."""
    if module.is_test:
        return
    for function in module.functions:
        named = words(function.name)
        if not named or function.signature_only:
            continue
        asked = _asked(module, function)
        if not asked or not any(READS & verbs for _at, verbs in asked):
            continue
        told = list(_of_branches(module, function, asked)) if len(asked) > 1 else []
        yield from told
        if told or any(WRITES & verbs for _at, verbs in asked):
            continue
        at = next(at for at, verbs in asked if READS & verbs)
        asks = f"'{short(module.text_of(at))}' asks for reading, and '{function.name}'"
        act = _changes(module, function, set(named)) or _takes_away(module, function, at)
        given = None if act else hands_out(module, function, at)
        if act:
            yield Match(at, f"{asks} {act}.")
        elif given is not None:
            place, by = given
            related = () if place is at else ((at, "asked here"),)
            yield Match(place, f"{asks} hands out what changes things, by '{by}'.", related=related)
    for call in module.calls(_CHANGING_ROUTES):
        yield from _of_route(module, call)
    for kept in module.some(Field, Assign):
        held = kept.name if isinstance(kept, Field) else last_name(kept.target) if isinstance(kept, Assign) else ""
        made = strip(kept.value) if isinstance(kept, Field | Assign) and kept.value is not None else None
        if held and isinstance(made, Call) and len(made.args) > 1:
            yield from _of_wrapper(module, held, made)
    for members in module.all(Object):
        yield from _of_table(members)
        yield from _of_entry(module, members)
        for key, value in members.entries:
            name = str(key.value) if isinstance(key, Literal) else ""
            if name and isinstance(value, Call) and len(value.args) > 1:
                yield from _of_wrapper(module, name, value)


def _of_route(module: Module, call: Call) -> Iterator[Match]:
    """Look at ``router.delete("/notes/:id", requirePermission("notes:read"), …)``."""
    path = strip(call.args[0]) if len(call.args) > 2 else None
    if not isinstance(path, Literal) or not isinstance(path.value, str) or not path.value.startswith("/"):
        return
    for given in call.args[1:-1]:
        by = strip(given)
        if not isinstance(by, Call) or not set(words(by.name)) & DEMANDS:
            continue
        verbs = {verb for arg in by.args for verb in verbs_of(arg)}
        if verbs & READS and not verbs & WRITES:
            yield Match(by, f"'{short(module.text_of(by))}' asks for reading, and '{call.name}' changes what is there.")


def _of_table(table: Object) -> Iterator[Match]:
    """Look at ``{ list: "stock:view", discard: "stock:view", restock: "stock:change" }``."""
    rights = {
        str(key.value): verbs_of(strip(value))
        for key, value in table.entries
        if isinstance(key, Literal) and isinstance(strip(value), Literal | Member)
    }
    if not any(verbs & WRITES for verbs in rights.values()):
        return  # nothing here tells a right to change from one to read
    for key, value in table.entries:
        name = str(key.value) if isinstance(key, Literal) else ""
        verbs = rights.get(name, set())
        named = words(name)
        acts = len(named) <= _MOST_WORDS and bool({*named[:1], *named[-1:]} & _ENDS)
        if acts and not set(named) & READS and verbs & READS and not verbs & WRITES:
            yield Match(value, f"'{name}' is let through for who may read, and changes what is there.")


def _of_entry(module: Module, entry: Object) -> Iterator[Match]:
    """Look at ``add("board.fill", { right: "board.read", run: (cell) => store.setCell(cell) })``."""
    work = next((one for _key, value in entry.entries if isinstance(one := strip(value), Function)), None)
    for key, value in entry.entries if work is not None else ():
        right = strip(value)
        said = words(str(key.value)) if isinstance(key, Literal) else ()
        if said[-1:] and said[-1] in _NEEDS and isinstance(right, Literal | Member) and work is not None:
            verbs = verbs_of(right)
            if not verbs & READS or verbs & WRITES:
                return
            name = _entered_as(entry)
            act = _changes(module, work, set(words(name)))
            if act:
                shown = f"what is entered as '{name}'" if name else "the function beside it"
                yield Match(right, f"'{short(module.text_of(right))}' asks for reading, and {shown} {act}.")
            return


def _entered_as(entry: Object) -> str:
    """Return the last part of the name under which an entry stands: ``board.fill`` in front of it, or its key."""
    around = entry.parent
    if isinstance(around, Call) and around.args and isinstance(first := strip(around.args[0]), Literal):
        return str(first.value).rpartition(".")[2]
    if isinstance(around, Object):
        return next(
            (str(k.value).rpartition(".")[2] for k, v in around.entries if v is entry and isinstance(k, Literal)), ""
        )
    return ""


def _of_wrapper(module: Module, name: str, call: Call) -> Iterator[Match]:
    """Look at ``move: guard("cards.read", (card, lane) => board.move(card, lane))``."""
    work = strip(call.args[-1])
    if not isinstance(work, Function) or not is_guarding(module, call):
        return
    verbs = {verb for arg in call.args[:-1] for verb in verbs_of(strip(arg))}
    if not verbs & READS or verbs & WRITES:
        return
    act = _changes(module, work, set(words(name))) or _only_puts(module, work, call)
    given = None if act else hands_out(module, work, call)
    if given is not None:
        act = f"hands out what changes things, by '{given[1]}'"
    if act:
        yield Match(call, f"'{short(module.text_of(call))}' asks for reading, and '{name}' {act}.")


def _only_puts(module: Module, work: Function, call: Call) -> str:
    """Return that a function does nothing but put something in, where there is a right to change what it may read."""
    only = work.body[0] if len(work.body) == 1 else None
    done = strip(only.value) if isinstance(only, Return | ExprStatement) and only.value is not None else None
    if not isinstance(done, Call) or done.name not in PLAIN_CALLS or done.receiver is None:
        return ""
    rights = [str(part.value) for part in find(call.args[:-1], Literal) if isinstance(part.value, str)]
    known = {
        text.replace(read, write) for text in rights for read in READS & set(words(text)) for write in _CHANGING_RIGHTS
    }
    spelled = any(f'"{one}"'.encode() in module.source or f"'{one}'".encode() in module.source for one in known)
    return f"goes on to call '{done.name}' of '{last_name(done.receiver)}'" if spelled else ""


def _asked(module: Module, function: Function) -> list[tuple[Node, set[str]]]:
    """Return the permission checks of a function itself with the verbs that they name."""
    found: list[tuple[Node, set[str]]] = []
    for by in calls_in(function.decorators):
        if set(words(by.name)) & DEMANDS:
            verbs = {verb for arg in [*by.args, *by.keywords.values()] for verb in verbs_of(arg)}
            found.extend([(by, verbs)] if verbs else [])
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Call) and (is_check(module, node) or demands(node)):
            verbs = {verb for arg in [*node.args, *node.keywords.values()] for verb in verbs_of(arg)}
            if not _BRINGS & set(words(node.name)[:1]):
                verbs |= set(words(node.name)) & (READS | WRITES)
            if verbs:
                found.append((node, verbs))
        elif isinstance(node, If):
            found.extend(asked_by(module, node.test))
    return found


def _changes(module: Module, function: Function, named: set[str]) -> str:
    """Return how a function changes things, as the end of a sentence; empty where it doesn't."""
    if (named & WRITES or set(words(function.name)[:1]) & _ENDS) and not named & READS:
        if any(isinstance(n, Call | Return) for n in walk(function.body, into_functions=False)):
            return "changes what it guards"
        return ""
    if named & READS:
        return ""
    given = {param.name for param in function.params if set(words(param.name)) & {"mode", "flag", "flags"}}
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Call) and node.name == "open" and names_in(node.args) & given:
            return f"opens in whatever mode it is told: '{short(module.text_of(node))}'"
        if isinstance(node, Call) and node.receiver is not None and not changes_own_value(module, node):
            done = words(node.name)
            if (
                done
                and done[0] in WRITES - PLAIN_CALLS
                and not path_words(node.receiver) & {"audit", "log", "trail", "cache", "head"}
            ):
                return f"goes on to call '{node.name}'"
            if not is_check(module, node) and changes_its_object(module, node):
                return f"goes on to call '{node.name}', which changes what is there"
    return ""


def _of_branches(module: Module, function: Function, asked: list[tuple[Node, set[str]]]) -> Iterator[Match]:
    """Look at a function that does one thing or another for what each branch asked before it changes something."""
    seen: set[int] = set()
    for call in find(function.body, Call, into_functions=False):
        done = words(call.name)
        if not done or done[0] not in WRITES | PLAIN_CALLS or call.receiver is None or changes_own_value(module, call):
            continue
        earlier = {id(node) for node in before(call)}
        rights = [(at, verbs) for at, verbs in asked if id(at) in earlier]
        if any(WRITES & verbs for _at, verbs in rights):
            continue
        at = next((at for at, verbs in reversed(rights) if READS & verbs), None)
        if at is None or id(at) in seen or not _about(at) & set(last_words(call.receiver)):
            continue
        seen.add(id(at))
        yield Match(
            at,
            f"'{short(module.text_of(at))}' asks for reading, and '{function.name}' goes on to call '{call.name}' of "
            f"'{last_name(call.receiver)}'.",
        )


def _about(asked: Node) -> set[str]:
    """Return the words of what a right is about: ``pages`` of ``pages.read``."""
    rights = [part.value for part in find(asked, Literal) if isinstance(part.value, str)]
    return {word for text in rights for word in words(text)} - READS


def _takes_away(module: Module, function: Function, asked: Node) -> str:
    """Return that the very thing a right is about is changed, as the end of a sentence: ``pages`` of ``pages.read``."""
    about = _about(asked)
    for call in find(function.body, Call, into_functions=False):
        if changes_own_value(module, call):
            continue
        done = set(words(call.name)[:1])
        if done & PLAIN_CALLS and call.receiver is not None and about & set(last_words(call.receiver)):
            return f"goes on to call '{call.name}' of '{last_name(call.receiver)}'"
    return ""
