"""SEC014: a plugin holds the very object that decides what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.links import callee, named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Call,
    Class,
    Expr,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Unary,
    strip,
)
from reviewer.code.walk import find, function_of, walk
from reviewer.code.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.decisions import is_decision
from reviewer.experts.security.handed import COPIERS, Handed, handed, is_collection, is_frozen
from reviewer.experts.security.refusals import refuses
from reviewer.experts.security.vocabulary import REQUIREMENTS, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_NOUNS: Final = word_set(
    "grants granted permissions policy policies acl acls rights access scopes entitlements consents privileges perms "
    "allowlist"
)
_READONLY: Final = (
    "Readonly",
    "readonly",
    "Mapping",
    "frozenset",
    "tuple",
    "Tuple",
    "FrozenSet",
    "AbstractSet",
    "Sequence",
    "str",
    "bool",
    "int",
    "number",
    "boolean",
    "string",
)


@module_check("SEC014", words=_NOUNS & TRIGGERS | {"granted", "policies", "scopes", "rights", "includes", "has"})
def live_policy(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the open members of everything that plugins get."""
    if module.is_test:
        return
    for thing in handed(inquiry, module):
        seen: set[str] = set()
        for name, place, value in thing.open:
            named = set(words(name)) | set(last_words(value))
            if name not in seen and isinstance(thing.node, Class) and _refused_by(thing.node, strip(value)):
                seen.add(name)
                yield Match(
                    value if isinstance(place, Function) else place,
                    f"'{name}' gives the plugin '{short(module.text_of(value))}' itself, by which calls are refused: "
                    "it adds what it was never given.",
                )
                continue
            if name in seen or not named & _NOUNS or named & REQUIREMENTS or _is_question(name):
                continue
            if not _is_live(module, thing, name, place, value):
                continue
            seen.add(name)
            what = short(module.text_of(value))
            yield Match(
                value if isinstance(place, Function) else place,
                f"'{name}' gives the plugin '{what}' itself, from which its rights are read: it can change what it may "
                "do.",
            )
    for held, name in _decided_from(module):
        yield Match(
            held,
            f"'{name}' is handed out as it is, and the functions beside it decide from it: whoever holds it adds what "
            "was never granted. Freezing keeps nobody from calling 'add' or 'set'.",
        )


def _decided_from(module: Module) -> Iterator[tuple[Expr, str]]:
    """Yield the Sets and Maps of rights that a returned object holds, and that its own functions decide from."""
    for made in module.all(Object):
        functions = [value for _key, value in made.entries if isinstance(value, Function)]
        around = function_of(made)
        if not functions or around is None or not _is_answer(made) or around.module.language == "python":
            continue
        for key, value in made.entries:
            name = strip(value)
            named = {*(words(str(key.value)) if isinstance(key, Literal) else ()), *last_words(name)}
            if not isinstance(name, Name) or not named & _NOUNS or named & REQUIREMENTS:
                continue
            if _is_collection_of(module, name) and _asked_inside(around, name):
                yield value, name.id


def _is_answer(made: Object) -> bool:
    """Tell whether an object is what a function returns, frozen or not."""
    around = made.parent
    while isinstance(around, Call) and around.name in ("freeze", "seal") and len(around.args) == 1:
        around = around.parent
    return isinstance(around, Return)


def _is_collection_of(module: Module, name: Name) -> bool:
    origin = module.scopes.origin(name)
    if isinstance(origin, Call) and not origin.new:
        made = callee(module, origin)
        returned = made.returns if made is not None else ""
        return returned.removeprefix("Promise<").startswith(("Set<", "Map<"))
    return isinstance(origin, Call) and is_collection(module, name)


def _asked_inside(function: Function, name: Name) -> bool:
    """Tell whether a function inside this one asks a collection by ``has`` or ``get``, later than it is made."""
    return any(
        isinstance(call.receiver, Name) and call.receiver.id == name.id and function_of(call) is not function
        for call in find(function.body, Call)
        if call.name in ("has", "get")
    )


def _is_question(name: str) -> bool:
    first = words(name)[0]
    return first in ("has", "is", "can", "may", "check", "check_", "require", "request", "ask")


def _is_live(module: Module, thing: Handed, name: str, place: Node, value: Expr) -> bool:
    value = strip(value)
    if is_frozen(module, value) or _only_answers(module, place):
        return False
    if isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
        value = strip(value.args[0])
    if isinstance(place, Function) and place.returns.strip("'\"").startswith(_READONLY):
        return False
    if isinstance(place, Param) and (place.type.startswith(_READONLY) and not place.type.startswith("readonly")):
        return False
    if isinstance(value, Array | Object) or (isinstance(value, Call) and value.name in COPIERS):
        return isinstance(thing.node, Class) and _decides(thing.node, name)
    if isinstance(value, Call):
        return value.name == "get" and bool(value.args)
    if isinstance(value, Name):
        origin = module.scopes.origin(value) if not isinstance(place, Param) else place
        if isinstance(origin, Param) and origin.type.startswith(_READONLY):
            return False
        if isinstance(origin, Call | Array | Object):
            copied = not isinstance(origin, Call) or origin.name in COPIERS
            return not copied or (isinstance(thing.node, Class) and _decides(thing.node, name))
        return not isinstance(origin, Function | Class)
    return isinstance(value, Member | Index)


def _refused_by(cls: Class, held: Expr) -> bool:
    """Tell whether methods refuse what a collection of their object lacks: ``if (!this.#ids.includes(id)) …``."""
    if not is_this_member(held):
        return False
    for test in find(cls, If):
        denied = strip(test.test)
        asked = strip(denied.operand) if isinstance(denied, Unary) and denied.op == "not" else None
        if isinstance(asked, Call) and asked.name in ("includes", "has") and refuses(test.body):
            holder = strip(asked.receiver) if asked.receiver is not None else None
            if is_this_member(holder) and holder.name == held.name:
                return True
    return False


def _only_answers(module: Module, place: Node) -> bool:
    """Tell whether what is handed over is of a class of the subject whose methods ask, and change nothing."""
    cls = named_type(module, place.type) if isinstance(place, Param) and place.type else None
    if cls is None or cls.kind != "class":
        return False
    public = [one for one in cls.methods if not one.private and one.kind != "constructor"]
    fields = [one for one in cls.fields if not one.private]
    return bool(public) and not fields and all(is_decision(one) or one.kind == "getter" for one in public)


def _decides(cls: Class, name: str) -> bool:
    """Tell whether the methods of a class read the member to decide."""
    for method in cls.methods:
        if method.kind == "constructor":
            continue
        for node in walk(method.body):
            if (
                isinstance(node, Member)
                and node.name == name
                and isinstance(node.object, Name)
                and node.object.id == "this"
            ):
                return True
    return False
