"""API303: the code needs another Python than the package says that it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition
from reviewer.code.syntax import Import, Imported, Member, Node
from reviewer.code.walk import function_of
from reviewer.core.location import Location
from reviewer.experts.api.python_versions import asked
from reviewer.experts.check import Match, module_check
from reviewer.experts.place import locate_raw
from reviewer.experts.python_package.library import RELEASES, last_names, library, older
from reviewer.experts.python_package.requirements import python_range, requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.python_package.requirements import Requirement

_SYNTAX: Final = {
    "match_statement": ("3.10", "the match statement", b"match "),
    "type_alias_statement": ("3.12", "the type statement", b"type "),
    "type_parameter": ("3.12", "type parameters in brackets", b"["),
    "except_clause": ("3.11", "except*", b"except*"),
}
"""Kinds of the parser's nodes that are new, with the bytes without which there is none."""
_BRINGS: Final = {"distutils": "setuptools", "asyncore": "pyasyncore", "asynchat": "pyasynchat", "imp": "zombie-imp"}
_MOST_NODES: Final = 200_000


@module_check("API303")
def python_beyond_promise(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at imports, members of the standard library, and syntax; what asks for the version first is right."""
    promised = python_range(inquiry)
    if module.is_test or module.path == "setup.py" or promised is None or not promised.text:
        return
    runs = [release for release in RELEASES if promised.admits(release)]
    if not runs:
        return
    yield from _names(inquiry, module, promised, runs)
    yield from _syntax(module, promised, runs)


def _names(inquiry: Inquiry, module: Module, promised: Requirement, runs: list[str]) -> Iterator[Match]:
    told: set[str] = set()
    present = last_names() & module.identifiers
    for node in module.some(Import, Member) if present else ():
        for name in _named(module, node, present):
            since, removed = library().get(name, ("", ""))
            early = next((one for one in runs if since and older(one, since)), "")
            late = next((one for one in runs if removed and not older(one, removed)), "")
            if name in told or not (early or late) or asked(node) or _asked_by_callers(module, node):
                continue
            told.add(name)
            if late and not early and _comes_otherwise(inquiry, name):
                continue
            if early:
                text = f"'{name}' came with Python {since}, and the package promises to run on {early}"
            else:
                text = f"'{name}' is gone since Python {removed}, and the package promises to run on {late}"
            yield Match(node, f"{text} ('{promised.text}').")


def _comes_otherwise(inquiry: Inquiry, name: str) -> bool:
    """Tell whether the package asks for a distribution that brings what has left the standard library."""
    module = name.partition(".")[0]
    return any(
        requirement(inquiry, one) is not None for one in (module, f"standard-{module}", _BRINGS.get(module, module))
    )


def _named(module: Module, node: Node, present: frozenset[str]) -> Iterator[str]:
    """Yield the names of the standard library that an import or a member speaks of."""
    if isinstance(node, Import):
        for one in node.names:
            if not one.type_only and not one.source.startswith("."):
                yield from _imported(one)
    elif isinstance(node, Member) and node.name in present and not isinstance(node.parent, Member):
        resolved = module.resolve(node)
        if resolved in library():
            yield resolved


def _imported(one: Imported) -> Iterator[str]:
    parts = one.source.split(".")
    yield from (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    yield f"{one.source}.{one.name}"


def _asked_by_callers(module: Module, node: Node) -> bool:
    """Tell whether all who call the function around a place ask for the version first."""
    function = function_of(node)
    if function is None or not function.name:
        return False
    calls = [call for call in module.calls((function.name,)) if definition(module, call.callee) is function]
    return bool(calls) and all(asked(call) for call in calls)


def _syntax(module: Module, promised: Requirement, runs: list[str]) -> Iterator[Match]:
    wanted = {
        kind: (since, what)
        for kind, (since, what, sign) in _SYNTAX.items()
        if older(runs[0], since) and sign in module.source
    }
    told: set[str] = set()
    for raw in _raw(module.tree.root_node, wanted) if wanted and not module.problems else ():
        since, what = wanted[raw.type]
        if raw.type not in told and _is_new(raw):
            told.add(raw.type)
            yield Match(
                _start(module, raw),
                f"Python {runs[0]}, which the package promises to run on ('{promised.text}'), can't read {what}, which "
                f"came with {since}: the module can't be imported there.",
            )


def _is_new(raw: RawNode) -> bool:
    """Tell the new syntax from an older one that has the same node: ``except:``, and ``list[int]`` in a type."""
    if raw.type == "except_clause":
        return any(child.type == "*" for child in raw.children)
    if raw.type == "type_parameter":
        return raw.parent is not None and raw.parent.type in ("function_definition", "class_definition")
    return True


def _raw(root: RawNode, kinds: dict[str, tuple[str, str]]) -> Iterator[RawNode]:
    """Yield the parser's nodes of some kinds, by a cursor, within a budget."""
    cursor = root.walk()
    for _ in range(_MOST_NODES):
        node = cursor.node
        if node is not None and node.type in kinds:
            yield node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _start(module: Module, raw: RawNode) -> Location:
    place = locate_raw(module, raw)
    return Location(place.path, place.line, place.column, place.line, place.column + 1)
