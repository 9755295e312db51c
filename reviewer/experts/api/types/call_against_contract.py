"""API047: the host calls a method of its contract in a way that what keeps the contract can't take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_member, lineage
from reviewer.code.syntax import Call, Class, Function, Spread, strip
from reviewer.core.location import Location
from reviewer.experts.check import Match, subject_check
from reviewer.experts.drawn import Drawn, Fact
from reviewer.experts.interface.signatures import signature_of
from reviewer.experts.lifecycle.values import value_class
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry


@subject_check("API047")
def call_against_contract(inquiry: Inquiry) -> Iterator[Match]:
    """Look at every call of a method that only an interface, a protocol or an abstract class declares."""
    spoken: set[Location] = set()
    for one in (misfit for drawn in _MISFITS.of(inquiry) for misfit in drawn):
        if one.at not in spoken:
            spoken.add(one.at)
            yield Match(
                one.at,
                f"'{one.method}' is declared so, and '{one.called.path}' calls it in line {one.called.line} "
                f"{one.wrong}: whoever writes it as it stands here fails with a TypeError at the first call.",
                related=((one.called, "called here"),),
            )


class _Misfit(Fact, frozen=True):
    """A call that a signature can't take, where both stand, and what is wrong with it."""

    at: Location
    method: str
    called: Location
    wrong: str


def _draw(_inquiry: Inquiry, module: Module) -> tuple[_Misfit, ...] | None:
    if module.language != "python":
        return None  # TypeScript's own compiler says it, and JavaScript takes any arguments
    misfits = []
    for call in module.all(Call):
        method = _declared(module, call)
        wrong = _misfit(method, call) if method is not None else ""
        if method is not None and wrong:
            misfits.append(_Misfit(locate(method.module, method), method.name, locate(module, call), wrong))
    return tuple(misfits) or None


_MISFITS: Final = Drawn("api.misfits", _draw, tuple[_Misfit, ...], tests=False)


def _declared(module: Module, call: Call) -> Function | None:
    """Return the signature in the contract that a call means, where nothing but signatures is known."""
    if call.receiver is None or call.new:
        return None
    owner = value_class(module, strip(call.receiver))
    if owner is None or not all(_is_contract(one) for one in lineage(owner)):
        return None
    method = declared_member(owner, call.name)
    if method is None or not method.signature_only or method.decorators[1:] or method.kind != "method":
        return None
    overloaded = sum(one.name == method.name for cls in lineage(owner) for one in cls.methods) > 1
    return None if overloaded else method


def _is_contract(cls: Class) -> bool:
    return cls.kind == "interface" or any(method.signature_only for method in cls.methods)


def _misfit(method: Function, call: Call) -> str:
    """Say what of a call a signature can't take, or nothing."""
    params = method.params
    if any(isinstance(arg, Spread) for arg in call.args) or any(param.rest for param in params):
        return ""
    names = {param.name for param in params}
    extra = next((name for name in call.keywords if name not in names), "")
    if extra:
        return f"with '{extra}'"
    if len(call.args) > len(params):
        return f"with {len(call.args)} arguments"
    named = [one.name for one in signature_of(method.module, method).parameters if one.passed == "keyword"]
    if len(call.args) > len(params) - len(named):
        return f"with {len(call.args)} arguments by their place, where '{named[0]}' has to be named"
    given = {param.name for param in params[: len(call.args)]} | set(call.keywords)
    left = next((p.name for p in params if p.default is None and not p.optional and p.name not in given), "")
    return f"without '{left}'" if left else ""
