"""Defaults that grant: what stands in for an entry that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Field,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Unary,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import class_of, function_of, names_in
from reviewer.experts.paths import last_words, path_words, surroundings
from reviewer.experts.security.deciding.decisions import is_decision
from reviewer.experts.security.deciding.verdicts import GRANTING
from reviewer.experts.security.vocabulary import ALLOWING, PERMISSION, REFUSING, REQUIREMENTS, says

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DEFAULTED: Final = ("get", "setdefault", "getattr", "pop", "getOrDefault", "get_or_default", "defaultdict")
_HOLDERS: Final = (
    PERMISSION | {"rights", "scopes", "roles", "rules", "right", "rule", "sheet", "caps", "capabilities"}
) - {
    "access",
    "whitelist",
}
_GIVES: Final = frozenset({"of", "for", "get", "find", "lookup", "load", "fetch", "read", "resolve"})
"""First words of a function that gives what is recorded."""
_YES_TEXTS: Final = ALLOWING - {"on", "true", "public", "all", "full", "any", "owner", "root", "write", "*", "yes"}
_WIDE_TEXTS: Final = frozenset({"all", "full", "any", "*", "rw", "yes", "write", "owner", "root", "admin"})


_NOUNS: Final = frozenset({"owner", "root", "admin", "public", "all", "any", "full", "write"})
"""Texts of what is granted that name a thing as well."""
_OPTIONS: Final = frozenset({"options", "opts", "option", "params", "props", "init"})
"""Names of what the caller of a function says about how it is to work."""
_GRANTED: Final = frozenset({"granted", "permitted", "authorized", "authorised", "entitled", "consented", "approved"})


class Default(Struct, frozen=True):
    """A default that grants: ``at`` is the expression in which it stands in, ``value`` what it gives."""

    at: Node
    value: Expr


def permissive_defaults(inquiry: Inquiry, module: Module) -> list[Default]:
    """Return the defaults of a module that grant where nothing is found; worked out once."""
    nodes = module.some(Call, Binary, Assign, Field, Conditional)
    return module.once(
        "security.permissive",
        lambda: [*(found for node in nodes for found in _of(module, node)), *_of_missing(module)],
    )


def _of_missing(module: Module) -> list[Default]:
    """Look at what a table of Python gives for a key that it lacks: ``__missing__`` that answers with ``Scope.ALL``."""
    methods = [
        method
        for cls in module.classes
        if set(words(cls.name)) & _HOLDERS
        for method in cls.methods
        if method.name == "__missing__"
    ]
    answers = [(answer, answer.value) for method in methods for answer in returns_of(method)]
    return [Default(answer, value) for answer, value in answers if value is not None and grants(value)]


def _of(module: Module, node: Node) -> list[Default]:
    if isinstance(node, Call) and node.name in _DEFAULTED:
        return _of_call(module, node)
    if isinstance(node, Binary) and node.op in ("??", "or"):
        value = _stands_for(module, node.right)
        asked = _looks_up(node.left) and (
            _about_permission(module, node, node.left) or _is_verdict(module, node, value)
        )
        if grants(value) and asked:
            return [] if _is_compared_or_shown(node) else [Default(node, value)]
    elif isinstance(node, Assign):
        return _of_assign(module, node)
    elif isinstance(node, Conditional):
        return _of_conditional(module, node)
    elif isinstance(node, Field) and node.value is not None and node.type.strip() in ("bool", "boolean"):
        owner = class_of(node)
        if (
            isinstance(owner, Class)
            and _is_entry(owner)
            and _true(node.value)
            and not set(words(node.name)) & REQUIREMENTS
        ):
            return [Default(node, node.value)]
    return []


def _is_verdict(module: Module, node: Binary, value: Expr) -> bool:
    """Tell whether a function whose declared answers are words, one of which refuses, gives the one that grants."""
    function = function_of(node)
    if function is None or not isinstance(node.parent, Return) or not says(value, GRANTING):
        return False
    return any(text.lower() in REFUSING for text in texts_of_type(module, function.returns))


def _is_compared_or_shown(node: Binary) -> bool:
    """Tell whether a default only makes two records comparable, or a text: ``(old ?? true) !== (new ?? true)``."""
    around = node.parent
    if isinstance(around, Binary) and around.op in ("==", "!="):
        sides = [uncast(around.left), uncast(around.right)]
        return all(isinstance(side, Binary) and side.op == node.op for side in sides)
    return (
        isinstance(around, Call) and isinstance(around.callee, Name) and around.callee.id in ("String", "str", "repr")
    )


def _of_call(module: Module, call: Call) -> list[Default]:
    if call.name == "defaultdict":
        factory = call.arg(0)
        made = factory.body[0] if isinstance(factory, Function) and factory.body else None
        value = made.value if isinstance(made, Return) else None
        kept = call.parent if isinstance(call.parent, Assign | Field) else None
        about = kept is not None and bool(_said_of_kept(kept) & (_HOLDERS | {"scope"}))
        return [Default(call, value)] if value is not None and grants(value) and about else []
    position = 2 if call.name == "getattr" and call.receiver is None else 1
    default = call.arg(position, "default")
    value = _stands_for(module, default) if default is not None else None
    holder = call.arg(0) if call.name == "getattr" and call.receiver is None else call.receiver
    if value is None or holder is None or not (grants(value) or _gives_rights(call, value)):
        return []
    return [Default(call, value)] if _about_permission(module, call, holder) else []


def _said_of_kept(kept: Assign | Field) -> set[str]:
    """Return the words of where a table is kept: its name, the type of what it holds, and the class around it."""
    name = path_words(kept.target) if isinstance(kept, Assign) else set(words(kept.name))
    owner = class_of(kept)
    return {*name, *words(kept.type), *(words(owner.name) if owner is not None else ())}


def _of_conditional(module: Module, node: Conditional) -> list[Default]:
    """Look at ``row ? row.grants : {network: true}``: what is given where there is no row."""
    test, missing, found = uncast(node.test), node.other, node.then
    negated = isinstance(test, Unary) and test.op == "not"
    if isinstance(test, Binary) and test.op in ("==", "!=") and _is_nothing(test.right):
        negated, test = test.op == "==", uncast(test.left)
    elif isinstance(test, Unary) and negated:
        test = uncast(test.operand)
    if negated:
        missing, found = found, missing
    if not isinstance(test, Name) or test.id not in names_in(found) or isinstance(module.scopes.origin(test), Param):
        return []
    value = _stands_for(module, missing)
    if isinstance(value, Literal) and _is_answer(node):
        return []  # the answer of a decision, which is played through as a whole
    return [Default(node, value)] if grants(value) and _about_permission(module, node, test) else []


def _is_answer(node: Conditional) -> bool:
    """Tell whether a function that decides gives a value back, at once or by a name."""
    function = function_of(node)
    if function is None or not is_decision(function):
        return False
    target = node.parent.target if isinstance(node.parent, Assign) else None
    kept = target.id if isinstance(target, Name) else ""
    given = [answer.value for answer in returns_of(function) if answer.value is not None]
    return any(value is node or (kept and kept in names_in(value)) for value in given)


def _is_nothing(value: Expr) -> bool:
    value = uncast(value)
    return isinstance(value, Literal) and value.value is None


def _gives_rights(call: Call, value: Expr) -> bool:
    """Tell whether what stands in for somebody's rights is a list of some, in which the one asked for is sought."""
    given = uncast(value)
    if isinstance(given, Call) and given.name in ("frozenset", "set", "Set") and given.args:
        given = uncast(given.args[0])
    named = isinstance(given, Array) and bool(given.items) and all(isinstance(uncast(i), Literal) for i in given.items)
    sought = isinstance(call.parent, Binary) and call.parent.op in ("in", "not in") and call.parent.right is call
    return named and sought


