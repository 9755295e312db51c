"""SEC043: the code that reads manifests knows the network as a right that is true or false, or only a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Object,
    Unary,
    strip,
)
from reviewer.code.text.ideas import RIGHTS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import path_words, said_in, surroundings, word_set
from reviewer.experts.security.asked_for.network_schema import ACTIONS, about_permissions
from reviewer.experts.security.asked_for.network_without_hosts import HOSTS, NETWORK
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_KEYS: Final = NETWORK - {"fetch"}
_COLLECTS: Final = frozenset({"Set", "set", "frozenset", "freeze", "tuple", "list"})
_CHOICES: Final = frozenset({"enum", "picklist", "literals", "choice", "valid"})
"""Words of functions of a schema that take one of several texts."""
_REACH: Final = word_set(
    "host hosts hostname hostnames domain domains origin origins allowlist url urls address addresses"
)
"""Words of what says how far a right to the network reaches."""
_FEWEST: Final = 2


@module_check("SEC043", words=NETWORK)
def network_among_rights(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at readers of manifests that are written by hand, and at lists of the rights that there are."""
    if module.is_test:
        return
    for made in module.some(Object, Array):
        for key, value in made.entries if isinstance(made, Object) else _pair(made):
            name = str(key.value) if isinstance(key, Literal) else ""
            if name in _KEYS and _reads_boolean(module, value) and about_permissions(module, made):
                yield Match(value, f"'{name}' can only be true or false: granting it means every host there is.")
    for listed in module.all(Array):
        named = _network_in(listed)
        if named is None or _knows_reach(module):
            continue
        test = _asked_for_boolean(module, listed)
        if test is not None:
            yield Match(test, f"'{named}' is a right that is true or false: granting it means every host there is.")
        elif (_is_catalogue(module, listed) or _is_choice(module, listed)) and not _knows_reach_elsewhere(module):
            yield Match(
                listed, f"'{named}' is only a name: nothing says which hosts, and granting it means all of them."
            )


def _pair(made: Node) -> list[tuple[Expr | None, Expr]]:
    """Return a name and what reads it where they stand in a list of two: ``["network", (v) => v === true]``."""
    items = [strip(one) for one in made.items] if isinstance(made, Array) else []
    return [(items[0], items[1])] if len(items) == 2 and isinstance(items[1], Function | Name | Call) else []


def _reads_boolean(module: Module, value: Expr) -> bool:
    """Tell whether a reader of a field takes yes and no alone: a function of the subject that asks for the type."""
    made = strip(value)
    if isinstance(made, Call):  # a reader of what has members: shape({}, { fetch: flag })
        records = [one for arg in made.args if isinstance(one := strip(arg), Object)]
        inner = [pair for one in records for pair in one.entries]
        acts = all(isinstance(key, Literal) and key.value in ACTIONS for key, _one in inner)
        if inner or made.new:
            return bool(inner) and acts and all(_reads_boolean(module, one) for _key, one in inner)
        maker = definition(module, made.callee)  # a reader that is made for one field: flag("fetch")
        given = [answer.value for answer in returns_of(maker)] if isinstance(maker, Function) else []
        only = (
            definition(maker.module, given[0]) if isinstance(maker, Function) and len(given) == 1 and given[0] else None
        )
        return isinstance(only, Function) and _takes_yes(only) and not _asks_text(only)
    if isinstance(made, Function):
        return _takes_yes(made) and not _asks_text(made)
    target = definition(module, value) if isinstance(made, Name | Member) else None
    return isinstance(target, Function) and _takes_yes(target) and not _asks_text(target)


def _takes_yes(reader: Function) -> bool:
    """Tell whether a reader takes what it is told, or one member of it, for a plain yes: ``value[name] === true``."""
    told = {param.name for param in reader.params}
    yes = (
        part
        for part in find(reader.body, Binary)
        if part.op == "==" and getattr(strip(part.right), "value", None) is True and names_in(part.left) & told
    )
    return _asks_boolean(reader) or any(True for _ in yes)


def _asks_boolean(function: Function) -> bool:
    return any(_is_boolean_test(part) for part in find(function.body, Expr))


def _is_boolean_test(part: Node) -> bool:
    """Tell whether a condition asks for yes or no: ``typeof x === "boolean"``, ``isinstance(x, bool)``."""
    if isinstance(part, Binary) and part.op in ("==", "!="):
        typed = any(isinstance(side, Unary) and side.op == "typeof" for side in (strip(part.left), strip(part.right)))
        return typed and any(getattr(strip(side), "value", "") == "boolean" for side in (part.left, part.right))
    if isinstance(part, Call) and part.name == "isinstance" and len(part.args) > 1:
        kind = strip(part.args[1])
        return isinstance(kind, Name) and kind.id == "bool"
    return False


