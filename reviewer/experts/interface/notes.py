"""What comments, docstrings and decorators say about the future of a member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Function, Literal, Member, Name
from reviewer.core.regex import regex
from reviewer.experts.interface.member import Note

if TYPE_CHECKING:
    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node

_LONGEST: Final = 4000
"""Characters of a comment that are looked at: a bound on the work of the patterns, which are linear."""
_VERSION: Final = r"\bv?(\d{1,6}(?:\.\d{1,6}){0,3})"
_SINCE: Final = regex(r"(?i)\b(?:since|deprecated(?: in)?)\b[ :]{0,3}(?:version )?" + _VERSION)
_DIRECTIVE: Final = regex(r"(?i)\bdeprecated::[ ]?" + _VERSION)
_REMOVAL: Final = regex(
    r"(?i)\b(?:remov(?:e|ed|al)|until|gone|drop(?:ped)?|go away|disappears?)\b[ :]{0,3}"
    r"(?:(?:in|with|by|from|version|release) ){0,3}" + _VERSION
)
_DEPRECATED: Final = regex(r"(?i)@deprecated\b|\bdeprecated\b")
_ADDED: Final = regex(
    r"(?i)(?:@since|versionadded::|\bsince\b|\b(?:added|new|available) (?:in|from|since)\b)[ :]{0,3}"
    r"(?:version |release )?v?(\d{1,6}(?:\.\d{1,6}){1,3})"
)
_INTERNAL: Final = regex(r"(?i)@(?:internal|alpha|beta|experimental|hidden|ignore)\b")
_BLOCKS: Final = regex(
    r"(?i)(?:^|[.:;/*#\"'\n] {0,8})blocks\b|\bblocks (?:until|till|while|for|on|the (?:caller|thread|calling|event))\b"
    r"|\bblocking (?:call|read|write|wait|i/?o|version)\b"
)
_NEVER_BLOCKS: Final = regex(r"(?i)\b(?:never|not|no|without|non|doesn.?t|don.?t|instead of)[ -](?:\w{1,12} )?block")
_MOST_COMMENTS: Final = 5


def note_of(module: Module, node: Node) -> Note:
    """Return what is said about a definition, in the comment before it or in its docstring."""
    text = "\n".join((_before(module, node.raw), _docstring(module, node), _decorated(module, node)))[:_LONGEST]
    if not text.strip():
        return Note()
    deprecated = _DEPRECATED.search(text) is not None
    since = _DIRECTIVE.search(text) or _SINCE.search(text)
    removal = _REMOVAL.search(text) if deprecated else None
    return Note(
        deprecated,
        since[1] if deprecated and since else "",
        removal[1] if removal else "",
        _INTERNAL.search(text) is not None,
    )


def says_it_blocks(module: Module, function: Function) -> bool:
    """Tell whether the comment or the docstring of a function says that it blocks: ``Blocks until it answers``."""
    text = "\n".join((_before(module, function.raw), _docstring(module, function)))[:_LONGEST]
    return _BLOCKS.search(text) is not None and _NEVER_BLOCKS.search(text) is None


def added_in(module: Module, node: Node) -> str:
    """Return the version that a definition is said to exist since, or an empty string."""
    raw = node.raw
    if raw.parent is not None and raw.parent.type == "expression_statement":
        raw = raw.parent  # the field of a class of Python
    text = "\n".join((_before(module, raw), _docstring(module, node)))[:_LONGEST]
    said = _ADDED.search(text) if _DEPRECATED.search(text) is None else None
    return said[1] if said is not None else ""


def _before(module: Module, raw: RawNode) -> str:
    """Return the comments that stand right before a definition."""
    parent = raw.parent
    while parent is not None and parent.type in ("export_statement", "lexical_declaration", "decorated_definition"):
        raw, parent = parent, parent.parent
    found: list[str] = []
    line = raw.start_point[0]
    before = raw.prev_named_sibling
    while before is not None and before.type == "comment" and len(found) < _MOST_COMMENTS:
        if before.end_point[0] < line - 1 or not _alone(module, before):
            break
        found.append(module.text(before))
        line = before.start_point[0]
        before = before.prev_named_sibling
    return "\n".join(reversed(found))


def _alone(module: Module, comment: RawNode) -> bool:
    """Tell whether a comment begins its line; one behind code belongs to that code."""
    start = comment.start_byte
    line = module.source.rfind(b"\n", 0, start) + 1
    return not module.source[line:start].strip()


def _docstring(module: Module, node: Node) -> str:
    if module.language != "python" or not isinstance(node, Function | Class):
        return ""
    raw = node.raw.child_by_field_name("definition") or node.raw
    body = raw.child_by_field_name("body")
    first = body.named_children[0] if body is not None and body.named_child_count else None
    if first is None or first.type != "expression_statement" or first.named_child_count != 1:
        return ""
    said = first.named_children[0]
    return module.text(said) if said.type in ("string", "concatenated_string") else ""


def _decorated(module: Module, node: Node) -> str:
    """Return the text of a decorator that says deprecated, with the versions among its arguments in words."""
    if not isinstance(node, Function | Class):
        return ""
    for decorator in node.decorators:
        call = decorator if isinstance(decorator, Call) else None
        target: Expr = call.callee if call is not None else decorator
        name = target.id if isinstance(target, Name) else target.name if isinstance(target, Member) else ""
        if "deprecated" in name.lower():
            texts = [str(arg.value) for arg in call.args if isinstance(arg, Literal)] if call is not None else []
            keyed = call.keywords.items() if call is not None else ()
            texts += [f"{key.split('_')[0]} {value.value!s}" for key, value in keyed if isinstance(value, Literal)]
            return f"deprecated {' '.join(texts)}"
    return ""
