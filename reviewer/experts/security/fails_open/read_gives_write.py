"""SEC015: a change is made on the strength of a permission to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import class_of_value, named_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    ExprStatement,
    Function,
    If,
    Index,
    Literal,
    Member,
    Node,
    Object,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, last_words, path_words, word_set
from reviewer.experts.security.access import step
from reviewer.experts.security.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.changing import PLAIN_CALLS, READS, WRITES, changes_its_object, changing_method
from reviewer.experts.security.decisions import is_check
from reviewer.experts.security.guarding import DEMANDS, is_guarding
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DEMANDS: Final = frozenset("demand demands require requires ensure enforce assert must need needs".split())
_ACTS: Final = word_set("send post publish fire turn switch press unlock pay move lift start stop restart reboot")
"""First words of what a handle does to the world."""
_ENDS: Final = WRITES | frozenset({"discard", "erase", "wipe", "withdraw", "strike"})
"""First or last words of an operation that changes something or takes it away."""
_MOST_WORDS: Final = 2
_CHANGING_ROUTES: Final = frozenset({"delete", "put", "patch"})
_PART: Final = regex(r"[a-z]+")


@module_check("SEC015", words=TRIGGERS | {"depends", "guarded", "secured", "requires", "demand", "view", "look"})
def read_gives_write(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what a function checks with what it does."""
    if module.is_test:
        return
    for function in module.functions:
        named = words(function.name)
        if not named or function.signature_only:
            continue
        asked = _asked(module, function)
        if not asked or any(WRITES & verbs for _at, verbs in asked) or not any(READS & verbs for _at, verbs in asked):
            continue
        at = next(at for at, verbs in asked if READS & verbs)
        act = _changes(module, function, set(named)) or _takes_away(function, at) or _hands_out(module, function)
        if not act:
            continue
        yield Match(at, f"'{short(module.text_of(at))}' asks for reading, and '{function.name}' {act}.")
    for test in module.all(If):
        yield from _of_context(module, test)
    for call in module.calls(_CHANGING_ROUTES):
        yield from _of_route(module, call)
    for members in module.all(Object):
        yield from _of_table(members)
        for key, value in members.entries:
            name = str(key.value) if isinstance(key, Literal) else ""
            if name and isinstance(value, Call) and len(value.args) > 1:
                yield from _of_wrapper(module, name, value)


def _of_context(module: Module, test: If) -> Iterator[Match]:
    """Look at ``if "combs.read" in granted: services["combs"] = OpenCombs(inner)``."""
    verbs = {verb for _at, said in _asked_by(module, test) for verb in said}
    if not verbs & READS or verbs & WRITES:
        return
    for put in find(test.body, Assign, into_functions=False):
        cls = class_of_value(module, put.value) if isinstance(put.target, Member | Index) and put.value else None
        act = changing_method(cls, None) if cls is not None else ""
        if act and put.value is not None:
            text = short(module.text_of(put.value))
            yield Match(put.value, f"Who may read is given '{text}', which changes things by '{act}'.")


def _of_route(module: Module, call: Call) -> Iterator[Match]:
    """Look at ``router.delete("/notes/:id", requirePermission("notes:read"), …)``."""
    path = strip(call.args[0]) if len(call.args) > 2 else None
    if not isinstance(path, Literal) or not isinstance(path.value, str) or not path.value.startswith("/"):
        return
    for given in call.args[1:-1]:
        by = strip(given)
        if not isinstance(by, Call) or not set(words(by.name)) & DEMANDS:
            continue
        verbs = {verb for arg in by.args for verb in _verbs(arg)}
        if verbs & READS and not verbs & WRITES:
            yield Match(by, f"'{short(module.text_of(by))}' asks for reading, and '{call.name}' changes what is there.")


def _of_table(table: Object) -> Iterator[Match]:
    """Look at ``{ list: "stock:view", discard: "stock:view", restock: "stock:change" }``."""
    rights = {
        str(key.value): _verbs(strip(value))
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


def _of_wrapper(module: Module, name: str, call: Call) -> Iterator[Match]:
    """Look at ``move: guard("cards.read", (card, lane) => board.move(card, lane))``."""
    work = strip(call.args[-1])
    if not isinstance(work, Function) or not is_guarding(module, call):
        return
    verbs = {verb for arg in call.args[:-1] for verb in _verbs(strip(arg))}
    if not verbs & READS or verbs & WRITES:
        return
    act = _changes(module, work, set(words(name)))
    if act:
        yield Match(call, f"'{short(module.text_of(call))}' asks for reading, and '{name}' {act}.")


def _asked(module: Module, function: Function) -> list[tuple[Node, set[str]]]:
    """Return the permission checks of a function itself with the verbs that they name."""
    found: list[tuple[Node, set[str]]] = []
    for by in calls_in(function.decorators):
        if set(words(by.name)) & DEMANDS:
            verbs = {verb for arg in [*by.args, *by.keywords.values()] for verb in _verbs(arg)}
            found.extend([(by, verbs)] if verbs else [])
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Call) and (is_check(module, node) or _demands(node)):
            verbs = {verb for arg in [*node.args, *node.keywords.values()] for verb in _verbs(arg)}
            verbs |= set(words(node.name)) & (READS | WRITES)
            if verbs:
                found.append((node, verbs))
        elif isinstance(node, If):
            found.extend(_asked_by(module, node))
    return found


def _asked_by(module: Module, test: If) -> Iterator[tuple[Node, set[str]]]:
    """Yield what a condition seeks or looks up among grants, with the verbs that it names."""
    yield from _sought_in_grants(module, test)
    yield from _looked_up_in_grants(test)
    for part in walk(test.test, into_functions=False):
        if not isinstance(part, Member) or part.name not in READS | WRITES:
            continue
        if not path_words(part.object) & PERMISSION and not leads_to_refusal(module, part):
            continue
        if not isinstance(part.parent, Call) or part.parent.callee is not part:
            yield part, {part.name}


