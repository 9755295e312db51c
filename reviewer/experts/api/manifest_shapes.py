"""The schemas that a host holds manifests against, in the dialects that code writes them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from reviewer.code.reach.links import definition, named_type
from reviewer.code.standing import Standing
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    ExprStatement,
    Field,
    Function,
    Literal,
    Member,
    Name,
    Object,
    strip,
)
from reviewer.code.walk import find
from reviewer.core.regex import regex
from reviewer.experts.api.field_tables import field_table
from reviewer.experts.api.plugin_files import describes_plugin
from reviewer.experts.api.strangers import asks_for_strangers
from reviewer.experts.api.vocabulary import MANIFESTS, MEMBERS, flat, has

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_ENOUGH: Final = 3
"""Members of a manifest that a schema of one has at least."""
_MEMBER: Final = regex(
    rb"(?i:(?:version|release|edition|main|entry|entry_?point|permissions|capabilities|requires|required_?features"
    rb"|activation_?events|contributes|dependencies|publisher|min_?host|hooks|engines|scopes|grants))"
    rb"(?:[\"'`]?\s{0,9}\??:|[\"'`]\s{0,9}[,\])])"
)
"""What the text of a file has that spells the members of a manifest: a key, an annotated name, or a name in a list."""
_CLOSERS: Final = frozenset(
    (
        "additionalproperties unevaluatedproperties closed strict additional unknownkeys unknown extra allowunknown "
        "nounknown exact sealed open loose passthrough additionalkeys extrakeys allowextra forbidextra final"
    ).split()
)
"""Keys that say what becomes of unknown members, lower case without separators."""
_OPENING: Final = frozenset(
    (
        "additionalproperties unevaluatedproperties additional unknownkeys unknown extra allowunknown open loose "
        "passthrough additionalkeys extrakeys allowextra"
    ).split()
)
"""Those of which ``true`` lets unknown members pass."""
_GROUPS: Final = ("properties", "members", "fields", "keys", "shape", "props")
_CALLS: Final = frozenset({"object", "Object", "strictObject", "looseObject", "Struct", "struct", "type", "strict"})
_CLOSED_CALLS: Final = frozenset({"strictObject", "strict", "noUnknown", "exact"})
_OPEN_CALLS: Final = frozenset({"passthrough", "loose", "catchall", "looseObject", "unknown", "nonstrict"})
_REFUSING: Final = ("joi", "@hapi/joi", "superstruct", "celebrate")
"""Libraries whose objects refuse unknown members unless told otherwise; of superstruct ``object``, not ``type``."""
_DEEPEST: Final = 6


class ManifestShape(Struct, frozen=True):
    """A schema of a manifest: where it stands, its members, and whether it refuses unknown ones.

    ``closed`` is None where the schema does not say. ``at`` is the place that stands for the whole,
    ``says`` the place where it says itself that unknown members pass or are dropped.
    """

    module: Module
    at: Node
    fields: dict[str, Node]
    """Member as it is spelled, to the value that describes it."""
    closed: bool | None
    dialect: str
    """``json-schema``, ``builder`` (zod and its like), ``model`` (of pydantic) or ``table`` (hand-written)."""
    says: Node | None = None
    inner: list[tuple[str, Node]] = field(default_factory=list)
    """Objects below the top that let unknown members pass, by name."""


def manifest_shapes(inquiry: Inquiry) -> list[ManifestShape]:
    """Return every schema of a manifest that the code of a subject spells, in the order of its files."""
    kept = inquiry.memory.get("api.manifest_shapes")
    if not isinstance(kept, list):
        worth = [path for path in _SPELLING.of(inquiry.project) if path]
        modules = (inquiry.project.module(path) for path in worth)
        kept = [shape for module in modules if module is not None for shape in _shapes(module)]
        inquiry.memory["api.manifest_shapes"] = kept
    return kept


def _spelling(module: Module) -> str:
    """Return the path of a file that spells a schema of a manifest, and nothing for any other."""
    return module.path if _shapes(module) else ""


_SPELLING: Final = Standing("api.manifest_shapes", _spelling, {"version", "entry"}, showing=_MEMBER.search)


def _shapes(module: Module) -> list[ManifestShape]:
    return module.once("api.manifest_shapes", lambda: list(_found(module)))


def _found(module: Module) -> Iterator[ManifestShape]:
    for node in module.all(Object):
        shape = _json_schema(module, node) or _table(module, node)
        if shape is not None:
            yield shape
    for call in module.all(Call):
        shape = _builder(module, call)
        if shape is not None:
            yield shape
    if module.language == "python":
        for cls in module.classes:
            shape = _model(module, cls)
            if shape is not None:
                yield shape


def is_manifest(names: list[str], called: str = "") -> bool:
    """Tell whether members, and the name of what has them, are those of a plugin's manifest."""
    spelled = {flat(name) for name in names}
    if spelled & {"release", "edition"} and spelled & {"main", "entry", "entrypoint"}:
        spelled.add("version")
    needed = _ENOUGH if "version" in spelled and spelled & _TELLING else _ENOUGH + 1
    if has(called, MANIFESTS - {"package", "info", "spec", "definition"}):
        needed = _ENOUGH
    return len(spelled & MEMBERS) >= needed and bool(spelled & (_TELLING | {"version"}))


