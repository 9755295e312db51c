"""SEC014: members refuse by a set that is asked for rights written out, and the same object gives that set away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Expr,
    Field,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Throw,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.handing.given_to_guests import is_given, object_reaches_guests
from reviewer.experts.security.handing.handed import handed, is_frozen
from reviewer.experts.security.policies.live_policy import RIGHTS
from reviewer.experts.security.values.speaking import speaks_of_plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset({"has", "includes", "issuperset", "__contains__"})
_KEPT: Final = (
    *("Readonly", "readonly", "frozenset", "FrozenSet", "tuple", "Tuple", "Mapping", "AbstractSet", "Iterable"),
    *("Collection", "Container", "Sequence", "str", "string", "types.MappingProxyType", "Final[frozenset"),
)
"""How the types of what cannot be changed begin."""
_COPIES: Final = frozenset({"set", "dict", "list", "defaultdict", "deepcopy", "copy"})
_CHANGED: Final = frozenset(
    "Set Map Array set dict list Record Dict List MutableSet MutableMapping defaultdict".split()
)
"""Types of what can be changed."""


@module_check("SEC014", words={"has", "includes", "issuperset", "self"})
def asked_by_name(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at objects and classes whose members refuse by a set, for those that give the set itself to guests."""
    if module.is_test or inquiry.subject.ecosystem != "generic":
        return
    spoken = {id(thing.node) for thing in handed(inquiry, module)}
    for made in module.some(Object, Class):
        if not isinstance(made, Object | Class) or (isinstance(made, Class) and made.kind != "class"):
            continue
        asked = dict(_asked(module, made))
        for name, at, held in _open(made) if asked else ():
            key = _owner(module, held, made)
            if key not in asked or not _is_live(module, at, held):
                continue
            if id(made) in spoken and set(last_words(held)) & RIGHTS:
                continue  # what is named for rights is found by its name
            given = object_reaches_guests(module, made) if isinstance(made, Object) else is_given(module, made.name)
            if not given and not speaks_of_plugins(module):
                continue
            yield Match(
                at,
                f"'{name}' gives away '{short(module.text_of(held))}' itself, by which '{asked[key].name}' refuses: "
                "whoever holds it adds what it was never granted.",
                related=((asked[key], "refused here"),),
                confidence=None if given else Confidence.POSSIBLE,
            )


def _asked(module: Module, made: Object | Class) -> Iterator[tuple[tuple[int, str], Function]]:
    """Yield whose sets the members of an object ask for a right that is written out, with who refuses by the answer."""
    around = function_of(made)
    inside: Node = made if isinstance(made, Class) or around is None else around
    for lookup in (*find(inside, Call), *find(inside, Binary)):
        holder, wanted = _looked_up(lookup)
        function = function_of(lookup)
        if holder is None or function is None or function is around:
            continue
        owner = _owner(module, holder, made)
        if owner is not None and _is_written_out(module, wanted, function) and _refuses_by(lookup, function):
            yield owner, function


def _looked_up(lookup: Node) -> tuple[Expr | None, Expr | None]:
    """Return in what something is looked up, and what: ``held.has(right)``, ``right in limits.get("press", ())``."""
    holder: Expr | None = None
    wanted: Expr | None = None
    if isinstance(lookup, Call) and lookup.name in _ASKS and len(lookup.args) == 1:
        holder, wanted = lookup.receiver, lookup.args[0]
    elif isinstance(lookup, Binary) and lookup.op in ("in", "not in"):
        holder, wanted = lookup.right, lookup.left
    if holder is None or wanted is None:
        return None, None
    holder = strip(holder)
    while isinstance(holder, Binary) and holder.op in ("??", "or"):
        holder = strip(holder.left)
    if isinstance(holder, Call) and holder.name == "get" and holder.receiver is not None:
        holder = strip(holder.receiver)
    return holder, strip(wanted)


def _is_written_out(module: Module, wanted: Expr | None, function: Function) -> bool:
    """Tell whether what is asked for is a text of the host: written here, or by each who calls the guard."""
    if isinstance(wanted, Literal):
        return isinstance(wanted.value, str)
    place = next((n for n, one in enumerate(function.params) if isinstance(wanted, Name) and one.name == wanted.id), -1)
    if place < 0 or not function.name:
        return False
    own = [one for one in function.params if one.name not in ("self", "cls")]
    place -= len(function.params) - len(own)
    told = [strip(call.args[place]) for call in module.calls((function.name,)) if len(call.args) > place >= 0]
    return bool(told) and all(isinstance(one, Literal) and isinstance(one.value, str) for one in told)


