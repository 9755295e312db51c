"""FUN017: identities follow one grammar here and another there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Literal, Member, Name, Regex, strip
from reviewer.code.walk import class_of
from reviewer.core.location import Location
from reviewer.core.scale import Confidence
from reviewer.experts.api.schema_documents import member_of, schema_documents
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.fundamentals.grammars import Grammar, grammars
from reviewer.experts.fundamentals.identity_members import identity_members
from reviewer.experts.fundamentals.vocabulary import DEPENDENCIES, has
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document

_IDS: Final = (
    "notes", "word-count", "word_count", "WordCount", "wordCount", "n2", "2fast", "com.example.notes",
    "com.example.word-count", "org.harbour.tides", "io.acme.word_count", "com.Example.Notes", "a.b", "acme.notes",
    "acme/notes", "@acme/notes", "acme:notes", "acme-notes-3", "net.host.plugins.very.deep.name", "x", "ab",
    "app.smallsteps.habit-rings", "dev.tools2.lint", "com.acme.2d", "NOTES", "a-b.c-d", "acme.word-count",
    "host.plugins.notes.v2", "acme--notes", "acme/word-count", "acme.notes.extra",
    "acme@notes", "acme::notes", "acme~notes", "acme|notes", "acme#notes", "acme+notes", "acme/pack/notes",
    "acme_notes",
)  # fmt: skip
"""Identities of every usual kind; two grammars are compared by what they say of these."""
_RANGES: Final = ("^1.2.3", "~1.2.3")
_SPELLING: Final = frozenset(
    {"pattern", "regex", "id", "regexp", "re", "match", "test", "fullmatch", "isidentifier", "isalnum", "isalpha"}
)
"""Words of what spells a grammar."""


class _Rule(Fact, frozen=True):
    """What is said about identities at one place."""

    at: Location
    role: str
    pattern: str
    how: str
    accepted: frozenset[str]
    raw: str


@subject_check("FUN017")
def id_grammar_differs(inquiry: Inquiry) -> Iterator[Match]:
    """Hold every grammar of identities against the one for the ids of plugins."""
    rules = _rules(inquiry)
    ids = [rule for rule in rules if rule.role == "id" and rule.accepted]
    if not ids:
        return
    first = next((rule for rule in ids if rule.how != "constant"), ids[0])
    applied = {rule.raw for rule in rules if rule.how != "constant"}
    said = {first.pattern, first.raw}
    for rule in rules:
        if rule.how == "constant" and rule.raw in applied:
            continue
        if rule.pattern in said or rule.raw in said or not rule.accepted or rule.at == first.at:
            continue
        refused = sorted(first.accepted - rule.accepted, key=lambda one: (-one.count("."), len(one), one))
        if not refused:
            continue
        said.add(rule.pattern)
        yield from _match(first, rule, refused)


def _match(first: _Rule, rule: _Rule, refused: list[str]) -> Iterator[Match]:
    never = not first.accepted & rule.accepted
    what = "a dependency" if rule.role == "dependency" else "an id"
    example = refused[0]
    if never:
        sequel = (
            f"no id that is valid there is valid here, so no dependency can ever name a plugin ('{example}' can't)"
            if rule.role == "dependency"
            else f"no id passes both: '{example}' is accepted there and refused here"
            + (", so nothing can be named by it" if rule.role == "part" else "")
        )
    else:
        sequel = f"'{example}' is a valid id there and refused here"
    doubtful = not never and ((rule.role == "id" and rule.how != "check") or rule.role == "part")
    yield Match(
        rule.at,
        f"The name of {what} has to match {_short(rule.raw)}, the id of a plugin {_short(first.raw)}: {sequel}.",
        related=((first.at, "the grammar of ids"),),
        confidence=Confidence.POSSIBLE if doubtful else None,
    )


def _rules(inquiry: Inquiry) -> list[_Rule]:
    """Return every grammar of identities that the subject spells, in the order of its files."""
    made = [rule for drawn in _SPELLED.of(inquiry) for rule in drawn]
    for document in schema_documents(inquiry):
        ids = ("id", *sorted(identity_members(inquiry.project)))
        spots = [("id", member_of(document, "properties", name, "pattern")) for name in ids]
        for name in _of_dependencies(document):
            spots.append(("dependency", member_of(document, "properties", name, "propertyNames", "pattern")))
            spots.append(("dependency", member_of(document, "properties", name, "items", "pattern")))
            spots.append(
                ("dependency", member_of(document, "properties", name, "items", "properties", "id", "pattern"))
            )
            held = member_of(document, "properties", name, "patternProperties")
            for pattern, value in held.members() if held is not None else ():
                passed = accepted(pattern)
                if passed is not None:
                    made.append(_Rule(value.place, "dependency", pattern, "schema", passed, pattern))
        for role, spot in spots:
            passed = accepted(spot.text) if spot is not None else None
            if spot is not None and passed is not None:
                made.append(_Rule(spot.place, role, spot.text, "schema", passed, spot.text))
    return made


def _draw(_inquiry: Inquiry, module: Module) -> tuple[_Rule, ...] | None:
    spelled = []
    for one in sorted(grammars(module), key=lambda g: g.at.raw.start_byte):
        passed = accepted(one.pattern)
        if passed is not None:
            spelled.append(
                _Rule(
                    locate(one.module, _spelled_at(one.module, one)),
                    one.role,
                    one.pattern,
                    one.how,
                    passed,
                    one.raw or one.pattern,
                )
            )
    return tuple(spelled) or None


def _spelled_at(module: Module, one: Grammar) -> Node:
    """Return where a pattern is spelled, which is where it is mended: the constant of the file that a check names.

    A field of a description that names the wrong one of several constants is mended at the field.
    """
    if one.how == "schema" and one.role == "dependency" and isinstance(one.at, Name):
        return one.at
    named = strip(one.at.object) if isinstance(one.at, Member) and one.at.name in ("source", "pattern") else one.at
    constant = module.scopes.origin(named) if isinstance(named, Name) else None
    if isinstance(one.at, Member) and is_this_member(one.at):  # a constant of the class
        held = class_of(one.at)
        constant = next((field.value for field in held.fields if field.name == one.at.name), None) if held else None
    return constant if isinstance(constant, Regex | Literal | Call) else one.at


_SPELLED: Final = Drawn("fundamentals.grammars", _draw, tuple[_Rule, ...], _SPELLING, tests=False)


def _of_dependencies(document: Document) -> list[str]:
    """Return the members of a schema that name other plugins: by their usual names, and maps of names to ranges."""
    members = document.get("properties")
    names = ["dependencies", "requires", "depends"]
    for name, value in members.members() if members is not None else ():
        if name not in names and has(name, DEPENDENCIES):
            names.append(name)
        range_ = value.get("additionalProperties", "pattern")
        if name not in names and range_ is not None and all(found(range_.text, one) for one in _RANGES):
            names.append(name)
    return names


def accepted(pattern: str) -> frozenset[str] | None:
    """Return which of the usual ids a pattern accepts, or None where it can't be read."""
    if not pattern or len(pattern) > 400:
        return None
    import re2

    try:
        return frozenset(one for one in _IDS if found(pattern, one))
    except re2.error:
        return None


def _short(pattern: str) -> str:
    return f"/{pattern}/" if len(pattern) <= 60 else f"/{pattern[:59]}…/"
