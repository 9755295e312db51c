"""REG010: a dependency that any version satisfies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Field, Literal, Member, Name, Object
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.registry.document_entries import registries
from reviewer.experts.registry.ranges import read_range
from reviewer.experts.registry.requirements import FIELDS, required_by, requirements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry, Place

_PACKAGE: Final = ("dependencies", "optionalDependencies")
_LOCAL: Final = ("workspace:", "file:", "link:", "portal:", "catalog:", "patch:", "npm:")
_CODE_FIELDS: Final = frozenset(FIELDS) | {"plugin_dependencies", "pluginDependencies", "DEPENDENCIES", "REQUIRES"}
_MANIFESTS: Final = frozenset("manifest plugin addon extension descriptor metadata meta info spec".split())
"""Words of a class of which a manifest is made by its parts' names: ``Manifest(dependencies={…})``."""
_ID: Final = regex(r"^[a-z@][\w@./-]{1,100}$")


@subject_check("REG010")
def dependency_any_version(inquiry: Inquiry) -> Iterator[Match]:
    """Read the ranges of the manifest, of registry documents, and of the package that a plugin is."""
    for need in requirements(inquiry):
        if need.ranged:
            yield from _judged(need.id, need.range, need.at, open_sure=inquiry.subject.ecosystem == "generic")
    for _document, entries in registries(inquiry):
        for entry in entries:
            for need in required_by(entry.value):
                if need.ranged:
                    yield from _judged(need.id, need.range, need.at)
    package = inquiry.subject.other_documents.get("package.json")
    if package is None or inquiry.subject.kind != "plugin":
        return
    for field in _PACKAGE:
        held = package.get(field)
        for name, value in held.members() if held is not None else ():
            if value.kind == "string" and not value.text.startswith(_LOCAL) and not name.startswith("@types/"):
                yield from _judged(name, value.text, value, open_too=False)


@module_check("REG010", words={"dependencies", "requires", "depends", "needs"})
def dependency_any_version_in_code(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Read the ranges in manifests that stand in code as literals."""
    if module.is_test:
        return
    for node in module.all_nodes:
        for name, value in _named(node):
            if name in _CODE_FIELDS and isinstance(value, Object):
                for key, span in value.entries:
                    if not isinstance(key, Literal) or not isinstance(span, Literal):
                        continue
                    if isinstance(span.value, str) and _ID.match(str(key.value)):
                        yield from _judged(str(key.value), span.value, span)


def _named(node: Node) -> Iterator[tuple[str, Expr | None]]:
    """Yield the names under which a node holds values, with the values."""
    if isinstance(node, Object):
        for key, value in node.entries:
            if isinstance(key, Literal):
                yield str(key.value), value
    elif isinstance(node, Call):
        if node.keywords and set(words(node.name)) & _MANIFESTS:
            yield from node.keywords.items()
    elif isinstance(node, Field):
        yield node.name, node.value
    elif isinstance(node, Assign):
        if isinstance(node.target, Name):
            yield node.target.id, node.value
        elif isinstance(node.target, Member):
            yield node.target.name, node.value


def _judged(name: str, text: str, at: Place, *, open_too: bool = True, open_sure: bool = False) -> Iterator[Match]:
    """Speak of one range; ``open_sure`` where a manifest of no known ecosystem says which plugins it was tried with."""
    found = read_range(text)
    if found.kind == "any":
        shown = f"'{text}'" if text.strip() else "an empty range"
        yield Match(at, f"'{name}' is needed in any version ({shown}): the next major release is taken, too.")
    elif found.kind == "moving":
        yield Match(at, f"'{name}' is needed as '{text}', which names another version tomorrow than today.")
    elif found.kind == "open" and open_too:
        yield Match(
            at,
            f"'{name}' is needed in '{text}' without an upper end: the next major release is taken, too.",
            confidence=None if open_sure else Confidence.POSSIBLE,
        )
