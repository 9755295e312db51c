"""Constants and collections that a file takes from another file of the subject: ``from .const import LIMITS``.

What a name holds is the same wherever it is written down. So a module that imports a constant has it at the end of its
tree as if it stood in its own text, with the place of the text that it was taken from, and whoever asks what the name
is given finds it. A collection that is filled later is lent to the one file that uses it and to nobody else: what
several files put in and take out can't be seen from one of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Import
from reviewer.code.text.languages import grammar_of, parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module
    from reviewer.code.syntax import Statement

_LONGEST: Final = 4_000
"""Bytes of one constant."""
_MOST: Final = 40
"""Constants that one module is lent."""
_PLAIN: Final = frozenset(
    "string string_fragment string_start string_end string_content escape_sequence escape_interpolation number "
    "template_string integer float true false null none undefined regex regex_pattern regex_flags "
    "concatenated_string comment pair property_identifier object array dictionary list tuple set unary_expression "
    "unary_operator binary_expression binary_operator parenthesized_expression as_expression satisfies_expression "
    "computed_property_name private_property_identifier list_splat dictionary_splat spread_element".split()
)
"""Kinds of parser's nodes that hold nothing but what they say."""
_CALLS: Final = frozenset({"call", "call_expression", "new_expression"})
_TYPES: Final = frozenset({"type_arguments", "type_annotation", "type", "predefined_type", "type_identifier"})
_EMPTY: Final = frozenset(
    "Map Set WeakMap WeakSet Array dict list set deque OrderedDict defaultdict collections.deque Object.create "
    "collections.OrderedDict collections.defaultdict WeakValueDictionary weakref.WeakValueDictionary".split()
)
"""Calls that make a collection."""
_MADE: Final = _EMPTY | frozenset(
    "Object.freeze Buffer.from RegExp Symbol frozenset tuple namedtuple collections.namedtuple re.compile "
    "logging.getLogger ContextVar contextvars.ContextVar asyncio.Lock threading.Lock".split()
)
"""Calls that work nothing out but what they are given."""


class Lent(Struct, frozen=True):
    """A constant of a file: its text, where that stands, the other constants that it is made of."""

    path: str
    text: bytes
    start: tuple[int, int]
    end: tuple[int, int]
    needs: tuple[str, ...]
    filled_later: bool
    """It begins as a collection without anything in it, and nothing else in its file uses it."""


def lendable(module: Module) -> Mapping[str, Lent]:
    """Return the constants at the top level of a module that others may read, by name."""
    found: dict[str, Lent] = {}
    for raw in module.tree.root_node.named_children:
        for name, holder, value in _declared(module, raw):
            needs: set[str] = set()
            start = holder.start_point
            if holder.end_byte - holder.start_byte > _LONGEST or not _is_plain(module, value, needs):
                continue
            uses = _uses(module, name)
            filled = _begins_empty(module, value)
            if _is_given_again(module, name) or (filled and uses > 1):
                continue
            text = module.source[holder.start_byte : holder.end_byte]
            end = holder.end_point
            found[name] = Lent(
                module.path, text, (start.row, start.column), (end.row, end.column), tuple(sorted(needs)), filled
            )
    return found


def seems_given(text: bytes, name: str) -> bool:
    """Tell from its text alone whether a file may give a name a value, and defines no function or class of it."""
    pattern = rb"(?m)^(?:export\s{1,9})?(?:(?:const|let|var)\s{1,9})?" + re.escape(name.encode()) + rb"\s{0,9}[:=]"
    return re.search(pattern, text) is not None


def _declared(module: Module, raw: RawNode) -> Iterator[tuple[str, RawNode, RawNode]]:
    """Yield the name, the whole and the value of what a statement declares."""
    if raw.type == "export_statement":
        inner = raw.child_by_field_name("declaration")
        if inner is None:
            return
        raw = inner
    if raw.type in ("lexical_declaration", "variable_declaration"):
        made = [one for one in raw.named_children if one.type == "variable_declarator"]
        name = made[0].child_by_field_name("name") if len(made) == 1 else None
        value = made[0].child_by_field_name("value") if len(made) == 1 else None
    elif (
        raw.type == "expression_statement" and raw.named_child_count == 1 and raw.named_children[0].type == "assignment"
    ):
        name, value = (raw.named_children[0].child_by_field_name(part) for part in ("left", "right"))
    else:
        return
    if name is not None and value is not None and name.type == "identifier":
        yield module.text(name), raw, value


