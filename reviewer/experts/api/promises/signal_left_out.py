"""API030: an interface promises a way to call work off, and what implements it never takes it, or never looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import knows_all_bases, named_type
from reviewer.code.syntax import Assign, Await, Call, Class, Function, Member, Name, Object, Param, Return, strip
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LIMITS: Final = frozenset({"timeout", "deadline", "timeout_s", "timeout_seconds", "timeout_ms"})


@module_check("API030")
def signal_left_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each implementation of an interface for the signal that this promises to heed."""
    if module.is_test:
        return
    if module.language == "python":
        yield from _limits_unused(module)
        return
    for made in module.all(Object):
        face = _face(module, made)
        if face is None:
            continue
        members = {str(getattr(key, "value", "")): strip(value) for key, value in made.entries if key is not None}
        yield from _left_out(face, {name: one for name, one in members.items() if isinstance(one, Function)})
    for cls in module.classes:
        for base in cls.bases if cls.kind == "class" else ():
            face = named_type(module, module.text_of(base))
            if face is not None and face.kind != "class":
                yield from _left_out(face, {one.name: one for one in cls.methods if not one.signature_only})


def _face(module: Module, made: Object) -> Class | None:
    """Return the interface that an object is made for, as its function, its variable or ``freeze<Face>`` says."""
    around = made.parent
    declared = ""
    if isinstance(around, Call) and around.name == "freeze":
        text = module.text_of(around)[:120]
        declared = text[text.index("<") + 1 : text.index(">")] if "freeze<" in text and ">" in text else ""
        around = around.parent
    if not declared and isinstance(around, Return):
        function = function_of(around)
        declared = function.returns if function is not None else ""
    elif not declared and isinstance(around, Assign):
        declared = around.type
    plain = declared.strip().removeprefix("Readonly<").removesuffix(">").strip()
    face = named_type(module, plain) if plain else None
    return face if face is not None and face.kind != "class" else None


def _left_out(face: Class, members: dict[str, Function]) -> Iterator[Match]:
    for promised in face.methods:
        function = members.get(promised.name)
        at = next((number for number, param in enumerate(promised.params) if _cancels(face.module, param)), None)
        if function is None or at is None or any(param.rest for param in function.params):
            continue
        taken = function.params[at] if at < len(function.params) else None
        if taken is not None and (taken.fields or not taken.name or _heeds(function, promised.params[at], taken.name)):
            continue
        if not any(find(function.body, Call)) or (taken is not None and taken.name.startswith("_")):
            continue
        yield Match(
            function if taken is None else taken,
            f"'{face.name}.{promised.name}' promises to end when '{promised.params[at].name}' says so, and here "
            "nothing looks at it: who calls it off waits on, and the work goes on.",
            related=((promised, "promised here"),) if promised.module is function.module else (),
        )


def _cancels(module: Module, param: Param) -> bool:
    """Tell whether a parameter is a signal, or a bag of options with one."""
    if "AbortSignal" in param.type:
        return True
    bag = named_type(module, param.type) if param.type else None
    return bag is not None and any(field.name == "signal" and "AbortSignal" in field.type for field in bag.fields)


def _heeds(function: Function, promised: Param, name: str) -> bool:
    """Tell whether a function hands a signal on, or the options with it, or looks at it."""
    uses = [one for one in find(function.body, Name) if one.id == name]
    if "AbortSignal" in promised.type and "{" not in promised.type:
        return bool(uses)
    return any(not isinstance(use.parent, Member) or use.parent.name == "signal" for use in uses)


def _is_handed_over(function: Function) -> bool:
    """Tell whether a function within another is given to somebody, who says what it has to take."""
    outer = function.outer
    if outer is None or not function.name:
        return False
    return any(
        name.id == function.name and not (isinstance(name.parent, Call) and name.parent.callee is name)
        for name in find(outer.body, Name)
    )


def _limits_unused(module: Module) -> Iterator[Match]:
    """Find coroutines that take a time limit and never look at it."""
    for function in module.functions:
        owner = function.owner
        if not function.asynchronous or function.signature_only or (owner is not None and not knows_all_bases(owner)):
            continue
        param = next((one for one in function.params if one.name in _LIMITS), None)
        if param is None or not any(find(function.body, Await)) or function.decorators:
            continue
        if not any(name.id == param.name for name in find(function.body, Name)) and not _is_handed_over(function):
            yield Match(
                param,
                f"'{function.name}' takes '{param.name}' and never looks at it: whoever says how long to wait waits as "
                "long as the work takes.",
            )
