"""REG408: the pattern that an entry point is held against lets a path through that leaves the plugin's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Array, Assign, Call, Expr, Index, Literal, Member, Name, Object, Regex, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors
from reviewer.experts.api.schema_documents import schema_documents
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.data.messages import short
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.fundamentals.vocabulary import ENTRIES
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_CLIMBS: Final = ("../../x.js", "../../x.py", "../../x.mjs", "../../x.cjs", "../../x.ts", "../../x")
_TESTS: Final = frozenset({"test", "match", "fullmatch", "exec", "search"})
_CONTAINED: Final = (
    b'".."',
    b"'..'",
    b'"../',
    b"'../",
    b"is_relative_to",
    b"relative(",
    b"relative_to(",
    b"commonpath",
    b"startsWith(",
    b"startswith(",
    b"realpath",
)
"""Code that asks where a path leads, by whatever means."""
_PATTERNS: Final = frozenset({"pattern", "regex", "re", "rx", "grammar", "format", "shape"})


@module_check("REG408", words={"entry", "main", "entrypoint"})
def entry_pattern_climbs(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each whole pattern beside the name of an entry point for a way out of the folder."""
    if module.is_test or is_tooling(module) or inquiry.subject.kind != "host":
        return
    for node, pattern in _patterns(module):
        if not _lets_climb(pattern):
            continue
        name = _is_for(module, node)
        if not name or any(sign in text for _path, text in inquiry.project.texts({name}) for sign in _CONTAINED):
            continue
        yield Match(node, _message(pattern, name))


@subject_check("REG408")
def entry_schema_climbs(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the same patterns in the JSON Schemas of manifests."""
    if inquiry.subject.kind != "host":
        return
    for document in schema_documents(inquiry):
        for name in ENTRIES:
            pattern = document.get("properties", name, "pattern")
            if pattern is None or pattern.kind != "string" or not _lets_climb(pattern.text):
                continue
            if not any(sign in text for _path, text in inquiry.project.texts({name}) for sign in _CONTAINED):
                yield Match(pattern, _message(pattern.text, name))


def _message(pattern: str, name: str) -> str:
    loose = "" if pattern.startswith("^") else " (it fits anywhere in a text, as nothing ties it to the beginning)"
    return (
        f"'{short(pattern)}'{loose} lets '../../' through, so the '{name}' of a manifest leads out of the folder of "
        "its plugin: code runs that was never part of the package."
    )


def _patterns(module: Module) -> Iterator[tuple[Expr, str]]:
    """Yield the patterns of a file, anchored where they have to fit a whole text."""
    for node in module.all(Regex):
        yield node, node.pattern
    for schema in module.all(Object):
        pattern = schema.get("pattern")
        text = text_of(module, pattern) if pattern is not None else ""
        if text and pattern is not None and not isinstance(strip(pattern), Regex):
            yield pattern, text
    if module.language == "python":
        for call in module.calls(("compile", "fullmatch", "match", "search")):
            first = strip(call.args[0]) if call.args else None
            if (
                isinstance(first, Literal)
                and isinstance(first.value, str)
                and module.resolve(call.callee).startswith("re.")
            ):
                whole = call.name == "fullmatch" or _only_whole(module, call)
                bare = first.value.removeprefix("^").removesuffix("$").removesuffix(r"\Z")
                begins = whole or call.name == "match"
                yield call, f"^(?:{bare}){'$' if whole else ''}" if begins else first.value


def _only_whole(module: Module, made: Call) -> bool:
    """Tell whether a pattern that is compiled here is only ever held against whole texts."""
    kept = made.parent
    name = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
    uses = [one for one in module.calls(_TESTS) if isinstance(one.receiver, Name) and one.receiver.id == name]
    return bool(name and uses) and all(one.name == "fullmatch" for one in uses)


def _lets_climb(pattern: str) -> bool:
    import re2

    try:
        return any(found(pattern, path) for path in _CLIMBS)
    except re2.error:
        return False


def _is_for(module: Module, node: Expr) -> str:
    """Return the entry point that a pattern is for: ``main: /…/``, ``["main", text(/…/)]``, ``/…/.test(one.main)``."""
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Object):
            key = next((k for k, value in around.entries if value is inner and isinstance(k, Literal)), None)
            name = str(key.value) if key is not None else ""
            if name in ENTRIES or name not in _PATTERNS:
                return name if name in ENTRIES else ""
        elif isinstance(around, Array):
            first = strip(around.items[0]) if len(around.items) == 2 else None
            return str(first.value) if isinstance(first, Literal) and first.value in ENTRIES else ""
        elif isinstance(around, Call) and around.name in _TESTS:
            asked = [strip(one) for one in around.args if one is not inner]
            return next(
                (spelled(one) for one in asked if isinstance(one, Member | Index) and spelled(one) in ENTRIES), ""
            )
        elif isinstance(around, Assign):
            return _of_constant(module, around)
        elif not isinstance(around, Expr):
            return ""
        inner = around
    return ""


def _of_constant(module: Module, kept: Assign) -> str:
    """Return the entry point that a pattern is held against, by the name that it is kept under."""
    name = kept.target.id if isinstance(kept.target, Name) else ""
    for call in module.calls(_TESTS) if name else ():
        if isinstance(call.receiver, Name) and call.receiver.id == name and call.args:
            return spelled(call.args[0]) if spelled(call.args[0]) in ENTRIES else ""
    return next((one for one in ENTRIES if one in words(name)), "")
