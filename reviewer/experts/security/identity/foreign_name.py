"""SEC085: somebody publishes under a name that is taken, and nobody asks whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Comprehension,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Param,
    strip,
)
from reviewer.code.text.ideas import OWNERS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.patterns import found as matches
from reviewer.experts.paths import path_words, said_in, text_of, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_PUBLISHES: Final = word_set("publish release upload submit republish")
"""First words of functions by which somebody brings a version of a package in."""
_PACKAGES: Final = word_set("version versions manifest archive release package bundle artifact tarball")
"""Words of which a function that publishes packages has one, and one that publishes events seldom any."""
_WHO: Final = word_set(
    "publisher author user account caller owner uploader maintainer principal actor session identity developer vendor "
    "submitter"
)
_OWNERS: Final = OWNERS | word_set("owners maintainers namespace scope createdby owns")
_LOOKS: Final = frozenset(
    "get find findOne find_one findFirst findUnique findByName find_by_name lookup query fetch_one fetchone "
    "fetchrow one execute select first get_or_none load byName by_name".split()
)
_SEARCHES: Final = frozenset({"some", "find", "filter", "findIndex", "every"})
_NAMES: Final = frozenset({"name", "id", "slug", "identifier"})
_KEPT: Final = _PACKAGES | {"plugin", "extension", "listing", "entry"}
_PLACES: Final = word_set("db database store registry index catalog catalogue repository packages plugins")
_BRINGS: Final = word_set("insert create save put set add append push store write update upsert execute query release")
_GUARDS: Final = word_set(
    "assert ensure require check authorize authorise can may owns allowed belongs guard demand permit is has must"
)
_COMPARES: Final = frozenset({"startsWith", "startswith", "includes", "has", "equals", "some", "contains"})
_FILTER: Final = r"(?i)\b\w*(owner|publisher|author|maintainer|user|account|uploader|vendor|namespace)\w*\s*=\s*[$?:%@]"
"""A condition of a statement that asks for what belongs to somebody."""


@module_check("SEC085", words=_PUBLISHES)
def foreign_name(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that publishes for somebody, and finds out whether the name is taken."""
    if module.is_test:
        return
    for function in module.functions:
        first = words(function.name)[:1]
        if not set(first) & _PUBLISHES or function.signature_only or not said_in(function) & _PACKAGES:
            continue
        who = next((param for param in function.params if set(words(param.name)) & _WHO), None)
        look = (_look(function) or _goes_through(function)) if who is not None else None
        if who is None or look is None or not _brings_after(function, look):
            continue
        if not _asked(function, who):
            yield Match(
                look,
                f"'{function.name}' finds out whether the name is there already, and never whether it belongs to "
                f"'{who.name}': anybody who may publish can release under a foreign name.",
            )


def _look(function: Function) -> Assign | None:
    """Return where the entry under a name that was sent is looked up."""
    for assign in find(function.body, Assign):
        call = strip(assign.value) if assign.value is not None else None
        if not isinstance(call, Call) or call.receiver is None or not _looks_up(call):
            continue
        named = any(
            (isinstance(node, Member) and node.name in ("name", "id", "slug"))
            or (isinstance(node, Name) and words(node.id)[-1:] in (("name",), ("slug",)))
            for argument in call.args
            for node in walk(argument)
        )
        statement = text_of(call.args[0]).lower() if call.args else ""
        if named and (not statement or "select" in statement):
            return assign
    return None


def _goes_through(function: Function) -> Node | None:
    """Return where all entries are gone through for one of the same name: ``items.some((one) => one.id === id)``."""
    for node in walk(function.body):
        tests: list[Node] = []
        if isinstance(node, Call) and node.name in _SEARCHES and node.args:
            tests = [one for given in node.args for one in find(given, Binary)]
        elif isinstance(node, Comprehension):
            tests = [one for given in (node.element, *node.tests) for one in find(given, Binary)]
        elif isinstance(node, Binary) and node.op in ("in", "not in"):
            key = strip(node.left)
            tests = [node] if isinstance(key, Array | Member) and any(map(_is_name, walk(key))) else []
        if any(isinstance(test, Binary) and _by_name(test) for test in tests):
            return node
    return None


def _by_name(test: Binary) -> bool:
    """Tell whether a comparison asks for an entry of the same name."""
    if test.op in ("in", "not in"):
        return any(map(_is_name, walk(test.left)))
    return test.op == "==" and _is_name(strip(test.left)) and any(map(_is_name, walk(test.right)))


def _is_name(node: Node) -> bool:
    if isinstance(node, Index):
        return str(getattr(strip(node.key), "value", "")) in _NAMES
    return (isinstance(node, Member) and node.name in _NAMES) or (isinstance(node, Name) and node.id in _NAMES)


def _looks_up(call: Call) -> bool:
    """Tell whether a call asks a store for what is kept under a name: ``find(name)``, ``db.package(name)``."""
    if call.name in _LOOKS:
        return True
    return call.name in _KEPT and len(call.args) == 1 and bool(path_words(call.receiver) & _PLACES)


def _brings_after(function: Function, look: Node) -> bool:
    kept = (one for one in find(function.body, Assign) if isinstance(strip(one.target), Index))
    return any(one.start > look.stop for one in kept) or any(
        call.start > look.stop and call.receiver is not None and set(words(call.name)[:1]) & _BRINGS
        for call in calls_in(function.body)
    )


def _asked(function: Function, who: Param) -> bool:
    """Tell whether the function asks whose a name is: by a comparison, a guard, a statement's condition."""
    for node in walk(function.body):
        if isinstance(node, Binary) and node.op in ("==", "!=", "in", "not in", "<", ">"):
            if _about(node.left, who) or _about(node.right, who):
                return True
        elif (isinstance(node, Call) and _guards(node, who)) or (
            isinstance(node, Literal) and isinstance(node.value, str) and matches(_FILTER, node.value)
        ):
            return True
    return False


def _about(side: Node, who: Param) -> bool:
    last = words(getattr(side, "name", "") or getattr(side, "id", ""))
    return bool(set(last) & _OWNERS) or who.name in names_in(side)


def _guards(call: Call, who: Param) -> bool:
    handed = [*call.args, *call.keywords.values()]
    if call.name in _COMPARES:
        return bool(said_in(call) & _OWNERS) or who.name in names_in(call)
    said = set(words(call.name))
    if said & {"verify"} and not said & _OWNERS:
        return False
    about = bool(said & _OWNERS) or any(who.name in names_in(argument) for argument in handed)
    return about and bool(said & (_GUARDS | {"verify"}) or path_words(call.receiver) & {"policy", "acl", "permissions"})
