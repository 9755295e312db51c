"""API004: what a host asks of a manifest knows the oldest host and not the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Binary, Call, Expr, Field, Literal, Member, Name, Node, Regex
from reviewer.code.text.words import words
from reviewer.code.walk import find
from reviewer.core.location import Location
from reviewer.core.regex import regex
from reviewer.experts.api.host_versions.host_range import kind_of_name
from reviewer.experts.api.manifest_shapes import group_of, is_manifest, manifest_shapes
from reviewer.experts.api.schema_documents import member_of, schema_documents
from reviewer.experts.api.vocabulary import MANIFESTS, UPPER, VERSIONS, has
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.patterns import found
from reviewer.experts.drawn import Drawn
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class
    from reviewer.experts.api.manifest_shapes import ManifestShape
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_LOWEST: Final = frozenset({"min", "minimum", "lowest", "oldest", "from", "since"})
_LAST: Final = frozenset({"from", "since", "min", "minimum", "least", "onwards"})
"""Last words of a lower bound of a host that goes by a name of its own: ``towerSince``."""
_ONE_MEMBER: Final = regex(r"^(?:Readonly<)?\{\s*(?:readonly\s+)?(\w+)\s*:\s*[\w.]+\s*[;,]?\s*\}>?$")
"""The type of an object that has one member."""
_ORDERS: Final = ("<", ">", "<=", ">=")
_COMPARES: Final = ("lt", "gt", "lte", "gte", "compare", "older", "newer", "atLeast", "at_least")
_SPELL: Final = (Regex, Literal, Name)
_MESSAGE: Final = (
    "The manifest can name the oldest host ('{name}') and not the newest: nothing can say for which major version a "
    "plugin was made, so it is loaded into the next one."
)


@subject_check("API004")
def host_schema_lower_bound(inquiry: Inquiry) -> Iterator[Match]:
    """Look for a lower bound of the host's version without an upper one: in schemas, else in types."""
    if inquiry.subject.kind == "plugin":
        return
    shapes = [shape for shape in manifest_shapes(inquiry) if shape.dialect != "table"]
    for shape in shapes:
        name = _only_lower(list(shape.fields), _lower_by_regex(shape.module, shape.fields))
        if name and not _takes_range(shape.module, shape.fields[name]):
            yield Match(locate(shape.module, shape.fields[name]), _MESSAGE.replace("{name}", name))
        yield from _of_groups(shape)
    documents = schema_documents(inquiry)
    for document in documents:
        members = document.get("properties")
        yield from _of_group_members(document, members)
        described = dict(members.members()) if members is not None else {}
        name = _only_lower(list(described), _lower_by_pattern(described))
        value = members.get(name) if members is not None and name else None
        if value is not None:
            yield Match(value, _MESSAGE.replace("{name}", name))
    if not shapes and not documents:
        for bounds in _TYPES.of(inquiry):  # a host that has no schema
            yield from (Match(at, _MESSAGE.replace("{name}", name)) for at, name in bounds)


def _of_groups(shape: ManifestShape) -> Iterator[Match]:
    """Look into the objects of a schema in code: ``tower: { properties: { from: version } }``."""
    for name, node in shape.fields.items():
        held = group_of(shape.module, node)
        others = {kind_of_name(other) for other in shape.fields if other != name}
        if held is None or not others.isdisjoint({"upper", "range", "major"}):
            continue
        lower = _only_lowest(list(held))
        if lower and (_asks_version(shape.module, held[lower]) or kind_of_name(name) or VERSIONS & set(words(lower))):
            yield Match(locate(shape.module, held[lower]), _MESSAGE.replace("{name}", f"{name}.{lower}"))


def _of_group_members(document: Document, members: Value | None) -> Iterator[Match]:
    """Look into the objects of a schema in a file."""
    for name, _value in members.members() if members is not None else ():
        below = member_of(document, "properties", name, "properties")
        held = dict(below.members()) if below is not None else {}
        lower = _only_lowest(list(held))
        pattern = member_of(document, "properties", name, "properties", lower, "pattern") if lower else None
        told = pattern.text if pattern is not None and pattern.kind == "string" else ""
        if lower and (_is_version(told) if told else bool(kind_of_name(name) or VERSIONS & set(words(lower)))):
            yield Match(held[lower], _MESSAGE.replace("{name}", f"{name}.{lower}"))


def _only_lowest(names: list[str]) -> str:
    """Return the one member of an object that only says from where on, or an empty string."""
    return names[0] if len(names) == 1 and _is_lowest(names[0]) else ""


def _asks_version(module: Module, described: Node) -> bool:
    """Tell whether a description asks for a version, by a pattern in it or in what it names."""
    return any(_is_version(text) for text in _patterns(module, described))


def _patterns(module: Module, described: Node) -> list[str]:
    texts = [text_of(module, one) for one in find(described, Expr) if isinstance(one, _SPELL)]
    for name in find(described, Name):
        held = module.scopes.origin(name)
        if isinstance(held, Expr) and not isinstance(held, Name):
            texts += [text_of(module, one) for one in find(held, Expr) if isinstance(one, _SPELL)]
    return [text for text in texts if text]


