"""The patterns that a host holds identities against, and what each of them is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Expr,
    Field,
    Function,
    Literal,
    Name,
    Node,
    Object,
    Regex,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.experts.fundamentals.grouped_names import grouped_names
from reviewer.experts.fundamentals.held_patterns import CHECKS, held_patterns, tested
from reviewer.experts.fundamentals.identities import plain, role_of_key, role_of_value
from reviewer.experts.fundamentals.identity_members import identity_members, is_identity
from reviewer.experts.fundamentals.pattern_texts import text_of
from reviewer.experts.fundamentals.vocabulary import DEPENDENCIES, PLUGINS, flat, has, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_PATTERN_KEYS: Final = frozenset({"pattern", "regex", "regexp", "match", "matches", "format", "re", "grammar"})
_KEY_KEYS: Final = frozenset(
    "keypattern keys keyregex propertynames patternproperties keyformat names keyschema keygrammar key".split()
)
_VALUE_KEYS: Final = frozenset(
    "additionalproperties items values valuepattern value range version versions versionrange of".split()
)
_OF_EVENTS: Final = frozenset({"event", "events", "topic", "topics", "channel", "command", "verb"})
"""Words of patterns of what is sent and called, and not of who does."""
_NAMED: Final = frozenset(
    "id ids identifier identifiers pattern patterns regex regexp re rx grammar format shape syntax rule name names key "
    "keys valid allowed default schema".split()
)
"""Words that the name of a pattern for ids of plugins is made of, beside those for plugins."""
_HOLD: Final = ("record", "map", "dict", "array", "list", "set")
"""Calls of which the first argument describes what the keys, or the items, have to be."""
_SPELT_SO: Final = {
    "isidentifier": r"^[A-Za-z_]\w*$",
    "isalnum": "^[A-Za-z0-9]+$",
    "isalpha": "^[A-Za-z]+$",
}
"""Methods of texts that ask how one is spelled, and the pattern that says the same."""


class Grammar(Struct, frozen=True):
    """A pattern, where it is used, and for what; ``how`` tells where it was seen.

    It is for an ``id``, a ``dependency``, or the ``part`` of a longer name that is an id.
    """

    module: Module
    at: Node
    role: str
    pattern: str
    how: str
    """``schema``, ``constant`` or ``check``."""
    raw: str = ""
    """The pattern as it is spelled, where ``pattern`` says more about how it is applied."""


def grammars(module: Module) -> Iterator[Grammar]:
    """Yield the patterns of one module that are about identities of plugins, in no particular order."""
    for node in module.all(Object):
        yield from _of_object(module, node)
    yield from _of_pairs(module)
    for call in module.all(Call):
        yield from _of_call(module, call)
    yield from _of_checks(module)
    for pattern, inner in grouped_names(module):
        yield Grammar(module, pattern, "part", f"^(?:{inner})$", "check", inner)
    for cls in module.classes if module.language == "python" else ():
        for field in cls.fields:
            yield from _of_type(module, field)
    for assign in module.all(Assign):
        if isinstance(assign.target, Name) and assign.value is not None:
            yield from _of_constant(module, assign.target.id, assign.value, assign)


# Schemas


def _of_object(module: Module, node: Object) -> Iterator[Grammar]:
    for key, value in node.entries:
        name = flat(str(key.value)) if isinstance(key, Literal) else ""
        if name in _PATTERN_KEYS or name in {"keypattern", "keyregex"}:
            role = _role(module, value)
            text = text_of(module, value) if role else ""
            if text:
                yield Grammar(module, value, role, text, "schema")
        elif name == "patternproperties" and isinstance(value, Object):
            for inner_key, _inner in value.entries:
                role = _role(module, value) if isinstance(inner_key, Literal) else ""
                if role and isinstance(inner_key, Literal):
                    yield Grammar(module, inner_key, role, str(inner_key.value), "schema")
        elif name in _KEY_KEYS and isinstance(strip(value), Name):
            held = module.scopes.origin(value)
            told = _described(module, held) if isinstance(held, Object) else None
            if told is not None and has(" ".join(_keys(value)), DEPENDENCIES):
                yield Grammar(module, told, "dependency", text_of(module, told), "schema")
        elif name in ("id", "pluginid") and _is_pattern(module, value) and node.get("version") is not None:
            yield Grammar(module, value, "id", text_of(module, value), "check")  # a table of patterns
        elif isinstance(value, Call) and (made := _of_reader(module, name, value)) is not None:
            yield made
        else:
            yield from _of_named_shape(module, name, value)


def _is_pattern(module: Module, value: Expr) -> bool:
    value = strip(value)
    return isinstance(value, Regex) or (isinstance(value, Call) and module.resolve(value.callee) == "re.compile")


def _of_named_shape(module: Module, name: str, value: Expr) -> Iterator[Grammar]:
    """Read a description by shapes that have names: ``id: ToolId``, ``needs: z.record(ToolId, Span)``."""
    role = "dependency" if has(name, DEPENDENCIES) else "id" if name in ("id", "pluginid", "identifier") else ""
    shape: Expr | None = strip(value)
    while role == "dependency" and isinstance(shape, Call):
        keyed = shape.name in _HOLD or (shape.name == "pattern" and len(shape.args) == 2)
        held = shape.args[0] if shape.args and keyed else None
        shape = held if held is not None else shape.receiver
        shape = strip(shape) if shape is not None else None
    if not role or not isinstance(shape, Name):
        return
    made: object = module.scopes.origin(shape)
    told = _described(module, made) if isinstance(made, Expr) and (role == "id" or name != flat(shape.id)) else None
    if told is not None:
        yield Grammar(module, told, role, text_of(module, told), "schema")
        return
    while isinstance(made, Call):
        if made.name in ("regex", "pattern", "matches") and made.args:
            text = text_of(module, made.args[0])
            if text:
                yield Grammar(module, made.args[0], role, text, "schema")
            return
        made = strip(made.receiver) if made.receiver is not None else None


def _described(module: Module, made: Expr) -> Expr | None:
    """Return the pattern of what describes a text: ``{ type: "string", pattern: ID }``, ``like(ID)``."""
    made = strip(made)
    told: Expr | None = None
    if isinstance(made, Object):
        told = next((one for key in _PATTERN_KEYS if (one := made.get(key)) is not None), None)
    elif isinstance(made, Call) and len(made.args) == 1 and not _is_known(made) and _pattern(module, made.args[0]):
        told = made.args[0]
    return told if told is not None and text_of(module, told) else None


def _of_pairs(module: Module) -> Iterator[Grammar]:
    """Read descriptions that stand beside the name of a field, in a pair: ``["id", text(ID)]``."""
    for pair in module.all(Array):
        said = strip(pair.items[0]) if len(pair.items) == 2 else None
        value = strip(pair.items[1]) if isinstance(said, Literal) and isinstance(said.value, str) else None
        if isinstance(said, Literal) and isinstance(value, Call):
            made = _of_reader(module, flat(str(said.value)), value)
            if made is not None:
                yield made


def _of_reader(module: Module, name: str, value: Call) -> Grammar | None:
    """Read a description by functions of the host's own: ``id: text(ID, "an id")``, ``needs: table(ID, text(SPAN))``.

    Of ``needs: list(text(ID), 20)`` each item is a name of another plugin.
    """
    if has(name, DEPENDENCIES):
        inner: Expr = value
        while isinstance(inner, Call) and not _is_known(inner) and len(_told(inner)) == 1:
            inner = strip(_told(inner)[0])
        keyed = _told(inner)[0] if isinstance(inner, Call) and len(_told(inner)) == 2 and not _is_known(inner) else None
        keyed = inner if keyed is None and inner is not value and not isinstance(inner, Call) else keyed
        held = module.scopes.origin(keyed) if keyed is not None else None
        told = _described(module, held) if isinstance(held, Expr) else None
        keyed = told if told is not None else keyed
        text = _pattern(module, keyed)
        applied = _applied(module, keyed, text)
        return Grammar(module, keyed, "dependency", applied, "schema", text) if keyed is not None and text else None
    if name in ("id", "pluginid", "extensionid", "identifier") and len(_told(value)) == 1 and not _is_known(value):
        text, keyed = _pattern(module, _told(value)[0]), _told(value)[0]
        return Grammar(module, keyed, "id", _applied(module, keyed, text), "schema", text) if text else None
    return None


def _applied(module: Module, keyed: Expr | None, text: str) -> str:
    """Return a pattern as the function to which it is handed applies it: to the whole text, or to its beginning."""
    call = keyed.parent if keyed is not None else None
    reader = definition(module, call.callee) if isinstance(call, Call) and module.language == "python" else None
    used = {one.name for one in find(reader.body, Call)} if isinstance(reader, Function) else set()
    if "fullmatch" in used:
        return f"^(?:{text})$"
    return f"^(?:{text})" if "match" in used else text


def _told(call: Call) -> list[Expr]:
    """Return what a call is given beside limits and texts for people."""
    return [arg for arg in call.args if not isinstance(strip(arg), Literal)]


def _is_known(call: Call) -> bool:
    """Tell whether a call is one of a library, of which other parts of this file speak."""
    return call.receiver is not None or call.name in ("record", "map", "dict", "Record", "pattern", "regex")


def _pattern(module: Module, expr: Expr | None) -> str:
    """Return the pattern that an expression is, where it is one and no plain text."""
    held = module.scopes.origin(expr) if expr is not None else None
    return text_of(module, expr) if isinstance(held, Regex | Call) else ""


def _keys(node: Node) -> list[str]:
    """Return the keys of the object literals around a value, nearest first."""
    found: list[str] = []
    inner: Node = node
    for around in ancestors(node):
        if isinstance(around, Object):
            found += [flat(str(k.value)) for k, v in around.entries if v is inner and isinstance(k, Literal)]
        elif not isinstance(around, Call | Expr):
            break
        inner = around
        if len(found) > 12:
            break
    return found


def _role(module: Module, value: Node) -> str:
    """Return what a pattern in a schema is for: the ids of plugins, or the keys of their dependencies."""
    keys = [key for key in _keys(value) if key not in ("properties", "type", "shape", "fields", "members")]
    place = next((n for n, key in enumerate(keys) if key in DEPENDENCIES or has(key, DEPENDENCIES)), -1)
    if place >= 0:
        below = keys[:place]
        if any(key in _KEY_KEYS for key in below) or (below and below[-1] in _KEY_KEYS):
            return "dependency"
        if any(key in ("id", "plugin", "pluginid") for key in below):
            return "dependency"
        if [key for key in below if key not in _PATTERN_KEYS] == ["items"]:
            return "dependency"  # a list of names
        return "dependency" if _in_record_key(value) or (not below and _in_list(value)) else ""
    named = [key for key in keys if key not in _PATTERN_KEYS]
    return "id" if named and (_is_identity(module, named[0]) or _is_only_name(named[0], value)) else ""


def _is_only_name(key: str, value: Node) -> bool:
    """Tell whether a schema of manifests knows plugins by their name: it has a version, needs, and no id.

    ``{"name": {"pattern": …}, "version": …, "after": {"items": {"pattern": …}}}``
    """
    if flat(key) != "name":
        return False
    around = next((one for one in ancestors(value) if isinstance(one, Object) and "version" in one.keys), None)
    names = [str(one) for one in around.keys] if around is not None else []
    needs = any(has(one, DEPENDENCIES) for one in names)
    return needs and not any(flat(one) in ("id", "pluginid", "extensionid", "identifier") for one in names)


def _is_identity(module: Module, name: str) -> bool:
    """Tell whether a member of a schema is that by which the host knows a plugin."""
    said = flat(name)
    return said in ("id", "pluginid", "extensionid", "identifier") or said in map(
        flat, identity_members(module.project)
    )


def _in_record_key(value: Node) -> bool:
    """Tell whether a value lies in the first argument of ``record(key, value)``."""
    inner = value
    for around in ancestors(value):
        if isinstance(around, Call) and around.name in ("record", "map", "dict", "Record", "pattern"):
            return bool(around.args) and len(around.args) > 1 and around.args[0] is inner
        if isinstance(around, Object) and not _PATTERN_KEYS.issuperset(map(flat, map(str, around.keys))):
            return False
        inner = around
    return False


def _in_list(value: Node) -> bool:
    """Tell whether a value lies in what says of which items a list is: ``array(text.regex(ID))``."""
    inner = value
    for around in ancestors(value):
        if isinstance(around, Object):
            return False
        if isinstance(around, Call) and around.name in ("array", "list", "arrayOf", "set") and inner in around.args:
            return len(around.args) == 1
        inner = around
    return False


def _of_type(module: Module, field: Field) -> Iterator[Grammar]:
    """Read the type of a field that an alias gives a pattern: ``id: ToolId``, ``requires: dict[ToolId, str]``."""
    role = "dependency" if has(field.name, DEPENDENCIES) else ""
    role = "id" if flat(field.name) in ("id", "pluginid", "identifier") else role
    inner = field.type.split("[", 1)[-1].split(",")[0] if role == "dependency" and "[" in field.type else field.type
    name = inner.strip(" ]\"'").removesuffix("| None").strip()
    made = module.scopes.table(None).get(name, ()) if role and name.isidentifier() else ()
    for alias in made:
        value = alias.value if isinstance(alias, Assign) else None
        for call in find(value, Call) if value is not None else ():
            wanted = call.keywords.get("pattern") or call.keywords.get("regex")
            text = text_of(module, wanted)
            if text and wanted is not None:
                yield Grammar(module, wanted, role, text, "schema")


# Calls


def _of_call(module: Module, call: Call) -> Iterator[Grammar]:
    if call.name in ("regex", "pattern", "matches") and call.receiver is not None and call.args:
        role = _role(module, call)
        text = text_of(module, call.args[0]) if role else ""
        if text:
            yield Grammar(module, call.args[0], role, text, "schema")
        return
    if call.name in ("Field", "constr", "StringConstraints"):
        wanted = call.keywords.get("pattern") or call.keywords.get("regex")
        text = text_of(module, wanted)
        holder = next((around for around in ancestors(call) if isinstance(around, Field)), None)
        if text and holder is not None and _is_identity(module, holder.name):
            yield Grammar(module, wanted or call, "id", text, "schema")
        return


def _of_checks(module: Module) -> Iterator[Grammar]:
    """Read what is held against a pattern, by the value, or the key of it, that the check or its caller names."""
    for held in held_patterns(module):
        text = text_of(held.pattern.module, held.pattern.expr)
        if not text or set(words(spelled(plain(held.pattern.expr)))) & _OF_EVENTS:
            continue
        at, value = held.value.module, held.value.expr
        if held.key:
            role = role_of_key(at, value, held.key) if isinstance(value, Call) else ""
        else:
            role = role_of_value(at, value)
            if not role and spelled(plain(value)) == "name" and _beside_dependencies(module, held.check):
                role = "id"
            if not role and is_identity(at, plain(value)):
                role = "id"
            if not role and spelled(plain(value)) == "id" and _is_called_id(plain(held.pattern.expr)):
                role = "id"
        if role:
            applied = text
            if held.check.name == "fullmatch":
                applied = f"^(?:{text})$"
            elif module.language == "python" and held.check.name == "match":
                applied = f"^(?:{text})"
            yield Grammar(held.pattern.module, held.pattern.expr, role, applied, "check", text)
    for call in module.calls(_SPELT_SO):
        role = role_of_value(module, call.receiver) if call.receiver is not None and not call.args else ""
        if role:
            yield Grammar(module, call, role, _SPELT_SO[call.name], "check")


def _beside_dependencies(module: Module, call: Call) -> bool:
    """Tell whether the function that checks a name checks the names of dependencies as well, which are such names."""
    function = function_of(call)
    for other in find(function.body, Call) if function is not None else ():
        if other is not call and other.name in CHECKS | _SPELT_SO.keys() and other.receiver is not None:
            _pattern, value = tested(module, other) if other.name in CHECKS else (None, other.receiver)
            if value is not None and role_of_value(module, value) == "dependency":
                return True
    return False


def _is_called_id(pattern: Expr) -> bool:
    """Tell whether a pattern is called one of ids of plugins: ``ADDON_ID``."""
    said = set(words(spelled(pattern)))
    return bool(said & PLUGINS) and bool(said & {"id", "ids"}) and said <= _NAMED | PLUGINS


def _of_constant(module: Module, name: str, value: Expr, at: Assign) -> Iterator[Grammar]:
    """Read ``PLUGIN_ID = /…/`` and ``DEPENDENCY_KEY = re.compile(…)``."""
    said = set(words(name))
    kinds = said & DEPENDENCIES
    if not said & {"id", "ids", "identifier", "key", "keys", "name"} or not said <= _NAMED | PLUGINS | DEPENDENCIES:
        return
    if not kinds and not (said & PLUGINS and said & {"id", "ids", "identifier"}):
        return
    if not isinstance(strip(value), Regex | Literal | Call | Template):
        return
    text = text_of(module, value)
    if text and any(sign in text for sign in "[\\^$(+*"):
        yield Grammar(module, at.value or at, "dependency" if kinds else "id", text, "constant")