def _asks_text(function: Function) -> bool:
    return any(part.value in ("string", "object") for part in find(function.body, Literal)) or "str" in names_in(
        function.body
    )


def _network_in(listed: Array) -> str | None:
    """Return the name of the network in a list of two or more plain names."""
    texts = [one.value for one in map(strip, listed.items) if isinstance(one, Literal) and isinstance(one.value, str)]
    if len(texts) < _FEWEST or len(texts) != len(listed.items):
        return None
    return next((text for text in texts if text in _KEYS), None)


def _is_catalogue(module: Module, listed: Array) -> bool:
    """Tell whether a list says which rights there are, and something is sought in it."""
    made: Node = listed
    while isinstance(made.parent, Call) and made.parent.name in _COLLECTS:
        made = made.parent
    kept = made.parent
    if not isinstance(kept, Assign) or not isinstance(kept.target, Name) or function_of(kept) is not None:
        return False
    name = kept.target.id
    if not set(words(name)[-1:]) & RIGHTS:
        return False
    sought = any(
        call.receiver is not None and name in names_in(call.receiver) for call in module.calls(("has", "includes"))
    )
    return sought or any(
        test.op in ("in", "not in", "<=", "-") and name in names_in(test.right) for test in module.all(Binary)
    )


def _is_choice(module: Module, listed: Array) -> bool:
    """Tell whether a schema of permissions takes one of a list: ``array(picklist(["gps", "network"]))``."""
    around = listed.parent
    named = isinstance(around, Call) and bool(_CHOICES & set(words(around.name)))
    keyed = isinstance(around, Object) and around.get("enum") is listed
    return (named or keyed) and about_permissions(module, listed)


def _asked_for_boolean(module: Module, listed: Array) -> Node | None:
    """Return where each of a list of rights is asked to be true or false."""
    made: Node = listed
    while isinstance(made.parent, Call) and made.parent.name in _COLLECTS:
        made = made.parent
    around = made.parent
    sought_in = isinstance(around, Member) and around.name in ("includes", "has", "indexOf")
    if sought_in or (isinstance(around, Binary) and around.op in ("in", "not in") and around.right is made):
        return _boolean_beside(listed)
    if isinstance(around, For) and around.iterable is made:
        return next((part for part in find(around.body, Expr) if _is_boolean_test(part) and _of_rights(part)), None)
    if not isinstance(around, Assign) or not isinstance(around.target, Name):
        return None
    if not set(words(around.target.id)) & RIGHTS:
        return None
    name = around.target.id
    for function in module.functions:
        if name in names_in(function.body):
            found = next((part for part in find(function.body, Expr) if _is_boolean_test(part)), None)
            if found is not None:
                return found
    return None


def _boolean_beside(listed: Array) -> Node | None:
    """Return where a function that takes a name of a list asks for yes or no: it looks at rights by what it is called.

    ``if (!["mail", "network"].includes(area) || typeof value !== "boolean") throw …``
    """
    function = function_of(listed)
    if function is None or not (surroundings(function) | said_in(function)) & (RIGHTS | PERMISSION):
        return None
    return next((part for part in find(function.body, Expr) if _is_boolean_test(part)), None)


def _of_rights(part: Node) -> bool:
    return any(path_words(one) & RIGHTS for one in find(part, Expr))


def _knows_reach(module: Module) -> bool:
    """Tell whether a file uses a word of hosts or addresses, for more than to define what nobody reads."""
    return module.once("security.knows hosts", lambda: _uses_reach(module))


def _uses_reach(module: Module) -> bool:
    read = {one.id for one in module.all(Name) if not (isinstance(one.parent, Assign) and one.parent.target is one)}
    if any(set(words(name)) & _REACH for name in read):
        return True
    if any(set(words(one.name)) & _REACH for one in module.all(Member)):
        return True
    return any(
        isinstance(one.value, str) and set(words(one.value)) & _REACH and len(one.value) < 24
        for one in module.all(Literal)
    )


def _knows_reach_elsewhere(module: Module) -> bool:
    """Tell whether any file of the subject names hosts for somebody: ``grant.hosts``."""
    project = module.project
    return project is not None and any(True for _ in project.texts(HOSTS))
