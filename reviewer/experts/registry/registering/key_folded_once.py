"""REG091: keys are folded where entries are made, and taken as they come where they are looked up, or the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.call_sites import users
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, Param, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.registry.entering import params_in
from reviewer.experts.registry.registering.key_folded_elsewhere import folded_where_made
from reviewer.experts.registry.vocabulary import FOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.code.tables import Access, Table
    from reviewer.experts.check import Inquiry

_FOLDING: Final = frozenset("fold folded normalize normalise normalized canonical canonicalize slug slugify".split())
"""Words of a function of the subject that may do so."""
_SPACES: Final = ("trim", "strip")
_LETTERS: Final = ("lower", "upper", "fold", "normal", "canon", "slug")


@module_check("REG091", words={"lower", "upper", "casefold", "strip", "trim", "normalize"})
def key_folded_once(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare how the keys of a table are made where it is written and where it is read."""
    if module.is_test:
        return
    for table in tables(module):
        if table.kind not in ("map", "set"):
            continue
        writes = [access for access in table.of("write") if access.key is not None]
        reads = [access for access in table.of("read", "has") if access.key is not None]
        found = _odd(module, table, writes, reads) or _odd(module, table, reads, writes)
        if found is not None and not any(_comes_folded(inquiry, module, access) for access in writes):
            yield found


def _comes_folded(inquiry: Inquiry, module: Module, access: Access) -> bool:
    """Tell whether an entry is made under a member that is folded already: by its class, or as the id of a manifest."""
    key = strip(access.key) if access.key is not None else None
    return isinstance(key, Member) and (
        _folded_by_class(module, key.name) or bool(folded_where_made(inquiry, module, key.name))
    )


def _folded_by_class(module: Module, member: str) -> bool:
    """Tell whether a class of the file folds a field when it is given: ``this._verb = verb.toLowerCase()``."""
    return any(
        is_this_member(one.target) and one.target.name.lstrip("_#") == member and folds(module, one.value)
        for one in module.all(Assign)
    )


def _odd(module: Module, table: Table, folded: list[Access], plain: list[Access]) -> Match | None:
    """Return the finding where all of one side fold the key, and one of the other side takes it as it was given."""
    beside = {id(access.function) for access in plain}
    sides = [access for access in folded if id(access.function) not in beside] or folded
    folding = [access for access in sides if folds(module, access.key)]
    if not folding or len(folding) != len(sides):
        return None
    others = {id(access.function) for access in folding}
    taken = (a for a in plain if id(a.function) not in others and _as_given(module, a))
    bare = next((a for a in taken if not _handed_folded(module, a)), None)
    if bare is None or any(folds(module, access.key) for access in plain if access.function is bare.function):
        return None
    fold = folding[0]
    return Match(
        _made(module, fold.key) or fold.node,
        f"The key of '{table.name}' is folded here, and line {bare.node.line} takes "
        f"'{short(module.text_of(bare.key)) if bare.key is not None else ''}' as it comes: what is spelled in another "
        "way is there and can't be found.",
        related=((bare.node, "taken as it comes"),),
        confidence=Confidence.POSSIBLE if _only_spaces(module, fold) or _is_told(module, fold) else None,
    )


def _is_told(module: Module, fold: Access) -> bool:
    """Tell whether the thing itself is told its folded key, by which others may ask: ``medal.key = key.lower()``."""
    key = module.text_of(fold.key) if fold.key is not None else ""
    return fold.function is not None and any(
        isinstance(one.target, Member) and one.value is not None and module.text_of(one.value) == key
        for one in find(fold.function.body, Assign)
    )


def _only_spaces(module: Module, fold: Access) -> bool:
    """Tell whether a key only loses the spaces around it: it may come from a list that has none where it is read."""
    text = module.text_of(fold.function or fold.node).lower()
    return any(f"{word}(" in text for word in _SPACES) and not any(word in text for word in _LETTERS)


def folds(module: Module, key: Expr | None, depth: int = 0) -> bool:
    """Tell whether a key went through something that folds it; names and helpers of the subject are followed."""
    key = strip(key) if key is not None else None
    if depth > 3 or key is None:
        return False
    if isinstance(key, Name):
        bound = module.scopes.lookup(key.id, key)
        return any(isinstance(one, Assign) and folds(module, one.value, depth + 1) for one in bound)
    if not isinstance(key, Call):
        return False
    if key.name in FOLDS:
        return True
    helper = definition(module, key.callee)
    if isinstance(helper, Function):
        return any(folds(helper.module, answer.value, depth + 1) for answer in returns_of(helper))
    inner = key.receiver if key.name in ("replace", "toString", "slice") else None
    return bool(set(words(key.name)) & _FOLDING) or (inner is not None and folds(module, inner, depth + 1))


def _as_given(module: Module, access: Access) -> bool:
    """Tell whether a key is the very parameter of a function that others call, or a member of one."""
    key = strip(access.key) if access.key is not None else None
    function = access.function
    if function is None or function.private or function_of(access.node) is not function:
        return False
    if function.owner is None and function.outer is not None:
        return False
    while isinstance(key, Member):
        key = strip(key.object)
    if not isinstance(key, Name) or key.id == "this":
        return False
    bound = module.scopes.lookup(key.id, key)
    return (
        bool(bound)
        and all(isinstance(one, Param) and one.parent is function for one in bound)
        and bool(params_in(module, key))
    )


def _handed_folded(module: Module, access: Access) -> bool:
    """Tell whether a function is only used in its own file, where all that call it or pass it on fold the key before.

    ``wait.addCallback(self.store, host)`` passes on what the function is called with later.
    """
    function = access.function
    key = strip(access.key) if access.key is not None else None
    if function is None or not isinstance(key, Name) or not function.name:
        return False
    place = next((n for n, param in enumerate(function.params) if param.name == key.id), None)
    uses = [one for one in module.some(Member, Name) if _is_use(one, function)]
    if place is None or not uses or next(users(module, function.name), None) is not None:
        return False
    for use in uses:
        call = use.parent
        if not isinstance(call, Call):
            return False
        handed = [call.arg(place, key.id)] if strip(call.callee) is use else list(call.args)
        if not any(one is not None and one is not use and folds(module, one) for one in handed):
            return False
    return True


def _is_use(node: Node, function: Function) -> bool:
    """Tell whether a member or a name stands for a function of the file, called or passed on."""
    if isinstance(node, Member):
        return function.owner is not None and node.name == function.name
    return function.owner is None and isinstance(node, Name) and node.id == function.name


def _made(module: Module, key: Expr | None) -> Node | None:
    """Return the assignment that folds a key, where the key is only a name."""
    key = strip(key) if key is not None else None
    bound = module.scopes.lookup(key.id, key) if isinstance(key, Name) else []
    return next((one for one in bound if isinstance(one, Assign)), None)
