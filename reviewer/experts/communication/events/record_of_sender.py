"""COM006: a face that was made for one guest hands on the whole record of the guest, which says who sends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import named_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Literal, Member, Name, Object, strip
from reviewer.code.text.ideas import SENDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr, Function, Param
    from reviewer.experts.check import Inquiry

_SENDS: Final = SENDS | frozenset({"send", "post", "put", "notify", "push", "enqueue", "put_nowait", "tell", "raise"})


@module_check("COM006", words=_SENDS)
def record_of_sender(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each member of a face that sends what it is handed as it is, for who the record says that it is from."""
    if module.is_test or inquiry.subject.kind == "plugin":
        return
    for port in module.functions:
        param = port.params[-1] if port.params else None
        if param is None or not param.name or not (param.type or port.outer is not None):
            continue
        bound = _bound(port)
        sent = _sent_whole(port, param) if bound else None
        shape = _shape(module, port, param) if sent is not None else None
        field = _says_who(shape, bound) if shape is not None else ""
        if sent is None or shape is None or not field or _speaks_of(port, field, bound):
            continue
        yield Match(
            sent,
            f"'{field}' of the '{shape.name}' that is sent is what its sender wrote there: this was made for one "
            f"'{bound[field]}', and '{short(module.text_of(sent))}' doesn't look whether it is the same.",
        )


def _bound(port: Function) -> dict[str, str]:
    """Return for whom a face was made, by the names without what marks them as private: of its maker, or its fields."""
    made, maker = port.parent, port.outer
    if isinstance(made, Object) and maker is not None and len(made.entries) > 1 and port.owner is None:
        told = {param.name for param in maker.params if param.name}
        beside = [value for _key, value in made.entries if value is not port]
        return {name: name for name in told & {name for value in beside for name in names_in(value)}}
    cls = port.owner
    first = next((one for one in cls.methods if one.name in ("constructor", "__init__")), None) if cls else None
    if cls is None or first is None or port is first or port.private:
        return {}
    used = {one.name for method in cls.methods if method is not port for one in find(method.body, Member)}
    return {param.name: param.name for param in first.params if {param.name, f"_{param.name}", f"#{param.name}"} & used}


def _sent_whole(port: Function, param: Param) -> Call | None:
    """Return the only call of a function, by which it sends the record that it is handed, and nothing beside it."""
    made = list(calls_in(port.body, into_functions=False))
    call = made[0] if len(made) == 1 else None
    given = strip(call.args[-1]) if call is not None and call.args else None
    if call is None or not isinstance(given, Name) or given.id != param.name:
        return None
    return call if words(call.name)[:1] and words(call.name)[0] in _SENDS else None


def _shape(module: Module, port: Function, param: Param) -> Class | None:
    """Return the record that a parameter is declared as, by itself or by the contract that its maker answers with."""
    if param.type:
        return named_type(module, param.type)
    made, maker = port.parent, port.outer
    contract = named_type(module, maker.returns) if maker is not None and maker.returns else None
    if contract is None or not isinstance(made, Object):
        return None
    key = next((one for one, value in made.entries if value is port), None)
    name = key.value if isinstance(key, Literal) else None
    declared = next((one for one in contract.methods if one.name == name), None)
    if declared is None or len(declared.params) < len(port.params):
        return None
    kind = declared.params[len(port.params) - 1].type
    return named_type(contract.module, kind) if kind else None


def _says_who(shape: Class, bound: dict[str, str]) -> str:
    """Return the field of a record that says of whom it is, by the name of what the face was made for."""
    return next((field.name for field in shape.fields if field.name in bound), "")


def _speaks_of(port: Function, field: str, bound: dict[str, str]) -> bool:
    """Tell whether the function speaks of whom it was made for, or of what the record says of that."""
    held: list[Expr] = list(find(port.body, Member))
    return any(
        (isinstance(one, Member) and one.name.lstrip("_#") == field)
        or (is_this_member(one) and isinstance(one, Member) and one.name.lstrip("_#") == bound[field])
        for one in held
    ) or bound[field] in names_in(port.body)