def _is_of_plugins(module: Module, names: list[str], called: str) -> bool:
    """Tell whether a schema is that of manifests, by its members, or by the file that the host reads of each plugin."""
    return is_manifest(names, called) or describes_plugin(module.project, names, called)


def group_of(module: Module, described: Node) -> dict[str, Node] | None:
    """Return the members of the object that a description stands for, or None where it is no object."""
    node: object = described
    if isinstance(node, Field):
        kind = named_type(module, node.type)
        return {item.name: item for item in kind.fields if item.name != "model_config"} if kind is not None else None
    node = module.scopes.origin(node) if isinstance(node, Name) else node
    while isinstance(node, Call):
        first = strip(node.args[0]) if node.args else None
        if isinstance(first, Object):
            return _fields(first)
        node = strip(node.receiver) if node.receiver is not None else first
    members = _members(node) if isinstance(node, Object) else None
    return _fields(members) if members is not None else None


_TELLING: Final = frozenset(
    (
        "main entry entrypoint permissions capabilities minhostversion maxhostversion hostversion requires "
        "requiredfeatures activationevents contributes manifestversion apiversion minapiversion minappversion "
        "dependencies publisher minhost hooks engines scopes grants"
    ).split()
)
"""Members that hardly anything but a manifest has."""


def name_of(node: Node) -> str:
    """Return the name that a value is put under."""
    parent = node.parent
    while parent is not None and isinstance(parent, Call | Member | ExprStatement):
        parent = parent.parent
    return parent.target.id if isinstance(parent, Assign) and isinstance(parent.target, Name) else ""


# JSON Schema, and the dialects that hosts make up for themselves


def _json_schema(module: Module, node: Object) -> ManifestShape | None:
    members = _members(node)
    if members is None or not _is_of_plugins(module, members.keys, name_of(node)):
        return None
    described = [strip(value) for _key, value in members.entries]
    if sum(isinstance(value, Object | Call | Name) for value in described) < len(described) - 1:
        return None  # a manifest, not a description of one
    closed, says = _says(node)
    at: Node = next((value for key, value in node.entries if isinstance(key, Literal) and key.value == "type"), node)
    inner: list[tuple[str, Node]] = []
    _open_below(members, inner, 0)
    return ManifestShape(module, at, _fields(members), closed, "json-schema", says, inner)


def _table(module: Module, node: Object) -> ManifestShape | None:
    """Read the table of a hand-written validation."""
    if len(node.entries) < _ENOUGH or not is_manifest(node.keys):
        return None
    table = field_table(module, node)
    return ManifestShape(module, node, _fields(node), table[1], "table") if table is not None else None


def _members(node: Object) -> Object | None:
    for name in _GROUPS:
        value = node.get(name)
        if isinstance(value, Object) and value.entries:
            return value
    return None


def _says(node: Object) -> tuple[bool | None, Node | None]:
    """Return whether an object of a schema refuses unknown members, and where it says that they pass."""
    for key, value in node.entries:
        if isinstance(key, Literal) and flat(str(key.value)) in _CLOSERS:
            closed = _closes(flat(str(key.value)), value)
            return closed, None if closed else value
    return None, None


def _open_below(members: Object, found: list[tuple[str, Node]], depth: int) -> None:
    for key, described in members.entries:
        value = strip(described)
        if not isinstance(value, Object) or depth > _DEEPEST or not isinstance(key, Literal):
            continue
        below = _members(value)
        if below is None:
            continue
        if not _says(value)[0]:
            found.append((str(key.value), value))
        _open_below(below, found, depth + 1)


def _closes(key: str, value: Expr) -> bool | None:
    """Tell whether the value under one of the closers refuses unknown members."""
    value = strip(value)
    if isinstance(value, Literal):
        if isinstance(value.value, bool):
            return value.value is not (key in _OPENING)
        return str(value.value).lower() in {"forbid", "error", "raise", "reject", "strict", "deny"}
    return True if isinstance(value, Object | Call | Name | Member) else None


def _fields(members: Object) -> dict[str, Node]:
    return {str(key.value): value for key, value in members.entries if isinstance(key, Literal)}


# Builders: zod and its like


