"""REG021: versions are put in order as texts, so that 10 comes before 9."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type, definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Comprehension,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, walk
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, text_of
from reviewer.experts.registry.choosing_versions.choosing import is_choice, orderings
from reviewer.experts.registry.choosing_versions.counted_columns import counts_versions
from reviewer.experts.registry.vocabulary import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.registry.choosing_versions.choosing import Ordering

_TEXTS: Final = frozenset(
    {"keys", "listdir", "readdir", "readdirSync", "glob", "iterdir", "split", "getOwnPropertyNames"}
)
"""Calls that give texts."""
_PARSERS: Final = frozenset(
    "Version parse_version parseVersion LooseVersion StrictVersion VersionInfo SemVer SimpleSpec packaging semver "
    "semantic_version pkg_resources total_ordering __lt__".split()
)
"""Names of what makes something of a version that is compared as it should be."""
_FLOATS: Final = frozenset({"parseFloat", "Number", "float", "parseInt"})


_TAKEN: Final = ", and the wrong one is taken"
_ORDER_BY: Final = regex(
    r"\border\s+by\s+(?:\w+\s*,\s*)?((?:\w+\.)?(?:version|ver|semver))\b(?!\s*(?:_|::|collate\s+semver))", re.IGNORECASE
)
"""A column of versions by which a statement sorts, with nothing made of it."""
_GREATEST: Final = regex(r"\bselect\b[^;]{0,200}\bmax\(\s*((?:\w+\.)?(?:version|semver))\s*\)", re.IGNORECASE)
"""The greatest of a column of versions."""
_AS_NUMBER: Final = regex(
    r"max\(\s*(?:\w+\.)?(?:version|semver)\s*\)\s*(?:::\s*(?:big|small)?int|,\s*-?\d|\+\s*\d)"
    r"|cast\(\s*(?:\w+\.)?(?:version|semver)\s+as\s+\w*int|\bversion\s*(?:::\s*(?:big|small)?int|[<>=]+\s*\d+\b(?!\.))",
    re.IGNORECASE,
)
"""A statement that says itself that its versions are whole numbers: ``coalesce(max(version), 0)``."""
_LONGEST_STATEMENT: Final = 4_000
_UNSURE: Final = ("as texts, if they are texts", False)


@module_check("REG021", words=VERSIONS)
def text_order(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find orders of versions by text, and by a number made of the whole text."""
    if module.is_test:
        return
    yield from _by_database(inquiry, module)
    for ordering in orderings(module):
        how = _how(module, ordering)
        if how is None:
            continue
        why, sure = how
        choice = is_choice(ordering)
        yield Match(
            ordering.call,
            f"Versions are put in order {why}: 1.10.0 comes before 1.9.0{_TAKEN if choice else ''}.",
            related=((ordering.taken, "the one that is taken"),) if ordering.taken not in (None, ordering.call) else (),
            confidence=None if sure and choice else Confidence.POSSIBLE,
        )