def _sought_in_grants(module: Module, test: If) -> Iterator[tuple[Node, set[str]]]:
    """Yield ``"wiki.read" not in ctx.permissions`` with the verbs of the text that is sought."""
    for part in walk(test.test, into_functions=False):
        if isinstance(part, Binary) and part.op in ("in", "not in"):
            verbs = _verbs(strip(part.left))
            if verbs and (path_words(part.right) & PERMISSION or leads_to_refusal(module, part)):
                yield part, verbs


def _looked_up_in_grants(test: If) -> Iterator[tuple[Node, set[str]]]:
    """Yield ``grants["pages"].get("read")`` with the verb under which the answer is looked up."""
    for part in walk(test.test, into_functions=False):
        found = step(part) if isinstance(part, Call | Index) else None
        if found is not None and found[1] in READS | WRITES and path_words(found[0]) & PERMISSION:
            yield part, {found[1]}


def _verbs(arg: Expr) -> set[str]:
    """Return the verbs that an argument names: ``'storage.read'``, ``Permission.READ``."""
    if isinstance(arg, Literal) and isinstance(arg.value, str):
        if " " in arg.value.strip():
            return set()  # what an error tells, and no right
        return set(_PART.findall(arg.value.lower())) & (READS | WRITES)
    if isinstance(arg, Member) and arg.name[:1].isupper():
        return set(words(arg.name)) & (READS | WRITES)
    if isinstance(arg, Object):
        named = [arg.get(key) for key in ("action", "verb", "permission", "access")]
        return {verb for value in named if value is not None for verb in _verbs(strip(value))}
    if isinstance(arg, Template):
        return {verb for item in arg.items if isinstance(item, Literal) for verb in _verbs(item)}
    return set()


def _changes(module: Module, function: Function, named: set[str]) -> str:
    """Return how a function changes things, as the end of a sentence; empty where it doesn't."""
    if named & WRITES and not named & READS:
        if any(isinstance(n, Call | Return) for n in walk(function.body, into_functions=False)):
            return "changes what it guards"
        return ""
    if named & READS:
        return ""
    given = {param.name for param in function.params if set(words(param.name)) & {"mode", "flag", "flags"}}
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Call) and node.name == "open" and names_in(node.args) & given:
            return f"opens in whatever mode it is told: '{short(module.text_of(node))}'"
        if isinstance(node, Call) and node.receiver is not None:
            done = words(node.name)
            if (
                done
                and done[0] in WRITES - PLAIN_CALLS
                and not path_words(node.receiver) & {"audit", "log", "trail", "cache", "head"}
            ):
                return f"goes on to call '{node.name}'"
            if changes_its_object(module, node):
                return f"goes on to call '{node.name}', which changes what is there"
    return ""


def _takes_away(function: Function, asked: Node) -> str:
    """Return that the very thing a right is about is changed, as the end of a sentence: ``pages`` of ``pages.read``."""
    rights = [part.value for part in find(asked, Literal) if isinstance(part.value, str)]
    about = {word for text in rights for word in words(text)} - READS
    for call in find(function.body, Call, into_functions=False):
        if call.name in PLAIN_CALLS and call.receiver is not None and about & set(last_words(call.receiver)):
            return f"goes on to call '{call.name}' of '{last_name(call.receiver)}'"
    return ""


def _hands_out(module: Module, function: Function) -> str:
    """Return that a function answers with an object that changes things, as the end of a sentence; empty for none."""
    declared = named_type(module, function.returns) if function.returns else None
    made = [class_of_value(module, answer.value) for answer in returns_of(function) if answer.value is not None]
    acts = [changing_method(cls, None) for cls in made if cls is not None]
    picked = any(acts) and not all(acts)  # one who writes or one who doesn't, whatever the answer is declared as
    for answer in returns_of(function):
        act = _handle_that_acts(module, answer)
        cls = class_of_value(module, answer.value) if answer.value is not None else None
        if cls is not None and not act:
            act = changing_method(cls, None if picked else declared)
        if act:
            return f"hands out what changes things, by '{act}'"
    return ""


def _demands(call: Call) -> bool:
    """Tell whether a call stands alone and demands something for somebody: ``desk.demand(who, "valves", "look")``."""
    alone = isinstance(call.parent, ExprStatement) and len(call.args) > 1
    return alone and not _DEMANDS.isdisjoint(words(call.name)[:1])


def _handle_that_acts(module: Module, answer: Return) -> str:
    """Return the member of an object that is made here to be given out which changes things and asks for nothing."""
    made = strip(answer.value) if answer.value is not None else None
    if isinstance(made, Call) and made.name in ("freeze", "seal") and made.args:
        made = strip(made.args[0])
    if not isinstance(made, Object):
        return ""
    given = {str(key.value): strip(value) for key, value in made.entries if isinstance(key, Literal)}
    steps = {word for name in given for word in words(name)[:1]}
    acts = WRITES - PLAIN_CALLS | _ACTS
    if {"open", "close"} <= steps and not steps & {"read", "next", "lines"}:
        acts = acts | {"open"}  # and not a thing that is opened to be read
    for name, value in given.items():
        if not isinstance(value, Function) or not set(words(name)[:1]) & acts:
            continue
        calls = list(calls_in(value.body))
        if any(one.receiver is not None for one in calls) and not any(
            is_check(module, one) or _demands(one) for one in calls
        ):
            return name
    return ""
