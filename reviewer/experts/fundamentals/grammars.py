"""The patterns that a host holds identities against, and what each of them is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Field,
    For,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Regex,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
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
_NAMED: Final = frozenset(
    "id ids identifier identifiers pattern patterns regex regexp re rx grammar format shape syntax rule name names key "
    "keys valid allowed default schema".split()
)
"""Words that the name of a pattern for ids of plugins is made of, beside those for plugins."""
_CHECKS: Final = frozenset({"test", "match", "fullmatch", "exec", "search", "matches"})
_DEEPEST: Final = 8


class Grammar(Struct, frozen=True):
    """A pattern, where it is used, and for what: ``id`` or ``dependency``; ``how`` tells where it was seen."""

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
    for call in module.all(Call):
        yield from _of_call(module, call)
    for assign in module.all(Assign):
        if isinstance(assign.target, Name) and assign.value is not None:
            yield from _of_constant(module, assign.target.id, assign.value, assign)


def text_of(module: Module, expr: Expr | None, depth: int = 0) -> str:
    """Return the pattern that an expression is, in the spelling of RE2, or an empty string."""
    if expr is None or depth > _DEEPEST:
        return ""
    expr = strip(expr)
    if isinstance(expr, Regex):
        return f"(?i){expr.pattern}" if "i" in expr.flags else expr.pattern
    if isinstance(expr, Literal):
        return expr.value if isinstance(expr.value, str) else ""
    if isinstance(expr, Template):
        parts = [text_of(module, item, depth + 1) for item in expr.items]
        return "".join(parts) if all(parts) else ""
    if isinstance(expr, Binary) and expr.op == "+":
        left, right = text_of(module, expr.left, depth + 1), text_of(module, expr.right, depth + 1)
        return left + right if left and right else ""
    if isinstance(expr, Call):
        named = module.resolve(expr.callee).rsplit(".", 1)[-1]
        if named in ("RegExp", "compile"):
            text = text_of(module, expr.arg(0), depth + 1)
            flags = expr.arg(1, "flags")
            loose = flags is not None and ("IGNORECASE" in module.text_of(flags) or "i" in module.text_of(flags))
            return f"(?i){text}" if text and loose else text
        return ""
    return _of_name(module, expr, depth)


def _of_name(module: Module, expr: Expr, depth: int) -> str:
    """Follow a name or a member to the constant that it stands for, through imports too."""
    origin = module.scopes.origin(expr)
    if isinstance(origin, Expr) and origin is not expr:
        return text_of(module, origin, depth + 1)
    found = definition(module, expr)
    if isinstance(found, Regex | Literal | Template | Binary | Call):
        return text_of(module, found, depth + 1)
    return ""


# Schemas


def _of_object(module: Module, node: Object) -> Iterator[Grammar]:
    for key, value in node.entries:
        name = flat(str(key.value)) if isinstance(key, Literal) else ""
        if name in _PATTERN_KEYS or name in {"keypattern", "keyregex"}:
            role = _role(value)
            text = text_of(module, value) if role else ""
            if text:
                yield Grammar(module, value, role, text, "schema")
        elif name == "patternproperties" and isinstance(value, Object):
            for inner_key, _inner in value.entries:
                role = _role(value) if isinstance(inner_key, Literal) else ""
                if role and isinstance(inner_key, Literal):
                    yield Grammar(module, inner_key, role, str(inner_key.value), "schema")
        elif isinstance(value, Call) and (made := _of_reader(module, name, value)) is not None:
            yield made


def _of_reader(module: Module, name: str, value: Call) -> Grammar | None:
    """Read a description by functions of the host's own: ``id: text(ID)``, ``needs: table(ID, text(SPAN))``."""
    if has(name, DEPENDENCIES):
        inner: Expr = value
        while isinstance(inner, Call) and len(inner.args) == 1:
            inner = strip(inner.args[0])
        keyed = inner.args[0] if isinstance(inner, Call) and len(inner.args) == 2 and not _is_known(inner) else None
        text = _pattern(module, keyed)
        return Grammar(module, keyed, "dependency", text, "schema") if keyed is not None and text else None
    if name in ("id", "pluginid", "extensionid", "identifier") and len(value.args) == 1 and not _is_known(value):
        text = _pattern(module, value.args[0])
        return Grammar(module, value.args[0], "id", text, "schema") if text else None
    return None


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


def _role(value: Node) -> str:
    """Return what a pattern in a schema is for: the ids of plugins, or the keys of their dependencies."""
    keys = [key for key in _keys(value) if key not in ("properties", "type", "shape", "fields", "members")]
    place = next((n for n, key in enumerate(keys) if key in DEPENDENCIES or has(key, DEPENDENCIES)), -1)
    if place >= 0:
        below = keys[:place]
        if any(key in _KEY_KEYS for key in below) or (below and below[-1] in _KEY_KEYS):
            return "dependency"
        if any(key in ("id", "plugin", "pluginid") for key in below):
            return "dependency"
        if _in_record_key(value):
            return "dependency"
        return ""
    named = [key for key in keys if key not in _PATTERN_KEYS]
    return "id" if named and named[0] in ("id", "pluginid", "extensionid", "identifier") else ""