def _is_plain(module: Module, raw: RawNode, needs: set[str]) -> bool:
    """Tell whether a value is written out as a whole; other constants that it is made of go into ``needs``."""
    pending = [raw]
    while pending:
        node = pending.pop()
        kind = node.type
        if kind in _CALLS:
            callee = node.child_by_field_name("function") or node.child_by_field_name("constructor")
            if callee is None or module.text(callee) not in _MADE:
                return False
            given = node.child_by_field_name("arguments")
            pending.extend(given.named_children if given is not None else [])
        elif kind == "identifier":
            if module.text(node) not in ("str", "int", "__name__", "list", "dict", "set"):
                needs.add(module.text(node))
        elif kind == "keyword_argument":
            pending.extend(part for part in [node.child_by_field_name("value")] if part is not None)
        elif kind in _PLAIN:
            pending.extend(node.named_children)
        elif kind not in _TYPES and kind != "const":
            return False
    return True


def _begins_empty(module: Module, value: RawNode) -> bool:
    while value.type in ("as_expression", "satisfies_expression", "parenthesized_expression"):
        value = value.named_children[0]
    if value.type in _CALLS:
        callee = value.child_by_field_name("function") or value.child_by_field_name("constructor")
        given = value.child_by_field_name("arguments")
        items = given.named_children if given is not None else []
        made = callee is not None and module.text(callee) in _EMPTY
        return made and all(one.type in ("identifier", "none", "null") for one in items)
    return value.type in ("object", "array", "dictionary", "list", "set") and value.named_child_count == 0


def _uses(module: Module, name: str) -> int:
    """Return how often a file names something beside giving it away."""
    text = re.sub(rb"(?s)(?:module\.exports\s*=\s*|\bexport\s*|__all__\s*=\s*)[\[{][^{}\[\]]*[\]}]", b"", module.source)
    return len(re.findall(rb"(?<![\w$.])" + re.escape(name.encode()) + rb"(?![\w$])", text))


def _is_given_again(module: Module, name: str) -> bool:
    pattern = rb"(?<![\w$.])" + re.escape(name.encode()) + rb"\s{0,9}(?::[^=\n]{0,200})?[-+*|&?]{0,2}=(?![=>])"
    return len(re.findall(pattern, module.source)) > 1


def lend(module: Module, body: list[Statement]) -> list[tuple[int, Lent, Statement]]:
    """Return the constants that a module imports from files of the subject, each with where its text begins.

    The imported names are marked as lent: what they mean stands in the statements that are returned.
    """
    if module.project is None:
        return []
    wanted: dict[str, Lent] = {}
    own = {name.local for one in body if isinstance(one, Import) for name in one.names}
    for statement in body:
        if not isinstance(statement, Import):
            continue
        for name in statement.names:
            if name.name != name.local or name.type_only or len(wanted) >= _MOST:
                continue
            found = _with_needs(module, name.source, name.name, own, wanted)
            if found:
                name.lent = True
                wanted.update(found)
    return list(_lowered(module, list(wanted.values()))) if wanted else []


def _with_needs(
    module: Module, source: str, name: str, own: set[str], known: Mapping[str, Lent]
) -> dict[str, Lent] | None:
    """Return a constant of another file and those that it is made of; None where something is not seen whole."""
    project = module.project
    path = project.target(module.path, source) if project is not None else ""
    constants = project.constants(path, name) if project is not None and path and path != module.path else {}
    found: dict[str, Lent] = {}
    pending = [name]
    while pending:
        one = pending.pop()
        lent = constants.get(one)
        if lent is None or (one != name and one in own) or (one in known and known[one].path != lent.path):
            return None
        if lent.filled_later and not (project is not None and project.is_only_user(module.path, path, one)):
            return None
        if one not in found:
            found[one] = lent
            pending.extend(lent.needs)
    return found


def _lowered(module: Module, pieces: list[Lent]) -> Iterator[tuple[int, Lent, Statement]]:
    """Lower constants behind the text of a module, each with the place that it has in its own file."""
    from tree_sitter import Point, Range

    from reviewer.code.module import Module as Whole

    text = module.source + b"\n"
    for piece in pieces:
        start = len(text)
        text += piece.text + b"\n"
        reader = parser(grammar_of(module.path))
        reader.included_ranges = [Range(Point(*piece.start), Point(*piece.end), start, start + len(piece.text))]
        tree = reader.parse(text)
        for statement in Whole(module.path, text).lowering.body(tree.root_node.named_children, None):
            yield start, piece, statement
