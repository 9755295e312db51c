"""What somebody is given who may only read, and by which he changes things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.called_so import class_called_so
from reviewer.code.reach.links import class_of_value, declared_member, definition, named_type
from reviewer.code.syntax import (
    Call,
    Class,
    Expr,
    ExprStatement,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.deciding.verbs_asked import demands
from reviewer.experts.security.handing.facades import members_of
from reviewer.experts.security.reaching.changing import PLAIN_CALLS, READS, WRITES, changing_method, is_command
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_ACTS: Final = word_set("send post publish fire turn switch press unlock pay move lift start stop restart reboot")
"""First words of what a handle does to the world."""
_ASKS: Final = word_set(
    "find fetch load count has is search query select lookup all each latest first last next current watch describe "
    "show peek check by for of with to the one any every sort group filter compare open can may scan"
)
"""First words of an operation that only asks, beside those that rights are named by."""
_WORDS_OF_COMMAND: Final = 2
_RECORDS: Final = frozenset({"SimpleNamespace", "dict", "Namespace"})
_NOTES: Final = AUDITS | word_set("log logger metrics meter counter stats cache history telemetry events bus")
"""Last words of what is only told that something was asked for."""


def hands_out(module: Module, function: Function, asked: Node) -> tuple[Node, str] | None:
    """Return what a function answers with that changes things, and the member by which it does, or None.

    ``asked`` is the check that is made before; the place is the member of an object that is made here, else the check.
    """
    texts = [part.value for part in find(asked, Literal) if isinstance(part.value, str)]
    rights = {word for text in texts for word in words(text)} - READS
    declared = named_type(module, function.returns) if function.returns else None
    made = [class_given(module, answer.value) for answer in returns_of(function) if answer.value is not None]
    acts = [changing_method(cls, None) for cls in made if cls is not None]
    picked = any(acts) and not all(acts)  # one who writes or one who doesn't, whatever the answer is declared as
    for answer in returns_of(function):
        held = _handle_that_acts(module, answer, rights)
        if held is not None:
            kept = isinstance(strip(answer.value), Name) if answer.value is not None else False
            return (asked, held[1]) if kept else held
        cls = class_given(module, answer.value) if answer.value is not None else None
        act = changing_method(cls, None if picked else declared) if cls is not None else ""
        act = act or ("" if declared is not None else _method_that_acts(cls, rights))
        if act:
            return asked, act
    return None


def _handle_that_acts(module: Module, answer: Return, rights: set[str]) -> tuple[Node, str] | None:
    """Return the member of an object that is made here to be given out which changes things and asks for nothing."""
    made = strip(answer.value) if answer.value is not None else None
    if isinstance(made, Name):  # an object that the host keeps under a name
        kept = module.scopes.origin(made)
        made = kept if isinstance(kept, Object) else made
    if isinstance(made, Call) and made.name in ("freeze", "seal", "MappingProxyType") and made.args:
        made = strip(made.args[0])
    if not isinstance(made, Object | Call) or (isinstance(made, Call) and made.name not in _RECORDS):
        return None
    given = {name: strip(value) for name, value in members_of(made)}
    steps = {word for name in given for word in words(name)[:1]}
    acts = WRITES - PLAIN_CALLS | _ACTS
    if {"open", "close"} <= steps and not steps & {"read", "next", "lines"}:
        acts = acts | {"open"}  # and not a thing that is opened to be read
    for name, value in given.items():
        calls = list(calls_in(value.body)) if isinstance(value, Function) else []
        if any(is_check(module, one) or demands(one) for one in calls):
            continue
        if set(words(name)[:1]) & acts and any(one.receiver is not None for one in calls):
            return value, name
        if any(_does_something(module, one, rights) for one in _work_of(value)):
            return value, name
    return None


def _method_that_acts(cls: Class | None, rights: set[str]) -> str:
    """Return the method of a class that asks for nothing and has something done by what it keeps, or nothing."""
    for method in cls.methods if cls is not None else ():
        if method.kind != "method" or method.private or method.name.startswith(("_", "#")):
            continue
        calls = list(calls_in(method.body))
        if any(is_check(method.module, one) or demands(one) for one in calls):
            continue
        if any(_does_something(method.module, one, rights) for one in _work_of(method)):
            return method.name
    return ""


def _work_of(value: Expr) -> Iterator[Member]:
    """Yield the method of which a member of an object is the call alone, bound to its object or not."""
    value = strip(value)
    if isinstance(value, Call) and value.name == "bind" and value.receiver is not None:
        value = strip(value.receiver)
    if isinstance(value, Member):
        yield value
        return
    statements = [one for one in value.body if not _is_text(one)] if isinstance(value, Function) else []
    only = statements[0] if len(statements) == 1 else None
    made = strip(only.value) if isinstance(only, Return | ExprStatement) and only.value is not None else None
    called = strip(made.callee) if isinstance(made, Call) else None
    if isinstance(called, Member):
        yield called


def _is_text(statement: Node) -> bool:
    return isinstance(statement, ExprStatement) and isinstance(statement.value, Literal)


def _does_something(module: Module, method: Member, rights: set[str]) -> bool:
    """Tell whether a method has something done: by what it declares, or to the very thing that a right is about.

    ``desk.planVisit`` under a right to read ``visits``: a word and the name of one of the things.
    """
    if set(last_words(method.object)) & _NOTES:
        return False
    target = definition(module, method)
    owner = class_given(module, method.object) if target is None else None
    declared = declared_member(owner, method.name) if owner is not None else target
    if isinstance(declared, Function):
        return is_command(declared)
    said = words(method.name)
    one_of = {f"{word}s" for word in said[1:]} | {f"{word[:-1]}ies" for word in said[1:] if word.endswith("y")}
    return len(said) == _WORDS_OF_COMMAND and bool(one_of & rights) and said[0] not in READS | _ASKS


def class_given(module: Module, value: Expr) -> Class | None:
    """Return the class of what is given out: by what makes it or declares it, or the one that it is called after."""
    found = class_of_value(module, value)
    held = strip(value)
    if found is not None or not isinstance(held, Member | Name):
        return found
    last = words(held.name if isinstance(held, Member) else held.id)[-1:]
    alike = [cls for cls in module.classes if cls.outer is None and words(cls.name)[-1:] == last]
    return class_called_so(module, held, short=True) or (alike[0] if last and len(alike) == 1 else None)
