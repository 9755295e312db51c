"""SEC028: an answer about permission is kept, and a revocation doesn't reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    If,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Unary,
    strip,
)
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.worked_from import compared_when_read
from reviewer.experts.security.deciding.decisions import is_decision, is_question
from reviewer.experts.security.handing.handed import handed
from reviewer.experts.security.vocabulary import ACTIONS, IDENTITIES, PERMISSION, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.tables import Table
    from reviewer.experts.check import Inquiry

_REVOKES: Final = word_set(
    "revoke revokes revoked revoking withdraw withdrawn unset suspend quarantine ungrant downgrade"
)
CHANGES: Final = _REVOKES | word_set("deny remove forget update reload replace")
"""Words of what has to reach the answers that are kept."""
_AGES: Final = word_set(
    "ttl expires expiry expire age stale now monotonic time deadline timestamp version epoch generation"
)
_MEMOS: Final = frozenset({"lru_cache", "cache", "cached", "memoize", "memoise", "memo", "once"})
_OF_SOMEBODY: Final = frozenset({"of", "for", "to"})
_HELD: Final = (PERMISSION | {"rights", "scopes", "roles"}) - {"access"}


@module_check("SEC028", words=TRIGGERS)
def answer_cached(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for tables in which a decision keeps its answers, and for what a revocation does to them."""
    if module.is_test:
        return
    yield from _memoised(module)
    for table in tables(module):
        write = next(
            (a for a in table.of("write") if a.function is not None and keeps_answers(table, a.function)), None
        )
        if write is None or (write.value is not None and isinstance(module.scopes.origin(write.value), Param)):
            continue
        for_a_while = write.function is not None and _looks_at_age(write.function)
        if not for_a_while and any(memo.table is table and compared_when_read(memo) for memo in memos(inquiry, module)):
            continue  # a number that goes up with each change says that the answer is over
        changes = _REVOKES if for_a_while else CHANGES
        revokers = [f for f in module.functions if f.owner is table.owner and set(words(f.name)) & changes]
        deaf = [f for f in revokers if not _touches(module, table, f)]
        cleared = bool(table.of("delete", "clear")) or _made_again(module, table)
        if deaf:
            stays = "works on until the answer is old" if for_a_while else "stays allowed"
            yield Match(
                deaf[0],
                f"'{table.name}' keeps the answer, and '{deaf[0].name}' doesn't clear it: what was allowed {stays}.",
                related=((write.node, "kept here"),),
            )
        elif not cleared and not for_a_while:
            yield Match(
                write.node,
                f"'{table.name}' keeps the answer, and nothing ever takes it out: a revocation has no effect.",
                confidence=Confidence.POSSIBLE,
            )


def keeps_answers(table: Table, function: Function) -> bool:
    """Tell whether a function that decides reads an answer from a table and puts one in."""
    if not is_decision(function) or set(words(table.name)) & {"log", "audit", "seen", "pending"}:
        return False
    if not any(access.function is function for access in table.of("read", "has")):
        return False
    asked = {word for param in function.params for word in words(param.name)}
    return bool(asked & (IDENTITIES | ACTIONS | {"verb", "id"}))


def _looks_at_age(function: Function) -> bool:
    """Tell whether a function looks at how old an answer is, or at the version of what it was worked out from."""
    read = {word for node in walk(function.body) if isinstance(node, Name | Member) for word in _words_of(node)}
    return bool(read & _AGES)


def _words_of(node: Name | Member) -> tuple[str, ...]:
    return words(node.id) if isinstance(node, Name) else words(node.name)


def _touches(module: Module, table: Table, function: Function) -> bool:
    """Tell whether a function speaks of a table, itself or through one beside it that it calls."""
    called = {call.name for call in calls_in(function.body)}
    beside = [other for other in module.functions if other.owner is table.owner and other.name in called]
    return any(_spelled(node) == table.name for f in [function, *beside] for node in walk(f.body))


def _spelled(node: Node) -> str:
    if isinstance(node, Name):
        return node.id
    return node.name if isinstance(node, Member) else ""


def _made_again(module: Module, table: Table) -> bool:
    if table.owner is None:
        return False
    assigns = module.scopes.fields(table.owner).get(table.name, [])
    return any(a is not table.declared and getattr(function_of(a), "kind", "") != "constructor" for a in assigns)


def _memoised(module: Module) -> Iterator[Match]:
    for function in module.functions:
        if not is_decision(function) and not _reads_rights(function):
            continue
        for decorator in function.decorators:
            called = strip(decorator)
            name = called.name if isinstance(called, Call) else (last_words(called) and "_".join(last_words(called)))
            if name in _MEMOS and "cache_clear" not in module.identifiers and not module.words & {"ttl"}:
                yield Match(
                    decorator, f"'{name}' keeps every answer of '{function.name}': a revocation never reaches it."
                )