def _of_assign(module: Module, node: Assign) -> list[Default]:
    if node.default is not None and isinstance(node.value, Member) and grants(node.default):
        holder = node.value.object
        if _about_permission(module, node, holder):
            return [Default(node, node.default)]
    if node.op in ("??=", "||=") and node.value is not None and grants(node.value):
        named = path_words(node.target)
        return [Default(node, node.value)] if named & _HOLDERS and not named & REQUIREMENTS else []
    return []


def _stands_for(module: Module, value: Expr) -> Expr:
    """Return the literal that a constant stands for, or what a parameter is where the caller gives nothing."""
    name = uncast(value)
    if not isinstance(name, Name):
        return value
    bindings = module.scopes.lookup(name.id, name)
    only = bindings[0] if len(bindings) == 1 else None
    if isinstance(only, Param):
        return only.default if only.default is not None and _true(only.default) else value
    made = module.scopes.origin(name)
    return made if isinstance(made, Literal | Object) else value


def _is_entry(cls: Class) -> bool:
    name = words(cls.name)
    return bool(name) and name[-1] in (
        "grant",
        "grants",
        "permission",
        "permissions",
        "policy",
        "consent",
        "rights",
        "acl",
    )


def _looks_up(expr: Expr) -> bool:
    expr = uncast(expr)
    while isinstance(expr, Binary) and expr.op in ("??", "or"):
        expr = uncast(expr.right)  # rules[who]?.[what] ?? rules["*"] ?? "allow"
    return isinstance(expr, Call | Member | Name | Index | Await)