def _types(inquiry: Inquiry, module: Module) -> tuple[tuple[Location, str], ...] | None:
    """Return the lower bounds in the types of manifests of a module that have no upper one, with their places."""
    if inquiry.subject.kind == "plugin" or "version" not in module.words:
        return None
    bounds = []
    for cls in module.classes:
        names = [item.name for item in cls.fields] + _constructed(cls)
        if not has(cls.name, MANIFESTS) or not is_manifest(names, cls.name):
            continue
        name = _only_lower(names, next((one for one in names if _is_lowest(one) and _is_compared(module, one)), ""))
        place = next((item for item in cls.fields if item.name == name), None)
        if name:
            bounds.append((locate(module, place or cls), name))
        elif not {kind_of_name(one) for one in names} & {"upper", "range", "major"}:
            for item in cls.fields:
                held = _ONE_MEMBER.match(item.type.strip())
                if held is not None and _is_lowest(held[1]) and _is_compared(module, held[1]):
                    bounds.append((locate(module, item), f"{item.name}.{held[1]}"))
    return tuple(bounds) or None


def _is_compared(module: Module, name: str) -> bool:
    """Tell whether a member is held against the version of something: ``parts(it.min_rig) > parts(rig_version)``."""
    sides = [[node.left, node.right] for node in module.all(Binary) if node.op in _ORDERS]
    asked = [call for node in module.all(Binary) if node.op in _ORDERS for call in find(node.left, Call)]
    sides += [list(call.args) for call in (*module.calls(_COMPARES), *asked) if len(call.args) > 1]
    return any(
        any(member.name == name for member in find(one, Member))
        and any("version" in words(said.id) for said in find(other, Name))
        for pair in sides
        for one, other in (pair[:2], pair[1::-1])
    )


_TYPES: Final = Drawn("api.lower-bounds", _types, tuple[tuple[Location, str], ...], MANIFESTS, tests=False)


def _constructed(cls: Class) -> list[str]:
    return [param.name for method in cls.methods if method.kind == "constructor" for param in method.params]


def _is_lowest(name: str) -> bool:
    said = words(name)
    return bool(set(said[:1]) & _LOWEST or set(said[-1:]) & _LAST)


def _lower_by_regex(module: Module, described: dict[str, Node]) -> str:
    """Return the same of a schema in code: ``minTower: z.string().regex(…)``."""
    for name, node in described.items():
        if _is_lowest(name) and (_asks_version(module, node) or _is_any_text(module, node)):
            return name
        if any(_is_open_range(text) for text in _patterns(module, node)):
            return name
    return ""


def _is_any_text(module: Module, described: Node) -> bool:
    """Tell whether a member is a text that nothing more is asked of: what is a minimum and no number is a version."""
    if isinstance(described, Field):
        return described.type.strip("'\" ") == "str"
    return module.text_of(described) in ("z.string()", "str", "string()", "v.string()")


def _is_version(pattern: str) -> bool:
    """Tell whether a pattern takes a version and no range of them."""
    accepted = [found(pattern, one) for one in ("1.2.3", "1.2", ">=1.2.3 <2.0.0", "1.2.x")]
    return any(accepted[:2]) and not any(accepted[2:])


def _is_open_range(pattern: str) -> bool:
    """Tell whether a pattern takes a range without an upper end, and none that has one."""
    bounded = (
        ">=1.2.3 <2.0.0",
        ">=1.2.3,<2.0.0",
        ">=1.2.3, <2.0.0",
        "^1.2.3",
        "~1.2.3",
        "1.2.x",
        "1.2.3 - 2.0.0",
        "=1.2.3",
    )
    takes = any(found(pattern, one) for one in (">=1.2.3", ">= 1.2.3", ">=1.2", ">1.2.3", ">=1"))
    return takes and "[" not in pattern.replace("[0-9]", "") and not any(found(pattern, one) for one in bounded)


def _lower_by_pattern(described: dict[str, Value]) -> str:
    """Return a member that is called a minimum and has to be a version: ``minTower``, where the host is a tower."""
    for name, value in described.items():
        pattern = value.get("pattern")
        told = pattern.text if pattern is not None and pattern.kind == "string" else ""
        if told and ((_is_lowest(name) and _is_version(told)) or _is_open_range(told)):
            return name
    return ""


def _only_lower(names: list[str], called_so: str = "") -> str:
    """Return the member that is a lower bound where no other member bounds the host, else an empty string.

    ``called_so`` is one of a host that goes by a name of its own.
    """
    kinds = {name: kind_of_name(name) for name in names}
    if called_so:
        kinds[called_so] = "lower"
        if any(set(words(name)) & UPPER for name in names if name != called_so):
            return ""
    if not set(kinds.values()).isdisjoint({"upper", "range", "major"}):
        return ""
    return next((name for name, kind in kinds.items() if kind == "lower"), "")


def _takes_range(module: Module, described: Node) -> bool:
    """Tell whether the description of a lower bound lets a range through: a pattern with ``<``, a word for it."""
    return (
        any(
            isinstance(literal.value, str) and ("<" in literal.value or "range" in literal.value.lower())
            for literal in find(described, Literal)
        )
        or "range" in module.text_of(described).lower().split("(")[0]
    )