def _refuses_by(lookup: Node, function: Function) -> bool:
    """Tell whether a function throws, or leaves with a no, by what a look-up answers."""
    for around in ancestors(lookup):
        if around is function:
            break
        if isinstance(around, If) and any(one is lookup for one in find(around.test, type(lookup))):
            return refuses(around.body) or any(True for _ in find(function.body, Throw, into_functions=False))
    return False


def _owner(module: Module, held: Expr, made: Object | Class) -> tuple[int, str] | None:
    """Return whose a set is and what it is called: a field of the class, a local of the function around the object."""
    if is_this_member(held):
        return (id(made), held.name) if isinstance(made, Class) else None
    if not isinstance(held, Name) or isinstance(made, Class):
        return None
    bound = module.scopes.lookup(held.id, made)
    around = function_of(made)
    local = len(bound) == 1 and around is not None and isinstance(bound[0], Node) and function_of(bound[0]) is around
    return (id(bound[0]), held.id) if local and module.scopes.lookup(held.id, held) == bound else None


def _open(made: Object | Class) -> Iterator[tuple[str, Node, Expr]]:
    """Yield the members that everybody reads, where each gives something, and what that is."""
    if isinstance(made, Object):
        for key, value in made.entries:
            name = str(key.value) if isinstance(key, Literal) else ""
            given = _only_answer(value) if isinstance(value, Function) else strip(value)
            if name and given is not None:
                yield name, given, given
        return
    for method in made.methods:
        given = _only_answer(method)
        if given is not None and not method.private and not method.name.startswith(("_", "#")):
            yield method.name, given, given
    kept = {one.name: one for one in made.fields if not one.private and not one.static}
    uses = {one.name: one for one in find(made, Member) if is_this_member(one) and not one.name.startswith(("_", "#"))}
    for name, use in uses.items():
        yield from [(name, kept[name], use)] if name in kept else _put_in(made, name, use)


def _put_in(made: Class, name: str, use: Expr) -> Iterator[tuple[str, Node, Expr]]:
    """Yield where a method puts what it makes or is given into a field that the class does not declare."""
    for put in find(made, Assign):
        if is_this_member(put.target) and put.target.name == name and put.value is not None:
            yield name, put, use
            return


def _only_answer(function: Function) -> Expr | None:
    """Return what a getter, or a function that is told nothing, always gives."""
    told = [one for one in function.params if one.name not in ("self", "cls")]
    answers = [one.value for one in returns_of(function)] if not told else []
    return strip(answers[0]) if len(answers) == 1 and answers[0] is not None else None


def _is_live(module: Module, at: Node, held: Expr) -> bool:
    """Tell whether what is given away can be changed, as far as its type and its making tell."""
    if isinstance(at, Field):
        declared = at.type.strip("'\" ")
        return _is_changed(declared) or (not declared and at.value is not None and not is_frozen(module, at.value))
    if isinstance(at, Assign):
        made = module.scopes.origin(at.value) if at.value is not None else None
        if isinstance(made, Param):
            return _is_given_live(module, made)
        return (isinstance(made, Call) and made.name in _COPIES) or isinstance(made, Array | Comprehension)
    if is_frozen(module, held):
        return False
    giver = function_of(at)
    returns = giver.returns.strip("'\" ") if giver is not None and giver.kind in ("getter", "method") else ""
    if returns.startswith(_KEPT) and not returns.startswith("readonly"):
        return False
    origin = module.scopes.origin(held)
    if isinstance(origin, Param):
        return _is_given_live(module, origin)
    return isinstance(origin, Expr) and not isinstance(origin, Literal | Function)


def _is_changed(declared: str) -> bool:
    """Tell whether a type is one of what can be changed: ``Set<Right>``, ``Right[]``, ``dict[str, set[str]]``."""
    head = declared.replace("[", "<").split("<")[0].split("|")[0].strip().rsplit(".", 1)[-1]
    return head in _CHANGED or (declared.endswith("[]") and not declared.startswith("readonly "))


def _is_given_live(module: Module, param: Param) -> bool:
    """Tell whether what a parameter is given can be changed: by its type, or else by what each caller hands over."""
    declared = param.type.strip("'\" ")
    if declared:
        return _is_changed(declared)
    maker = function_of(param)
    place = [one for one in maker.params if one.name not in ("self", "cls")] if maker is not None else []
    if maker is None or param not in place:
        return False
    name = maker.owner.name if maker.owner is not None and maker.name in ("__init__", "constructor") else maker.name
    given = [call.arg(place.index(param), param.name) for call in module.calls((name,))]
    return bool(given) and not any(one is None or is_frozen(module, one) for one in given)
