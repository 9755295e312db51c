"""Reads what a TypeScript declaration file offers: every name with its type, its base and what its comment says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tree_sitter import Node, Parser

from reviewer.code.text.languages import grammar

_HOLDERS = frozenset({"internal_module", "module"})
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "interface_declaration", "enum_declaration"})
_MEMBERS = frozenset(
    {
        "method_signature",
        "abstract_method_signature",
        "property_signature",
        "public_field_definition",
        "method_definition",
    }
)
_WRAPPED = re.compile(r"^(?:Thenable|Promise|Readonly|Partial|ProviderResult)<(.*)>$", re.DOTALL)
_PLAIN = re.compile(r"^[A-Za-z_]\w*$")
_TAG = re.compile(r"@(since|deprecated)\b[ \t]*((?:.|\n)*?)(?=\n\s*\*?\s*@|\Z)")


@dataclass(frozen=True)
class Declared:
    """One name that a host offers, in the spelling of the tables: ``window.createTerminal``, ``TextDocument#save``."""

    symbol: str
    type: str = ""
    """The name of the type of its value, of what it returns, or of what a class is derived from."""
    since: str = ""
    deprecated: str | None = None
    """What its comment says of that; None where it is not deprecated."""


def declared(text: str, module: str = "") -> dict[str, Declared]:
    """Return what a file declares, or what it declares for one ``module``."""
    root = Parser(grammar("typescript")).parse(text.encode("utf-8")).root_node
    found: dict[str, Declared] = {}
    if not module:
        _walk(root, "", found)
        return found
    for node in _every(root):
        name = node.child_by_field_name("name")
        if node.type == "module" and name is not None and _text(name).strip("'\"") == module:
            body = node.child_by_field_name("body")
            if body is not None:
                _walk(body, "", found)
    return found


def _every(root: Node) -> list[Node]:
    """Return the statements at the top, out of what wraps them."""
    return [_bare(node) for node in root.named_children]


def _bare(node: Node) -> Node:
    """See through ``export`` and ``declare``."""
    while node.type in ("export_statement", "ambient_declaration", "expression_statement"):
        inner = [child for child in node.named_children if child.type != "decorator"]
        if not inner:
            break
        node = inner[-1]
    return node


def _walk(body: Node, prefix: str, found: dict[str, Declared]) -> None:
    comment = ""
    for outer in body.named_children:
        if outer.type == "comment":
            comment = _text(outer)
            continue
        node = _bare(outer)
        if node.type in _HOLDERS:
            _namespace(node, prefix, comment, found)
        elif node.type in _CLASSES:
            _class(node, prefix, comment, found)
        elif node.type in ("function_signature", "function_declaration"):
            _add(found, prefix + _name(node), _type(node.child_by_field_name("return_type")), comment)
        elif node.type in ("lexical_declaration", "variable_declaration"):
            for one in node.named_children:
                if one.type == "variable_declarator":
                    _variable(one, prefix + _name(one), comment, found)
        comment = ""


def _namespace(node: Node, prefix: str, comment: str, found: dict[str, Declared]) -> None:
    name, body = _name(node), node.child_by_field_name("body")
    if body is not None and _PLAIN.match(name):
        _add(found, prefix + name, "", comment)
        _walk(body, f"{prefix}{name}.", found)


def _variable(node: Node, symbol: str, comment: str, found: dict[str, Declared]) -> None:
    """Add a variable, and the members of it where its type is spelled out."""
    annotation = node.child_by_field_name("type")
    _add(found, symbol, _type(annotation), comment)
    spelled = annotation.named_children[0] if annotation is not None and annotation.named_children else None
    said = ""
    for member in spelled.named_children if spelled is not None and spelled.type == "object_type" else ():
        if member.type == "comment":
            said = _text(member)
        elif member.type in _MEMBERS:
            _add(found, f"{symbol}.{_name(member)}", _type(member.child_by_field_name("type")), said)
            said = ""


def _class(node: Node, prefix: str, comment: str, found: dict[str, Declared]) -> None:
    name = prefix + _name(node)
    kept = found.get(name)
    base = _base(node) or (kept.type if kept else "")
    _add(found, name, base, comment)
    comment = ""
    body = node.child_by_field_name("body")
    for member in body.named_children if body is not None else ():
        if member.type == "comment":
            comment = _text(member)
            continue
        if node.type == "enum_declaration":
            _add(found, f"{name}.{_name(member) or _text(member)}", "", comment)
        elif member.type in _MEMBERS and _PLAIN.match(_name(member)):
            static = any(child.type == "static" for child in member.children)
            given = member.child_by_field_name("return_type") or member.child_by_field_name("type")
            _add(found, f"{name}{'.' if static else '#'}{_name(member)}", _type(given), comment)
        comment = ""


def _base(node: Node) -> str:
    for child in node.named_children:
        if child.type in ("extends_type_clause", "extends_clause", "class_heritage"):
            inner = next((one for one in child.named_children if one.type != "implements_clause"), None)
            while inner is not None and inner.type in ("extends_clause", "generic_type"):
                inner = inner.named_children[0]
            if inner is not None and _PLAIN.match(_text(inner)):
                return _text(inner)
    return ""


def _type(annotation: Node | None) -> str:
    """Return the one name that a type comes down to, or nothing."""
    text = _text(annotation).lstrip(":").strip() if annotation is not None else ""
    while wrapped := _WRAPPED.match(text):
        text = wrapped[1].strip()
    parts = [part.strip() for part in text.split("|")] if "<" not in text and "(" not in text else [text]
    parts = [part for part in parts if part not in ("undefined", "null", "void", "")]
    return parts[0] if len(parts) == 1 and _PLAIN.match(parts[0]) else ""


def _add(found: dict[str, Declared], symbol: str, type_: str, comment: str) -> None:
    """Add a name; of several forms of one function the oldest counts, and it is deprecated where all are."""
    tags = {
        kind: " ".join(said.replace("*/", "").replace("\n", " ").replace("*", " ").split())
        for kind, said in _TAG.findall(comment)
    }
    first = (tags.get("since", "").split() or [""])[0]
    new = Declared(symbol, type_, first if re.fullmatch(r"\d+\.\d+\.\d+", first) else "", tags.get("deprecated"))
    old = found.get(symbol)
    if old is not None:
        new = Declared(
            symbol,
            old.type or new.type,
            "" if not (old.since and new.since) else min(old.since, new.since, key=_numbers),
            new.deprecated if old.deprecated is not None else None,
        )
    found[symbol] = new


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return _text(name) if name is not None else ""


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8")