def _about_permission(module: Module, at: Node, holder: Expr) -> bool:
    """Tell whether what is looked up is a permission: by the names of the holder, or by the function's purpose."""
    while isinstance(holder, Binary) and holder.op in ("??", "or"):
        holder = uncast(holder.left)  # const {network = true} = table[id] ?? {}
    named = path_words(holder)
    if isinstance(holder, Name):
        origin = module.scopes.origin(holder)
        if isinstance(origin, Expr):
            named = named | path_words(origin)
    if named & REQUIREMENTS:
        return False
    if (named & _HOLDERS and not _is_option(module, holder)) or _asks_whether_granted(at):
        return True
    function = function_of(at)
    if function is None:
        return False
    if is_decision(function):
        return not _is_what_to_look_at(module, at, holder)
    if isinstance(at.parent, Return) and set(words(function.name)[:1]) & _GIVES:
        return bool(surroundings(function) & (_HOLDERS - {"rule", "rules", "role", "roles"}))
    target = at.parent.target if isinstance(at.parent, Assign) else None
    return (
        target is not None
        and bool(set(last_words(target)) & (PERMISSION - {"access"}))
        and bool(surroundings(function) & PERMISSION)
    )


def _is_what_to_look_at(module: Module, at: Node, holder: Expr) -> bool:
    """Tell whether a text stands in for what a question is about, as its asker may leave out: ``type || "owner"``."""
    value = uncast(at.right) if isinstance(at, Binary) else None
    told = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    text = isinstance(value, Literal) and isinstance(value.value, str) and value.value.lower() not in ALLOWING - _NOUNS
    return text and any(isinstance(one, Param) for one in told) and not path_words(holder) & _HOLDERS


def _is_option(module: Module, holder: Expr) -> bool:
    """Tell whether a value is an option of the function itself, by which its caller says how it is to work."""
    held = uncast(holder)
    if not isinstance(held, Member) or not isinstance(held.object, Name):
        return False
    bindings = module.scopes.lookup(held.object.id, held)
    return set(words(held.object.id)) <= _OPTIONS and bool(bindings) and isinstance(bindings[0], Param)


def _asks_whether_granted(at: Node) -> bool:
    """Tell whether a record is asked by its key whether something was granted: ``raw.get("granted", True)``."""
    key = uncast(at.args[0]) if isinstance(at, Call) and at.receiver is not None and at.args else None
    return isinstance(key, Literal) and isinstance(key.value, str) and key.value.lower() in _GRANTED


def grants(value: Expr) -> bool:
    """Tell whether a value grants something: true, "allow", an entry whose members all grant, a constant so named."""
    value = uncast(value)
    if _true(value) or says(value, _YES_TEXTS | _WIDE_TEXTS):
        return True
    if isinstance(value, Object):
        return _all_grant([inner for _key, inner in value.entries])
    if isinstance(value, Call) and not value.args and value.keywords:
        return _all_grant(list(value.keywords.values()))
    if isinstance(value, Call) and len(value.args) == 1 and value.name in ("Set", "set", "frozenset", "freeze"):
        return isinstance(value.args[0], Expr) and grants(value.args[0])
    if isinstance(value, Array) and len(value.items) == 1:
        return says(value.items[0], {"*", "all", "any"})
    if isinstance(value, Name | Member) and _is_constant(value):
        named = set(last_words(value))
        if isinstance(value, Member) and path_words(value.object) & {"scope", "scopes", "right", "rights", "access"}:
            named |= {"rights"}  # Scope.ALL
        return bool(named & {"allow", "full", "all", "everything", "any", "unrestricted"}) and bool(
            named & {"allow", "access", "rights", "permissions", "grants", "scopes", "everything", "unrestricted"}
        )
    return False


def _is_constant(value: Name | Member) -> bool:
    name = value.id if isinstance(value, Name) else value.name
    return name.isupper() or (isinstance(value, Member) and name[:1].isupper())


def _all_grant(values: list[Expr]) -> bool:
    answers = [uncast(v) for v in values]
    return bool(answers) and all(grants(v) for v in answers)


def _true(value: Expr | None) -> bool:
    value = uncast(value) if value is not None else None
    return isinstance(value, Literal) and value.value is True
