"""SEC015: the right to change something is declared, and what changes it asks for the right to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee
from reviewer.code.syntax import Call, Function, Literal, Object, Throw, strip
from reviewer.code.text.ideas import DEMANDS
from reviewer.code.text.words import words
from reviewer.code.text_types import texts_of_type
from reviewer.code.walk import calls_in, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.handing.given_out import hands_out
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry

_READS: Final = regex(r"([A-Za-z][\w-]{0,40}[.:/])(read|view|list)")
_CHANGES: Final = ("write", "edit", "manage", "update", "change", "modify")
_DEMANDS: Final = DEMANDS | word_set("permission permissions permit authorize")
"""Words of a decorator that asks for a right."""
_METHODS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
"""What a request of HTTP does."""
_FEW: Final = 3
_MOST: Final = 40
"""Checks of one file that are compared."""


class _Guarded(Struct, frozen=True):
    """A function that asks for the right to read something, and the members of what it gives."""

    check: Call
    function: Function
    resource: str
    gives: frozenset[str]


@module_check("SEC015", words={"read", "view", "list", "may", "can"} | _DEMANDS | PERMISSION)
def right_never_asked(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the functions that ask for the same right to read, where nobody asks for the right to change."""
    if module.is_test:
        return
    yield from _named_for_another(module)
    yield from _named_for_sibling(module)
    guarded = list(_guarded(module))
    for one in guarded:
        lesser = next((other for other in guarded if other.resource == one.resource and other.gives < one.gives), None)
        unasked = _unasked(inquiry, one.resource) if lesser is not None else ""
        if lesser is None or not unasked or hands_out(module, one.function, one.check) is not None:
            continue  # what it gives says by itself that it changes things
        more = ", ".join(f"'{name}'" for name in sorted(one.gives - lesser.gives)[:3])
        yield Match(
            one.check,
            f"'{short(module.text_of(one.check))}' asks for reading, and '{one.function.name}' also gives {more}; "
            f"'{unasked}' is declared, and nothing asks for it.",
            related=((lesser.check, f"'{lesser.function.name}' asks for the same and gives less"),),
        )


def _named_for_another(module: Module) -> Iterator[Match]:
    """Find a function that is named for a right which nothing asks for, and that asks for another of the same kind."""
    guards: list[tuple[Call, Function, str]] = []
    known: frozenset[str] = frozenset()
    for call in module.all(Call):
        place = next((i for i, arg in enumerate(call.args) if _text(arg)), None)
        target = callee(module, call) if place is not None else None
        around = _guards(module, call, target) if target is not None else None
        if place is None or around is None or target is None:
            continue
        position, said = place, strip(call.args[place])
        kind = target.params[position].type if position < len(target.params) else ""
        texts = texts_of_type(target.module, kind)
        if _text(said) in texts:
            known |= texts
            guards.append((call, around, _text(said)))
    asked = {right for _call, _around, right in guards}
    if not {right.lower() for right in asked}.isdisjoint(_METHODS):
        return  # what a request does, and no right
    for call, around, right in guards:
        own = next((one for one in sorted(known - asked) if set(words(one)) <= set(words(around.name))), "")
        if own and len(guards) > 1:
            yield Match(
                call,
                f"'{around.name}' asks for '{right}'; '{own}' is a right of the same kind, and nothing asks for it.",
            )


def _text(arg: Expr) -> str:
    value = strip(arg)
    return value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""


def _guards(module: Module, call: Call, target: Function) -> Function | None:
    """Return the function that a decorator, a check of permission, or what refuses by an error guards."""
    if isinstance(call.parent, Function) and any(call is one for one in call.parent.decorators):
        return call.parent if set(words(call.name)) & _DEMANDS else None
    around = function_of(call)
    refusing = target.private and any(True for _ in find(target.body, Throw, into_functions=False))
    return around if around is not None and (refusing or is_check(module, call)) else None


def _named_for_sibling(module: Module) -> Iterator[Match]:
    """Find ``notes: () => { if (!may(room, "images")) … }`` beside ``images: …``, where 'notes' is a right as well."""
    for made in module.all(Object):
        asked: dict[str, tuple[Call, str]] = {}
        for key, value in made.entries:
            function = strip(value)
            name = key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""
            if isinstance(function, Function) and name:
                for call in calls_in(function.body):
                    right = _text(call.args[-1]) if call.args else ""
                    if right and is_check(module, call):
                        asked.setdefault(name, (call, right))
        for name, (call, right) in asked.items():
            own = asked.get(right)
            if right != name and own is not None and own[1] == right and name in _rights_of(module):
                yield Match(
                    call,
                    f"'{name}' asks for '{right}', as '{right}' does beside it; '{name}' is a right of its own.",
                    related=((own[0], f"'{right}' asks for it"),),
                )


def _rights_of(module: Module) -> frozenset[str]:
    """Return the texts that calls of the file are told last, where one alone tells which right is meant."""
    return module.once(
        "security.rights_told",
        lambda: frozenset(_text(call.args[-1]) for call in module.all(Call) if 0 < len(call.args) <= _FEW),
    )


def _guarded(module: Module) -> Iterator[_Guarded]:
    count = 0
    for call in module.all(Call):
        right = next((found for arg in call.args if (found := _right(arg)) is not None), None)
        if right is None or not is_check(module, call):
            continue
        count += 1
        around = function_of(call)
        if count > _MOST or around is None:
            return
        gives = _gives(around)
        if gives:
            yield _Guarded(call, around, right, gives)


def _right(arg: Expr) -> str | None:
    """Return what a text is the right to read of, with its separator: ``stock:`` of ``"stock:read"``."""
    value = strip(arg)
    text = value.value if isinstance(value, Literal) and isinstance(value.value, str) else ""
    found = _READS.fullmatch(text[:60])
    return found[1] if found is not None else None


def _gives(function: Function) -> frozenset[str]:
    """Return the functions that the object has which a function answers with."""
    for answer in returns_of(function):
        made = strip(answer.value) if answer.value is not None else None
        if isinstance(made, Call) and made.name in ("freeze", "seal") and made.args:
            made = strip(made.args[0])
        if isinstance(made, Object) and not made.spreads:
            return frozenset(
                str(key.value)
                for key, value in made.entries
                if isinstance(key, Literal) and isinstance(strip(value), Function)
            )
    return frozenset()


def _unasked(inquiry: Inquiry, resource: str) -> str:
    """Return the right to change a resource that the subject spells, where no check asks for it; else nothing."""
    for verb in _CHANGES:
        right = f"{resource}{verb}"
        spelled = {f'"{right}"'.encode(), f"'{right}'".encode()}
        seen = False
        for module in inquiry.project.modules(naming=set(words(right)), tests=False):
            if not any(text in module.source for text in spelled):
                continue
            seen = True
            for call in calls_in(module.body):
                if any(isinstance(arg, Literal) and arg.value == right for arg in map(strip, call.args)):
                    return ""
        if seen:
            return right
    return ""