def _in_record_key(value: Node) -> bool:
    """Tell whether a value lies in the first argument of ``record(key, value)``."""
    inner = value
    for around in ancestors(value):
        if isinstance(around, Call) and around.name in ("record", "map", "dict", "Record", "pattern"):
            return bool(around.args) and len(around.args) > 1 and around.args[0] is inner
        if isinstance(around, Object):
            return False
        inner = around
    return False


# Calls


def _of_call(module: Module, call: Call) -> Iterator[Grammar]:
    if call.name in ("regex", "pattern", "matches") and call.receiver is not None and call.args:
        role = _role(call)
        text = text_of(module, call.args[0]) if role else ""
        if text:
            yield Grammar(module, call.args[0], role, text, "schema")
        return
    if call.name in ("Field", "constr", "StringConstraints"):
        wanted = call.keywords.get("pattern") or call.keywords.get("regex")
        text = text_of(module, wanted)
        holder = next((around for around in ancestors(call) if isinstance(around, Field)), None)
        if text and holder is not None and flat(holder.name) in ("id", "pluginid", "identifier"):
            yield Grammar(module, wanted or call, "id", text, "schema")
        return
    if call.name not in _CHECKS or call.receiver is None:
        return
    pattern, value = tested(module, call)
    text = text_of(module, pattern)
    role = _role_of_value(module, value) if text and value is not None else ""
    if (
        text
        and value is not None
        and not role
        and spelled(_plain(value)) == "name"
        and _beside_dependencies(module, call)
    ):
        role = "id"
    if role:
        applied = text
        if call.name == "fullmatch":
            applied = f"^(?:{text})$"
        elif module.language == "python" and call.name == "match":
            applied = f"^(?:{text})"
        yield Grammar(module, pattern or call, role, applied, "check", text)


def _plain(value: Expr) -> Expr:
    """Return what is made a text: ``data.get("name")`` of ``str(data.get("name"))``."""
    value = strip(value)
    made = isinstance(value, Call) and value.name in ("str", "String") and value.receiver is None and value.args
    return strip(value.args[0]) if made and isinstance(value, Call) else value


def _beside_dependencies(module: Module, call: Call) -> bool:
    """Tell whether the function that checks a name checks the names of dependencies as well, which are such names."""
    function = function_of(call)
    for other in find(function.body, Call) if function is not None else ():
        if other is not call and other.name in _CHECKS and other.receiver is not None:
            _pattern, value = tested(module, other)
            if value is not None and _role_of_value(module, value) == "dependency":
                return True
    return False


def tested(module: Module, call: Call) -> tuple[Expr | None, Expr | None]:
    """Return the pattern and what is held against it: ``re.match(p, v)``, ``p.test(v)``, ``v.match(p)``."""
    receiver = call.receiver
    if receiver is not None and module.resolve(receiver) == "re" and len(call.args) > 1:
        return call.args[0], call.args[1]
    if not call.args:
        return None, None
    if module.language != "python" and call.name in ("match", "search"):
        return call.args[0], receiver
    return receiver, call.args[0]


def _role_of_value(module: Module, value: Expr) -> str:
    value = strip(value)
    if isinstance(value, Call) and value.name in ("str", "String") and len(value.args) == 1:
        value = strip(value.args[0])
    name = spelled(value)
    if not name:
        return ""
    if has(name, DEPENDENCIES):
        return "dependency" if "range" not in words(name) and "version" not in words(name) else ""
    value = strip(value)
    if isinstance(value, Name):
        for binding in module.scopes.lookup(value.id, value)[:2]:
            if isinstance(binding, For) and binding.iterable is not None and _over_dependencies(module, binding, name):
                return "dependency"
    said = set(words(name))
    if said <= {"id", "identifier"} | PLUGINS and said & {"id", "identifier"}:
        if isinstance(value, Name) and _taken_apart(module, value):
            return "id"
        base = getattr(value, "object", None) or (value.receiver if isinstance(value, Call) else None)
        if isinstance(base, Name) and _is_whole_manifest(base):
            return "id"
        return "id" if len(said) > 1 or (base is not None and has(spelled(base), PLUGINS)) else ""
    return ""


def _is_whole_manifest(holder: Name) -> bool:
    """Tell whether a function reads what only manifests have of what it also reads the id of."""
    function = function_of(holder)
    read: set[str] = set()
    for node in find(function.body, Index | Call | Member) if function is not None else ():  # type: ignore[arg-type]  # a union works as a kind
        base = node.receiver if isinstance(node, Call) else node.object
        if isinstance(base, Name) and base.id == holder.id:
            read.add(spelled(node))
    return "version" in read and any(has(name, DEPENDENCIES) for name in read)


def _taken_apart(module: Module, name: Name) -> bool:
    """Tell whether a name is a member of a manifest that a parameter takes apart: ``({ id, dependencies }) => …``."""
    for binding in module.scopes.lookup(name.id, name):
        if isinstance(binding, Param) and has(" ".join(binding.fields), DEPENDENCIES | {"version"}):
            return True
    return False


def _over_dependencies(module: Module, loop: For, name: str) -> bool:
    """Tell whether a name is the key in a loop over the dependencies of a manifest."""
    if loop.iterable is None or not has(module.text_of(loop.iterable).split("(")[-1], DEPENDENCIES):
        return has(module.text_of(loop.iterable), DEPENDENCIES) if loop.iterable is not None else False
    return name not in ("range", "version", "value", "wanted")


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
