"""COM006: a port knows for whom it was made, and takes for the sender first what its holder puts beside the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.events.stamps import STAMPS
from reviewer.experts.communication.vocabulary import PUBLISHES
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WHO: Final = PLAIN_GUEST | {"id", "name", "sender", "caller", "owner", "origin", "source", "who", "guest"}
_SENDING: Final = PUBLISHES | {"post", "send", "tell", "say", "cast", "report", "notify", "put", "announce"}


@module_check("COM006", words=_SENDING)
def identity_beside_data(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each member of a port that sends for a choice between what it is told and whom it was made for."""
    if module.is_test:
        return
    for function in module.functions:
        if not set(words(function.name)) & _SENDING or not (_in_object(function) or _of_instance(function)):
            continue
        for at, told, bound, local in _choices(module, function):
            if not _says_who(told) or not _made_for(module, function, bound) or not _goes_on(function, at, local):
                continue
            yield Match(
                at,
                f"'{short(module.text_of(bound))}', for whom this port was made, is taken only where its holder "
                f"says no '{told}': whoever writes one beside the data speaks as another.",
            )
            break
        for param in function.params:
            told = next(
                (name for name, other in _fallbacks(param) if _says_who(name) and _of_maker(function, other)), ""
            )
            if told and param.fields.get(told, told) in names_in(list(calls_in(function.body))):
                yield Match(
                    param,
                    f"For whom this port was made is taken only where its holder says no '{told}': whoever writes one "
                    "beside the data speaks as another.",
                )
                break


def _fallbacks(param: Param) -> Iterator[tuple[str, str]]:
    """Yield the fields of a pattern with what they are where nothing is said: ``{ from = guest.id, data }``."""
    raw = param.raw if param.fields else None
    parts = list(raw.named_children) if raw is not None else []
    while parts:
        part = parts.pop()
        if part.type == "object_assignment_pattern":
            left, right = part.child_by_field_name("left"), part.child_by_field_name("right")
            if left is not None and right is not None and left.text and right.text:
                yield left.text.decode("utf-8", "replace"), right.text.decode("utf-8", "replace")
        elif part.type in ("object_pattern", "assignment_pattern", "required_parameter", "optional_parameter"):
            parts += part.named_children


def _of_maker(function: Function, spelt: str) -> bool:
    """Tell whether a text is what a function around was told of whom it makes a port for, or the id of that."""
    root, _, rest = spelt.partition(".")
    maker = function.outer
    if not set(words(rest or root)) & _WHO:
        return False
    while maker is not None:
        if any(param.name == root for param in maker.params):
            return True
        maker = maker.outer
    return False


def _in_object(function: Function) -> bool:
    return function.outer is not None and any(isinstance(one, Object) for one in ancestors(function))


def _of_instance(function: Function) -> bool:
    return function.owner is not None and function.kind == "method" and not function.private


def _choices(module: Module, function: Function) -> Iterator[tuple[Expr, str, Expr, str]]:
    """Yield where what the holder says stands in front: the place, its name, who is known, the local."""
    own = {name for param in function.params for name in (param.name, *param.fields.values()) if name}
    for node in find(function.body, Expr, into_functions=False):
        said: Expr | None = None
        bound: Expr | None = None
        if isinstance(node, Assign) and node.default is not None and node.value is not None:
            said, bound = node.value, node.default
        elif isinstance(node, Binary) and node.op in ("??", "or"):
            said, bound = node.left, node.right
        elif isinstance(node, Conditional):
            said, bound = node.then, node.other
        elif isinstance(node, Call) and node.name in ("get", "pop") and len(node.args) == 2:
            said, bound = node, node.args[1]
        told, holder = _field(said)
        if bound is None or not told or not isinstance(holder, Name) or holder.id not in own:
            continue
        kept = node if isinstance(node, Assign) else node.parent
        local = kept.target.id if isinstance(kept, Assign) and isinstance(kept.target, Name) else ""
        if local or (isinstance(node.parent, Call) and node.parent.callee is not node):
            yield node, told, strip(bound), local


def _field(said: Expr | None) -> tuple[str, Expr | None]:
    """Return the name of a field that is read, and of what."""
    made = strip(said) if said is not None else None
    if isinstance(made, Member):
        return made.name, strip(made.object)
    if isinstance(made, Index) and isinstance(made.key, Literal):
        return str(made.key.value), strip(made.object)
    if isinstance(made, Call) and made.args and made.receiver is not None and made.name in ("get", "pop"):
        key = strip(made.args[0])
        return (str(key.value), strip(made.receiver)) if isinstance(key, Literal) else ("", None)
    return "", None


def _says_who(told: str) -> bool:
    return "".join(words(told)) in STAMPS | {"as", "sentas", "onbehalfof"} or bool(set(words(told)) & PLAIN_GUEST)


def _made_for(module: Module, function: Function, bound: Expr) -> bool:
    """Tell whether an expression is whom a port was made for: told to the function around it, or to its constructor."""
    if isinstance(bound, Member) and isinstance(bound.object, Name) and bound.object.id != "this":
        bound = bound.object if set(words(bound.name)) & _WHO else bound  # ``guest.id``
    if isinstance(bound, Name):
        return bool(set(words(bound.id)) & _WHO) and any(
            isinstance(one, Param)
            and isinstance(one.parent, Function)
            and one.parent is not function
            and inside(function, one.parent)
            for one in module.scopes.lookup(bound.id, function)
        )
    cls: Class | None = function.owner
    if not is_this_member(bound) or cls is None or not set(words(bound.name)) & _WHO:
        return False
    begin = cls.method("constructor") or cls.method("__init__")
    given = {param.name for param in begin.params} if begin is not None else set()
    if begin is not None and any(param.name == bound.name and param.access for param in begin.params):
        return True
    return any(
        name in given and function_of(value) is begin
        for value in module.scopes.field_values(cls, bound.name)
        for name in names_in(value)
    )


def _goes_on(function: Function, at: Expr, local: str) -> bool:
    """Tell whether what was chosen is handed on: as an argument, or inside of one."""
    if not local:
        return True
    return any(
        local in names_in(arg)
        for call in calls_in(function.body)
        for arg in (*call.args, *call.keywords.values())
        if call.start > at.start
    )
