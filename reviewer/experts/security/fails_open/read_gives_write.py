"""SEC015: a change is made on the strength of a permission to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, returns_of
from reviewer.code.reach.links import callee, class_of_value, declared_member, named_type
from reviewer.code.scope import is_this_member
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
    Name,
    Node,
    Object,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words, word_set
from reviewer.experts.registry.sql_statements import runs_in
from reviewer.experts.security.access import step
from reviewer.experts.security.decisions import is_check
from reviewer.experts.security.guarding import DEMANDS, is_guarding
from reviewer.experts.security.vocabulary import PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_READS: Final = frozenset({"read", "view", "see", "look", "list", "get", "readonly", "browse", "inspect"})
_WRITES: Final = word_set(
    "write put set delete remove update edit editable replace save insert create patch rename move append writable "
    "clear destroy overwrite modify change upsert truncate purge"
)
_DEMANDS: Final = frozenset("demand demands require requires ensure enforce assert must need needs".split())
_ACTS: Final = word_set("send post publish fire turn switch press unlock pay move lift start stop restart reboot")
"""First words of what a handle does to the world."""
_PLAIN_CALLS: Final = frozenset({"set", "delete", "clear", "append", "add", "push"})
"""Calls that change the host's own bookkeeping as often as the data."""
_KEEPS: Final = frozenset({"append", "add", "push", "set", "put", "insert", "update"})
"""Calls by which an object keeps what it is given."""
_BOOKKEEPING: Final = word_set("cache memo recent log history metrics stats seen audit trail journal pending")
_CHANGING_ROUTES: Final = frozenset({"delete", "put", "patch"})
_PART: Final = regex(r"[a-z]+")


@module_check("SEC015", words=TRIGGERS | {"depends", "guarded", "secured", "requires", "demand"})
def read_gives_write(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what a function checks with what it does."""
    if module.is_test:
        return
    for function in module.functions:
        named = words(function.name)
        if not named or function.signature_only:
            continue
        asked = _asked(module, function)
        if not asked or any(_WRITES & verbs for _at, verbs in asked) or not any(_READS & verbs for _at, verbs in asked):
            continue
        act = _changes(module, function, set(named)) or _hands_out(module, function)
        if not act:
            continue
        at = next(at for at, verbs in asked if _READS & verbs)
        yield Match(at, f"'{short(module.text_of(at))}' asks for reading, and '{function.name}' {act}.")
    for call in module.calls(_CHANGING_ROUTES):
        yield from _of_route(module, call)
    for members in module.all(Object):
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
        verbs = {verb for arg in by.args for verb in _verbs(arg)}
        if verbs & _READS and not verbs & _WRITES:
            yield Match(by, f"'{short(module.text_of(by))}' asks for reading, and '{call.name}' changes what is there.")


def _of_wrapper(module: Module, name: str, call: Call) -> Iterator[Match]:
    """Look at ``move: guard("cards.read", (card, lane) => board.move(card, lane))``."""
    work = strip(call.args[-1])
    if not isinstance(work, Function) or not is_guarding(module, call):
        return
    verbs = {verb for arg in call.args[:-1] for verb in _verbs(strip(arg))}
    if not verbs & _READS or verbs & _WRITES:
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
            verbs |= set(words(node.name)) & (_READS | _WRITES)
            if verbs:
                found.append((node, verbs))
        elif isinstance(node, If):
            found.extend(_sought_in_grants(node))
            found.extend(_looked_up_in_grants(node))
            found.extend(
                (part, {part.name})
                for part in walk(node.test, into_functions=False)
                if isinstance(part, Member)
                and part.name in _READS | _WRITES
                and not (isinstance(part.parent, Call) and part.parent.callee is part)
                and path_words(part.object) & PERMISSION
            )
    return found


def _sought_in_grants(test: If) -> Iterator[tuple[Node, set[str]]]:
    """Yield ``"wiki.read" not in ctx.permissions`` with the verbs of the text that is sought."""
    for part in walk(test.test, into_functions=False):
        if isinstance(part, Binary) and part.op in ("in", "not in") and path_words(part.right) & PERMISSION:
            verbs = _verbs(strip(part.left))
            if verbs:
                yield part, verbs


def _looked_up_in_grants(test: If) -> Iterator[tuple[Node, set[str]]]:
    """Yield ``grants["pages"].get("read")`` with the verb under which the answer is looked up."""
    for part in walk(test.test, into_functions=False):
        found = step(part) if isinstance(part, Call | Index) else None
        if found is not None and found[1] in _READS | _WRITES and path_words(found[0]) & PERMISSION:
            yield part, {found[1]}


def _verbs(arg: Expr) -> set[str]:
    """Return the verbs that an argument names: ``'storage.read'``, ``Permission.READ``."""
    if isinstance(arg, Literal) and isinstance(arg.value, str):
        if " " in arg.value.strip():
            return set()  # what an error tells, and no right
        return set(_PART.findall(arg.value.lower())) & (_READS | _WRITES)
    if isinstance(arg, Member) and arg.name[:1].isupper():
        return set(words(arg.name)) & (_READS | _WRITES)
    if isinstance(arg, Object):
        named = [arg.get(key) for key in ("action", "verb", "permission", "access")]
        return {verb for value in named if value is not None for verb in _verbs(strip(value))}
    if isinstance(arg, Template):
        return {verb for item in arg.items if isinstance(item, Literal) for verb in _verbs(item)}
    return set()


def _changes(module: Module, function: Function, named: set[str]) -> str:
    """Return how a function changes things, as the end of a sentence; empty where it doesn't."""
    if named & _WRITES and not named & _READS:
        if any(isinstance(n, Call | Return) for n in walk(function.body, into_functions=False)):
            return "changes what it guards"
        return ""
    if named & _READS:
        return ""
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Call) and node.receiver is not None:
            done = words(node.name)
            if (
                done
                and done[0] in _WRITES - _PLAIN_CALLS
                and not path_words(node.receiver) & {"audit", "log", "trail", "cache", "head"}
            ):
                return f"goes on to call '{node.name}'"
            if _changes_its_object(module, node):
                return f"goes on to call '{node.name}', which changes what is there"
    return ""


