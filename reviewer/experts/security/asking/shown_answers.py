"""What a service of the host answers, where the subject shows it: by declared types, or by the fakes of its tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Assign, Call, Function, Literal, Member, Object, strip
from reviewer.experts.lifecycle.values import value_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr

_YES_OR_NO: Final = frozenset({"boolean", "bool", "Promise<boolean>", "Awaitable[bool]"})
_MOCKS: Final = frozenset({"AsyncMock", "MagicMock", "Mock"})


def answers_yes_or_no(module: Module, call: Call) -> bool:
    """Tell whether a member of something handed in is shown to answer yes or no, and so not to throw."""
    if not isinstance(strip(call.callee), Member):
        return False
    if value_type(module, call).replace(" ", "") in _YES_OR_NO:
        return True
    declared = module.once(f"security.declared.{call.name}", lambda: tuple(_declared(module, call.name)))
    if declared and all(one in _YES_OR_NO for one in declared):
        return True
    faked = module.once(f"security.faked.{call.name}", lambda: tuple(_faked(module, call.name)))
    return bool(faked) and all(isinstance(one, bool) for one in faked)


def _declared(module: Module, name: str) -> Iterator[str]:
    """Yield what the methods of this name answer that the subject declares."""
    project = module.project
    for other in project.modules(naming={name}, tests=False) if project is not None else (module,):
        for cls in other.classes:
            yield from (method.returns.replace(" ", "") for method in cls.methods if method.name == name)


def _faked(module: Module, name: str) -> Iterator[object]:
    """Yield what the tests of the subject let a member of this name answer."""
    project = module.project
    for test in project.modules(naming={name}, tests=True) if project is not None else ():
        for assign in test.all(Assign):
            if isinstance(assign.target, Member) and assign.target.name == name and assign.value is not None:
                yield from _constants(strip(assign.value))
        for made in test.all(Object):
            value = made.get(name)
            if value is not None:
                yield from _constants(strip(value))


def _constants(value: Expr) -> Iterator[object]:
    if isinstance(value, Call) and value.name in _MOCKS and "return_value" in value.keywords:
        yield _constant(value.keywords["return_value"])
    elif isinstance(value, Function):
        yield from (_constant(given.value) for given in returns_of(value) if given.value is not None)


def _constant(expr: Expr) -> object:
    value = strip(expr)
    return value.value if isinstance(value, Literal) else None
