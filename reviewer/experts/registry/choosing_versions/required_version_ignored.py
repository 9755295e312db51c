"""REG365: what a plugin requires is looked up by its name, and the version that it asks for is never compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.elements import element_type
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import (
    Array,
    Call,
    Comprehension,
    Expr,
    ExprStatement,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    strip,
)
from reviewer.code.text.ideas import DEPENDENCIES
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.registry.choosing_versions.choosing import orderings

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NEEDS: Final = DEPENDENCIES
_ONE: Final = frozenset({"requirement", "req", "needed", "need"})
_PAIRS: Final = frozenset({"items", "entries"})
_ASKED: Final = frozenset("range ranges span spec constraint wanted requirement specifier bounds asked wish".split())
"""Words of what somebody says of the versions that will do."""
_OF_KEYS: Final = frozenset("keys sorted list set tuple len bool isSuperset issuperset all any".split())
"""Calls that ask a table for its names alone."""
_TABLE: Final = regex(r"(?:(?:typing\.)?(?:Mapping|dict|Dict)\[str, ?str\]|(?:Readonly<)?Record<string, ?string>)")
"""Types of what holds a text for each name."""
_COMPARES: Final = frozenset(
    "specifier contains SpecifierSet satisfies Version parse_version Range validRange NpmSpec SimpleSpec semver "
    "maxSatisfying match_range in_range".split()
)


@module_check("REG365", words=_NEEDS | {"requirement"})
def required_version_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at requirements of which only the name is used, in subjects that never compare one."""
    if module.is_test:
        return
    yield from _parsed(inquiry, module)
    yield from _pairs(module)
    yield from _names_alone(inquiry, module)
    yield from _records(inquiry, module)