def _hands_out(module: Module, function: Function) -> str:
    """Return that a function answers with an object that changes things, as the end of a sentence; empty for none."""
    declared = named_type(module, function.returns) if function.returns else None
    for answer in returns_of(function):
        act = _handle_that_acts(module, answer)
        if act:
            return f"hands out what changes things, by '{act}'"
        cls = class_of_value(module, answer.value) if answer.value is not None else None
        for method in cls.methods if cls is not None else ():
            if method.kind != "method" or method.private or not _is_change(method):
                continue
            if declared is None or declared_member(declared, method.name) is not None:
                return f"hands out what changes things, by '{method.name}'"
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
    acts = _WRITES - _PLAIN_CALLS | _ACTS
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


def _is_change(method: Function) -> bool:
    """Tell whether a method changes what is stored: by its name, or by the statement that it runs."""
    named = words(method.name)[:1]
    return bool(set(named) & (_WRITES - _PLAIN_CALLS)) or any(run.verb != "select" for run in runs_in(method))


def _changes_its_object(module: Module, call: Call) -> bool:
    """Tell whether a call goes to a method of the subject that is given something and keeps it."""
    target = callee(module, call)
    if target is None or not call.args or target.kind == "constructor" or set(words(target.name)) & _READS:
        return False
    given = {param.name for param in target.params}
    for node in walk(target.body, into_functions=False):
        holder: Expr | None = None
        held: Expr | None = None
        if isinstance(node, Assign) and isinstance(node.target, Index):
            holder, held = node.target.object, node.value
        elif isinstance(node, Call) and node.name in _KEEPS and node.args:
            holder, held = node.receiver, node.args[-1]
        if holder is None or held is None or not is_this_member(strip(holder)) or path_words(holder) & _BOOKKEEPING:
            continue
        if any(isinstance(part, Name) and part.id in given for part in walk(held)) and not _made_once(node, holder):
            return True
    return False


def _made_once(kept: Node, holder: Expr) -> bool:
    """Tell whether a thing is made where the table has none yet, and kept to be answered with."""
    function = function_of(kept)
    if function is None:
        return False
    text = function.module.text_of(holder)

    def looks(start: Node) -> bool:
        return any(function.module.text_of(part) == text for part in find(start, type(holder)))

    answers = any(answer.value is not None and looks(answer.value) for answer in returns_of(function))
    return answers and any(
        looks(condition.test) and isinstance(condition.test, Binary) and condition.test.op in ("in", "not in")
        for condition in conditions(kept)
    )
