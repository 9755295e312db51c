"""Whether some code or schema of a subject says how the entry of a manifest has to be spelled, or where it may lead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Literal, Member, Name, Object, Regex, strip
from reviewer.code.walk import find
from reviewer.experts.api.manifest_shapes import manifest_shapes
from reviewer.experts.api.schema_documents import schema_documents
from reviewer.experts.api.vocabulary import VALIDATION, spelled
from reviewer.experts.data.patterns import found
from reviewer.experts.fundamentals.held_patterns import held_patterns
from reviewer.experts.fundamentals.pattern_texts import text_of

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry
    from reviewer.experts.fundamentals.held_patterns import Held

_ASKS: Final = frozenset(
    "test match fullmatch startsWith startswith includes is_relative_to relative_to commonpath isAbsolute is_absolute "
    "search exec".split()
)
"""Calls that ask where a path leads, or how a name is spelled."""
_CLIMBS: Final = "../../x.js"
_ENDINGS: Final = (".js", ".mjs", ".cjs", ".ts", ".py", "")
_SAYS: Final = (
    "pattern",
    "regex",
    "refine",
    "validator",
    "transform",
    "matches",
    "enum",
    "literal",
    "Literal",
    "const",
)


def is_settled(inquiry: Inquiry, name: str) -> bool:
    """Tell whether some code or schema of the subject says how an entry has to be spelled."""
    kept = inquiry.memory.setdefault("registry.settled_entries", {})
    if not isinstance(kept, dict):
        return False
    if name not in kept:
        kept[name] = _by_schema(inquiry, name) or _by_code(inquiry, name)
    return bool(kept[name])


def _by_schema(inquiry: Inquiry, name: str) -> bool:
    for document in schema_documents(inquiry):
        pattern = document.get("properties", name, "pattern")
        if pattern is not None and not found(pattern.text, _CLIMBS):
            return True
    for shape in manifest_shapes(inquiry):
        field = shape.fields.get(name)
        patterns = _patterns(field) if field is not None else []
        if field is None:
            continue
        if any(not _lets_climb(one) for one in patterns):
            return True
        if not patterns and any(word in shape.module.text_of(field) for word in _SAYS):
            return True
    return False


def _patterns(described: Node) -> list[str]:
    """Return the patterns in what describes a member, whatever the helper is called that takes them."""
    texts = [one.value for one in find(described, Literal) if isinstance(one.value, str) and one.value.startswith("^")]
    return [*texts, *(one.pattern for one in find(described, Regex))]


def _lets_climb(pattern: str) -> bool:
    """Tell whether a pattern lets a path through that leaves its folder."""
    import re2

    try:
        return any(found(pattern, f"{_CLIMBS.removesuffix('.js')}{ending}") for ending in _ENDINGS)
    except re2.error:
        return False


def _by_code(inquiry: Inquiry, name: str) -> bool:
    """Tell whether an entry is asked about somewhere, or the whole manifest by a check of which nothing is known."""
    for module in inquiry.project.modules(naming={name}, tests=False):
        for call in module.calls(_ASKS):
            asked = [*call.args, *([call.receiver] if call.receiver is not None else [])]
            if any(_is_about(module, each, name) for each in asked):
                return True
        if any(one.key == name and not _may_climb(one) for one in held_patterns(module)):
            return True  # text(raw, "entry", ENTRY)
        if any(_climbs(node) or _is_bare(node, name) for node in module.all(Binary)) or _names_it_itself(module, name):
            return True
    schemas = schema_documents(inquiry) or manifest_shapes(inquiry)
    return not schemas and any(
        call.args and "manifest" in spelled(call.args[0]).lower()
        for module in inquiry.project.modules(naming=VALIDATION, tests=False)
        for call in module.calls(("validate", "check", "verify", "safeParse", "parse"))
    )


def _is_about(module: Module, asked: Expr, name: str) -> bool:
    """Tell whether something is an entry, or a path that was made with it: ``file = path.resolve(folder, entry)``."""
    made = module.scopes.origin(asked) if isinstance(strip(asked), Name) else None
    parts = made.args if isinstance(made, Call) else ()
    return any(spelled(node) == name for each in (asked, *parts) for node in (each, *find(each, Member)))


def _may_climb(held: Held) -> bool:
    """Tell whether what a helper holds an entry against lets a way out through, or can't be read."""
    text = text_of(held.pattern.module, held.pattern.expr)
    return not text or _lets_climb(f"^(?:{text})$" if held.check.name == "fullmatch" else text)


def _names_it_itself(module: Module, name: str) -> bool:
    """Tell whether the host itself says which file is run: ``{ folder, main: "index.js" }``."""
    made = (record.get(name) for record in module.all(Object))
    return any(isinstance(value, Literal) and found(r"^[\w-]+\.\w{2,3}$", str(value.value)) for value in made)


def _is_bare(node: Binary, name: str) -> bool:
    """Tell whether a comparison asks whether an entry is a name alone: ``basename(one.main) !== one.main``."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        cut = strip(other)
        alone = (isinstance(cut, Member) and cut.name == "name") or (isinstance(cut, Call) and cut.name == "basename")
        if alone and spelled(one) == name and any(spelled(part) == name for part in find(cut, Expr)):
            return True
    return False


def _climbs(node: Binary) -> bool:
    """Tell whether a comparison is about the way out of a folder."""
    return any(isinstance(side, Literal) and side.value == ".." for side in (strip(node.left), strip(node.right)))