def _reads_rights(function: Function) -> bool:
    """Tell whether a function reads what somebody was granted: ``grants_of(plugin)``, ``load_permissions(name)``."""
    said = words(function.name)
    about = set(said) & (_HELD - {"scope", "role"}) if len(said) > 1 else set()
    asks = bool(about) and (said[-1] in _OF_SOMEBODY or (said[0] in _READS_IN and said[-1] in about))
    named = [words(param.name) for param in function.params]
    whose = any(not IDENTITIES.isdisjoint(one) or one[-1:] == ("id",) for one in named)
    return asks and whose and any(True for _call in calls_in(function.body))


_READS_IN: Final = frozenset({"load", "read", "fetch", "get", "lookup"})
"""First words of a function that looks up what is stored."""


@module_check("SEC028", words=TRIGGERS)
def answer_taken_at_start(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for answers that are taken once while a context is made, and tested in its functions later."""
    if module.is_test:
        return
    makers = _makers(inquiry, module)
    others = _of_functions(module) - makers
    for node in module.all_nodes:
        if not isinstance(node, Assign) or node.value is None or not _asks(node.value):
            continue
        function = function_of(node)
        if function is not None and id(function) in makers | others and _tested_inside(node, function):
            yield Match(
                node,
                f"'{short(module.text_of(node.value))}' is asked once, when the context is made, and its answer is "
                "tested ever after: a revocation has no effect on a running plugin.",
                confidence=None if _revocable(inquiry) and id(function) in makers else Confidence.POSSIBLE,
            )


def _of_functions(module: Module) -> set[int]:
    """Return the ids of the functions that give back an object of functions, and so may outlive a revocation."""
    found: set[int] = set()
    for function in module.functions:
        for answer in returns_of(function):
            made = strip(answer.value) if answer.value is not None else None
            if isinstance(made, Object) and any(isinstance(value, Function) for _key, value in made.entries):
                found.add(id(function))
    return found


def _makers(inquiry: Inquiry, module: Module) -> set[int]:
    """Return the ids of the functions that make what plugins get."""
    found: set[int] = set()
    for thing in handed(inquiry, module):
        if isinstance(thing.node, Class):
            function = next((m for m in thing.node.methods if m.kind == "constructor" or m.name == "__init__"), None)
        else:
            function = function_of(thing.node)
        if function is not None:
            found.add(id(function))
    return found


def _asks(value: Expr) -> bool:
    """Tell whether a value is the answer of a check, or a copy of what is granted now."""
    value = strip(value)
    while isinstance(value, Unary) and value.op == "not":
        value = strip(value.operand)
    if not isinstance(value, Call):
        return False
    if set(words(value.name)) & _HELD and words(value.name)[-1] in _OF_SOMEBODY:
        return value.receiver is not None  # ``store.rights_of(plugin)``
    if value.name in ("Set", "set", "frozenset", "freeze", "list") and len(value.args) == 1:
        inner = strip(value.args[0])
        return isinstance(inner, Call) and inner.name in ("get", "of", "for", "granted") and _of_grants(inner)
    return is_question(value) or (value.name == "has" and _of_grants(value))


def _of_grants(call: Call) -> bool:
    return call.receiver is not None and bool(set(last_words(call.receiver)) & _HELD)


def _tested_inside(assign: Assign, maker: Function) -> bool:
    """Tell whether functions inside the maker, or other methods of its class, test what was assigned."""
    target = strip(assign.target)
    if isinstance(target, Name):
        return any(
            isinstance(node, Name) and node.id == target.id and function_of(node) is not maker and _is_tested(node)
            for node in walk(maker.body)
        )
    if isinstance(target, Member) and isinstance(target.object, Name) and target.object.id == "this":
        cls = class_of(assign)
        methods = [m for m in cls.methods if m is not maker] if cls is not None else []
        return any(
            isinstance(node, Member) and node.name == target.name and _is_tested(node)
            for method in methods
            for node in walk(method.body)
        )
    return False


def _is_tested(node: Node) -> bool:
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, If | Conditional):
            return inner is around.test
        if isinstance(around, Return):
            return isinstance(inner, Call) or (isinstance(inner, Binary) and inner.op in ("in", "not in"))
        if isinstance(around, Call):
            if around.name not in ("has", "includes"):
                return False
        elif not isinstance(around, Unary | Binary | Member):
            return False
        inner = around
    return False


def _revocable(inquiry: Inquiry) -> bool:
    """Tell whether the host can take a permission back at all; worked out once."""
    known = inquiry.memory.get("security.revocable")
    if not isinstance(known, bool):
        known = any(True for _module in inquiry.project.paths(naming=_REVOKES, tests=False))
        inquiry.memory["security.revocable"] = known
    return known