def _builder(module: Module, call: Call) -> ManifestShape | None:
    """Read ``z.object({…})`` and the calls that are chained to it."""
    members = call.arg(0)
    if call.name not in _CALLS:
        return _made_by_hand(module, call) if call.receiver is None else None
    if not isinstance(members, Object) or not _is_of_plugins(module, members.keys, name_of(call)):
        return None
    if sum(isinstance(strip(value), Call | Member | Name) for _k, value in members.entries) < len(members.entries) - 1:
        return None
    refuses = module.resolve(call.callee).split(".")[0].lower() in _REFUSING and call.name != "type"
    closed: bool | None = True if call.name in _CLOSED_CALLS or refuses else None
    closed = False if call.name in _OPEN_CALLS else closed
    says: Node | None = call if call.name in _OPEN_CALLS else None
    options = call.arg(1)
    if isinstance(options, Object):
        told, says_too = _says(options)
        closed, says = (told, says_too) if told is not None else (closed, says)
    for link in _chain(call):
        if link.name in _CLOSED_CALLS:
            closed, says = True, None
        elif link.name in _OPEN_CALLS and not _refused(link):
            closed, says = False, link
        elif link.name == "strip":
            closed, says = None, link
    return ManifestShape(module, call.callee, _fields(members), closed, "builder", says)


def _made_by_hand(module: Module, call: Call) -> ManifestShape | None:
    """Read ``record({ id: text(ID) }, { needs: table(ID) })``, where a function of the host makes a check of it."""
    groups = [strip(one) for one in call.args]
    tables = [one for one in groups if isinstance(one, Object)]
    entries = [entry for one in tables for entry in one.entries]
    keys = [key for one in tables for key in one.keys]
    if not tables or groups[0] is not tables[0] or not _is_of_plugins(module, keys, name_of(call)):
        return None
    described = [strip(value) for _key, value in entries]
    if not all(isinstance(value, Call | Name) for value in described) or not any(
        isinstance(value, Call) for value in described
    ):
        return None
    maker = definition(module, call.callee)
    if not isinstance(maker, Function) or not maker.params or not maker.params[0].name:
        return None
    if any(param.default is None and not param.optional for param in maker.params[len(groups) :]):
        return None
    table = maker.params[0].name
    through = [
        one
        for one in find(maker.body, Call)
        if one.name in ("entries", "keys") and any(getattr(strip(arg), "id", "") == table for arg in one.args)
    ]
    if not through or not any(isinstance(inner, Function) for inner in find(maker.body, Function)):
        return None  # it goes through nothing, or gives no check back
    closed = True if asks_for_strangers(maker) else None
    at: Node = call.callee if maker.module is not module or closed else through[0]
    fields = {name: value for one in tables for name, value in _fields(one).items()}
    return ManifestShape(module, at, fields, closed, "builder", None)


def _refused(call: Call) -> bool:
    first = call.arg(0)
    return isinstance(first, Literal) and first.value is False


def _chain(call: Call) -> Iterator[Call]:
    """Yield the calls that are made on the result of a call, one after the other."""
    current: Node = call
    while isinstance(current.parent, Member) and current.parent.object is current:
        above = current.parent.parent
        if not isinstance(above, Call) or above.callee is not current.parent:
            return
        yield above
        current = above


# Models of Python


def _model(module: Module, cls: Class) -> ManifestShape | None:
    """Read a pydantic model or a msgspec struct, which drop unknown members unless they say otherwise."""
    bases = {module.resolve(base).rsplit(".", 1)[-1] for base in cls.bases}
    if not bases & {"BaseModel", "BaseSettings", "Struct", "SQLModel", "Schema"}:
        return None
    names = [item.name for item in cls.fields if item.name != "model_config"]
    if not _is_of_plugins(module, names, cls.name):
        return None
    closed, says = _model_says(module, cls)
    if "Schema" in bases and closed is None:
        closed = True  # marshmallow raises by default
    fields: dict[str, Node] = {item.name: item for item in cls.fields if item.name != "model_config"}
    return ManifestShape(module, cls, fields, closed, "model", says)


def _model_says(module: Module, cls: Class) -> tuple[bool | None, Node | None]:
    for item in cls.fields:
        value = strip(item.value) if item.name == "model_config" and item.value is not None else None
        extra: Expr | None = None
        if isinstance(value, Call):
            extra = value.keywords.get("extra")
        elif isinstance(value, Object):
            extra = value.get("extra")
        if extra is not None:
            return _extra(module, extra)
    for inner in cls.rest:
        if isinstance(inner, Class) and inner.name in ("Config", "Meta"):
            for item in inner.fields:
                if item.name in ("extra", "unknown") and item.value is not None:
                    return _extra(module, item.value)
    head = module.text_of(cls).split("\n", 1)[0].replace(" ", "")
    if "extra='forbid'" in head.replace('"', "'") or "forbid_unknown_fields=True" in head:
        return True, None
    return None, None


def _extra(module: Module, value: Expr) -> tuple[bool, Node | None]:
    last = module.text_of(value).strip("'\"").rsplit(".", 1)[-1].lower()
    closed = last in {"forbid", "raise"}
    return closed, None if closed else value