def _by_database(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find statements that let the database put versions in order, which it does by their text."""
    for node in module.some(Literal, Template):
        if isinstance(node.parent, Template):
            continue
        text = text_of(node)
        if not 20 < len(text) < _LONGEST_STATEMENT:
            continue
        greatest, hit = _GREATEST.search(text), _ORDER_BY.search(text)
        if (greatest or hit) and (_AS_NUMBER.search(text) or counts_versions(inquiry, text)):
            continue
        if greatest is not None:
            yield Match(
                node,
                f"The database takes the greatest '{greatest.group(1)}' as a text: of 1.10.0 and 1.9.0 that is 1.9.0.",
            )
        elif hit is not None:
            chosen = re.search(r"\blimit\s+1\b", text, re.IGNORECASE) is not None
            wrong = _TAKEN if chosen else ""
            yield Match(
                node,
                f"The database puts '{hit.group(1)}' in order as texts: 1.10.0 comes before 1.9.0{wrong}.",
                confidence=None if chosen else Confidence.POSSIBLE,
            )


def _how(module: Module, ordering: Ordering) -> tuple[str, bool] | None:
    """Say how versions are compared where that is wrong, and whether it is sure."""
    by = ordering.by
    if module.language == "python":
        return _by_key(module, ordering, by)
    if by is None:
        return (
            ("as texts", True)
            if ordering.call.name in ("sort", "toSorted")
            and _not_numbers(module, ordering)
            and not _kept_under_version(ordering.items)
            else None
        )
    body = by if isinstance(by, Function) else definition(module, by)
    return _by_comparator(body) if isinstance(body, Function) else None


def _not_numbers(module: Module, ordering: Ordering) -> bool:
    return not any(word in declared_type(module, ordering.items) for word in ("number", "SemVer", "Version["))


def _kept_under_version(items: Expr) -> bool:
    """Tell whether what is put in order is what a table has under each: ``all.map((it) => time[it.version])``."""
    made = strip(items)
    each = strip(made.args[0]) if isinstance(made, Call) and made.name == "map" and made.args else None
    given = [one.value for one in returns_of(each)] if isinstance(each, Function) else []
    looked_up = [strip(one.key) for one in map(strip, filter(None, given)) if isinstance(one, Index)]
    return bool(given) and len(looked_up) == len(given) and not any(isinstance(one, Literal) for one in looked_up)


def _by_comparator(function: Function) -> tuple[str, bool] | None:
    """Judge a comparator by its one way of comparing."""
    if any(node.name in ("split", "parse", "match", "exec", "compare", "coerce") for node in find(function.body, Call)):
        return None
    for call in find(function.body, Call):
        if call.name == "localeCompare" and (call.receiver is None or is_version(_spelled(call.receiver))):
            options = call.arg(2)
            numeric = isinstance(options, Object) and options.get("numeric") is not None
            if isinstance(options, Name):
                numeric = True
            return None if numeric else ("as texts", True)
        if call.name in _FLOATS and call.args and is_version(call.args[0]) and call.receiver is None:
            return "as decimal numbers", True
    for node in find(function.body, Binary):
        if node.op in ("<", ">", "<=", ">=") and all(is_version(_spelled(one)) for one in (node.left, node.right)):
            return "as texts", True
    return None


def _by_key(module: Module, ordering: Ordering, by: Expr | None) -> tuple[str, bool] | None:
    if by is None:
        return _unordered(module, ordering.items)
    by = strip(by)
    if isinstance(by, Call) and by.name in ("itemgetter", "attrgetter") and by.args:
        name = by.args[0]
        found = isinstance(name, Literal) and isinstance(name.value, str) and bool(set(words(name.value)) & VERSIONS)
        return ("as texts", True) if found and _field_is_text(module, name) else None
    if isinstance(by, Name) and by.id in ("str", "float"):
        return ("as texts" if by.id == "str" else "as decimal numbers"), True
    function = by if isinstance(by, Function) else definition(module, by)
    if not isinstance(function, Function):
        return None
    for node in find(function.body, Return):
        value = strip(node.value) if node.value is not None else None
        spelled = _spelled(value) if value is not None else None
        if spelled is not value and isinstance(spelled, Member | Index) and is_version(spelled):
            return "as texts", True
        if isinstance(value, Member | Index) and is_version(value):
            return ("as texts", True) if _field_is_text(module, value) else None
        if isinstance(value, Call) and isinstance(value.callee, Name) and value.callee.id == "float" and value.args:
            return ("as decimal numbers", True) if is_version(value.args[0]) else None
        if isinstance(value, Name) and any(isinstance(b, Param) for b in module.scopes.lookup(value.id, value)):
            return _elements(module, ordering.items)
    return None


def _spelled(expr: Expr) -> Expr:
    """Return what an expression writes out as a text, ``str(x)``, ``String(x)``, ``x.toString()``; else itself."""
    made = strip(expr)
    if isinstance(made, Call) and made.receiver is None and made.name in ("str", "String") and len(made.args) == 1:
        return strip(made.args[0])
    if isinstance(made, Call) and made.receiver is not None and made.name == "toString" and not made.args:
        return strip(made.receiver)
    return made


def _unordered(module: Module, items: Expr) -> tuple[str, bool] | None:
    """Judge versions that are compared as they are."""
    elements = _elements(module, items)
    if elements is not _UNSURE:
        return elements
    if _kept_parsed(module):
        return None
    return elements if _may_be_parsed(module) else ("as texts", True)


def _may_be_parsed(module: Module) -> bool:
    """Tell whether anything in the subject makes more than texts of versions, so that a list may hold that."""
    project = module.project
    return project is None or any(True for _ in project.paths(_PARSERS, tests=False))


def _kept_parsed(module: Module) -> bool:
    """Tell whether a file keeps what it has under versions that are parsed: ``shelf[Version(text)] = build``."""
    keys = (strip(one.target.key) for one in module.all(Assign) if isinstance(one.target, Index))
    return any(isinstance(key, Call) and set(words(key.name)) & VERSIONS for key in keys)


def _elements(module: Module, items: Expr) -> tuple[str, bool] | None:
    """Judge a list of Python whose elements are compared as they are."""
    items = strip(items)
    if isinstance(items, Comprehension):
        element = strip(items.element)
        if isinstance(element, Member | Index) and is_version(element):
            return ("as texts", True) if _field_is_text(module, element) else None
        if isinstance(element, Name) and len(items.clauses) == 1:
            return _elements(module, items.clauses[0][1])
        return None
    if isinstance(items, Call):
        if items.name in _TEXTS:
            return "as texts", True
        return (
            _elements(module, items.args[0]) if items.name in ("list", "set", "tuple", "iter") and items.args else None
        )
    declared = declared_type(module, items)
    if declared:
        return ("as texts", True) if "str" in declared and "Version" not in declared else None
    if isinstance(items, Name):
        bindings = module.scopes.lookup(items.id, items)
        value = getattr(bindings[0], "value", None) if len(bindings) == 1 else None
        if value is not None and value is not items:
            return _elements(module, value) if isinstance(value, Comprehension | Call | Name) else _UNSURE
        return _UNSURE
    return None


def is_version(expr: Node) -> bool:
    """Tell whether an expression is a version as it is written: no call made of it, no part taken of it."""
    if isinstance(expr, Call) or not isinstance(expr, Name | Member | Index):
        return False
    if isinstance(expr, Name):
        return len(expr.id) <= 2 or bool(set(last_words(expr)) & VERSIONS)
    last = set(last_words(expr))
    return bool(last & VERSIONS) and not last & {"code", "number", "count", "parsed", "tuple", "key"}


def _field_is_text(module: Module, value: Expr) -> bool:
    """Tell whether a member of this name is declared as a text in the file, or not declared at all."""
    name = value.value if isinstance(value, Literal) else value.name if isinstance(value, Member) else ""
    for cls in module.classes:
        for field in cls.fields:
            if field.name == name and field.type:
                return "str" in field.type
    return not any(
        isinstance(node, Call) and node.name in ("Version", "parse_version") for node in walk(module.body)
    ) or isinstance(value, Index)