@module_check("REG365", words=_ASKED)
def asked_range_dropped(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at choices of a version that parse the range they are given, and drop what comes of it."""
    if module.is_test:
        return
    for ordering in orderings(module):
        function = ordering.chooser or ordering.function
        if function is None or ordering.taken is None:
            continue
        for param in function.params:
            uses = [name for name in find(function.body, Name) if name.id == param.name]
            if not set(words(param.name)) & _ASKED or not uses or not all(map(_is_dropped, uses)):
                continue
            yield Match(
                uses[0].parent or uses[0],
                f"'{param.name}' says which versions will do; it is read, what comes of it is dropped, and "
                f"'{function.name}' takes the newest there is.",
            )


def _is_dropped(name: Name) -> bool:
    """Tell whether a value only goes into a call whose answer nobody takes."""
    call = name.parent
    return isinstance(call, Call) and name in call.args and isinstance(call.parent, ExprStatement)


def _parsed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find look-ups by the name of a parsed requirement where no file of the subject asks for its specifier."""
    if "Requirement" not in module.identifiers or not _of_packages(module):
        return
    if any(True for _one in inquiry.project.paths(naming={"specifier"}, tests=False)):
        return
    for member in module.all(Member):
        if member.name != "name" or not isinstance(member.object, Name) or not _looked_up(member):
            continue
        if set(last_words(member.object)) & (_NEEDS | _ONE):
            yield Match(
                member,
                f"Only the name of '{member.object.id}' is looked up; the version that it asks for is read and "
                "never compared: any version that happens to be there will do.",
            )
            return


def _of_packages(module: Module) -> bool:
    """Tell whether the requirements of a file are those of packages, and no class of its own has the name."""
    return module.language != "python" or not module.identifiers.isdisjoint({"packaging", "pkg_resources"})


def _pairs(module: Module) -> Iterator[Match]:
    """Find ``for name, _range in manifest.dependencies.items()`` whose range nobody looks at."""
    for node in module.some(For, Comprehension):
        target, over, used = _parts(node)
        if not isinstance(target, Array) or len(target.items) != 2 or over is None:
            continue
        call = strip(over)
        if not isinstance(call, Call) or call.name not in _PAIRS:
            continue
        holder = call.receiver if call.name == "items" else call.arg(0)
        if holder is None or not set(last_words(holder)) & _NEEDS:
            continue
        name, asked = (strip(item) for item in target.items)
        if not isinstance(name, Name) or not isinstance(asked, Name) or not _looks_up(used, name.id):
            continue
        if not any(one.id == asked.id for part in used for one in find(part, Name)) and not _compared(module):
            yield Match(
                target,
                f"'{asked.id}' says which versions will do and is never used: whatever version of '{name.id}' is there "
                "is taken.",
            )


def _names_alone(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find ``for needed in package.requires`` over a table of versions of which no line takes a version."""
    for node in module.some(For, Comprehension):
        target, over, used = _parts(node)
        held = _keys_of(over) if over is not None else None
        if not isinstance(target, Name) or not isinstance(held, Member) or not set(last_words(held)) & _NEEDS:
            continue
        if not _TABLE.match(declared_type(module, held).strip("'\"")) or not _looks_up(used, target.id):
            continue
        if _compared(module) or _versions_taken(module, held.name) or _compares_elsewhere(inquiry):
            continue
        yield Match(
            over if over is not None else node,
            f"'{module.text_of(held)}' says for each name which versions will do, and only the names are looked up: "
            f"whatever version of '{target.id}' is there is taken.",
        )


def _records(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find ``needs.filter(({ id }) => !units.has(id))`` over records that say which versions will do."""
    if _compared(module):
        return
    for call in module.calls(("filter", "some", "every", "find")):
        each, over = strip(call.args[0]) if call.args else None, call.receiver
        if not isinstance(each, Function) or not each.params or over is None:
            continue
        param = each.params[0]
        kind = named_type(module, param.type or element_type(declared_type(module, over)))
        asked = [one.name for one in kind.fields if set(words(one.name)) & _ASKED] if kind is not None else []
        if not asked or not (set(last_words(over)) | set(words(kind.name if kind else ""))) & (_NEEDS | _ONE):
            continue
        looked = {one for one in (*param.fields.values(), param.name) if one and _by_part(each, one)}
        read = any(isinstance(one, Member) and one.name in asked for one in find(each.body, Member))
        if looked and not read and not set(asked) & set(param.fields) and not _compares_elsewhere(inquiry):
            yield Match(
                each,
                f"'{asked[0]}' says which versions will do, and only the name is looked up: whatever version is there "
                "is taken.",
            )


def _by_part(each: Function, name: str) -> bool:
    """Tell whether something is looked up by a name, or by the name that a record has."""
    return any(
        _looked_up(one.parent if isinstance(one.parent, Member) and one.parent.object is one else one)
        for one in find(each.body, Name)
        if one.id == name
    )


def _keys_of(over: Expr) -> Expr:
    """Return the table whose keys a loop goes through: ``needs.keys()``, ``Object.keys(needs)``, ``sorted(needs)``."""
    over = strip(over)
    if isinstance(over, Call) and over.name in ("keys", "sorted", "list", "set", "tuple"):
        inner = over.args[0] if over.args else over.receiver
        return _keys_of(inner) if inner is not None else over
    return over


def _versions_taken(module: Module, name: str) -> bool:
    """Tell whether the file takes a value out of a table of this name, or hands the table on."""
    for member in module.all(Member):
        if member.name != name:
            continue
        around = member.parent
        if isinstance(around, Index) and around.object is member:
            return True
        if isinstance(around, Member) and around.name in ("items", "values", "get", "entries"):
            return True
        if isinstance(around, Call) and member in around.args and around.name not in _OF_KEYS:
            return True
    return False


def _compares_elsewhere(inquiry: Inquiry) -> bool:
    return any(
        True for word in ("satisfies", "specifier", "semver") for _ in inquiry.project.paths(naming={word}, tests=False)
    )


def _parts(node: Node) -> tuple[Expr | None, Expr | None, list[Node]]:
    if isinstance(node, For):
        return node.target, node.iterable, list(node.body)
    if isinstance(node, Comprehension) and len(node.clauses) == 1:
        target, over = node.clauses[0]
        return target, over, [node.element, *node.tests]
    return None, None, []


def _looks_up(used: list[Node], name: str) -> bool:
    """Tell whether a name is held against what is there: ``name not in registry``, ``registry.get(name)``."""
    return any(one.id == name and _looked_up(one) for part in used for one in find(part, Name))


def _looked_up(expr: Expr) -> bool:
    around = expr.parent
    if isinstance(around, Index):
        return around.key is expr
    if isinstance(around, Call):
        return around.name in ("get", "has", "find", "lookup", "resolve", "load") and expr in around.args
    return getattr(around, "op", "") in ("in", "not in") and getattr(around, "left", None) is expr


def _compared(module: Module) -> bool:
    return not _COMPARES.isdisjoint(module.identifiers)
