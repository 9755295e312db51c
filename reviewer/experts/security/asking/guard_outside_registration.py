"""SEC160: the decorator that registers a function stands below the one that checks, and keeps the bare function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition, member
from reviewer.code.syntax import Assign, Call, Class, Expr, Function, If, Imported, Index, Literal, Member, Name, strip
from reviewer.code.text.ideas import DEMANDS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, path_words, word_set
from reviewer.experts.security.deciding.decisions import throws_refusal
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.vocabulary import PERMISSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_GUARDS: Final = (
    PERMISSION | DEMANDS | word_set("login protected restricted restrict authenticated auth secured admin staff")
)
_REGISTERS: Final = word_set(
    "route get post put patch delete websocket command register handler subscribe on listen add"
)
_HOLDERS: Final = word_set("app application router routes blueprint bp api registry commands bus bot server dispatcher")
_PUTS: Final = frozenset({"append", "add", "setdefault", "register", "put", "subscribe", "insert"})


@module_check("SEC160", words=_GUARDS | {"wraps", "scope", "needs"})
def guard_outside_registration(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the decorators of each function for a guard above what registers."""
    if module.is_test or module.language != "python":
        return
    for function in module.functions:
        decorators = function.decorators
        for place, upper in enumerate(decorators[:-1]):
            if not _guards(module, upper):
                continue
            lower = next((one for one in decorators[place + 1 :] if _registers(module, one)), None)
            if lower is not None and not _of_one_framework(module, upper, lower):
                yield Match(
                    upper,
                    f"'@{short(module.text_of(lower))}' is applied first and registers '{function.name}' without this "
                    "check: whoever calls it through what it is registered with goes past the check.",
                    related=((lower, "registered here"),),
                )
                break


def _of_one_framework(module: Module, upper: Expr, lower: Expr) -> bool:
    """Tell whether both come from one module of others, whose guards know what it registers: ``@commands.is_owner``."""
    if _made_by(module, upper) is not None:
        return False
    held = [strip(one.callee if isinstance(one, Call) else one) for one in (upper, lower)]
    roots = [one.object.id for one in held if isinstance(one, Member) and isinstance(one.object, Name)]
    if len(roots) != len(held) or roots[0] != roots[1]:
        return False
    bound = module.scopes.lookup(roots[0], upper)
    return bool(bound) and all(isinstance(one, Imported) for one in bound)


def _guards(module: Module, decorator: Expr) -> bool:
    """Tell whether a decorator puts a function around that refuses, as far as its code or its name says."""
    named = bool(set(words(last_name(decorator))) & _GUARDS)
    made = _inner(module, decorator)
    if made is None:
        return named
    wrapper, given = made
    if wrapper is None or not _calls(wrapper, given):
        return False
    return named or throws_refusal(wrapper) or any(_answers_no(test) for test in find(wrapper.body, If))


def _answers_no(test: If) -> bool:
    """Tell whether a branch ends with the answer that something is not allowed."""
    return refuses(test.body) and any(
        isinstance(part, Literal) and part.value in (401, 403, "forbidden") for part in find(test.body, Literal)
    )


def _inner(module: Module, decorator: Expr) -> tuple[Function | None, str] | None:
    """Return the function that a decorator of the subject answers with, and the name of what it decorates.

    The function is None where the decorated one itself comes back; the whole is None for a decorator of others.
    """
    called = isinstance(decorator, Call)
    found = _made_by(module, decorator)
    if found is None:
        return None
    if called:
        found = _returned(found)
    if found is None or not found.params:
        return None
    return _returned(found), found.params[0].name


def _made_by(module: Module, decorator: Expr) -> Function | None:
    """Return the function of the subject that decorates, or makes what decorates; one of a class by its name, too."""
    named = strip(decorator.callee if isinstance(decorator, Call) else decorator)
    found = definition(module, named)
    if found is None and isinstance(named, Member):
        owner = definition(module, named.object)
        found = member(owner, named.name) if isinstance(owner, Class) else None
    return found if isinstance(found, Function) else None


def _returned(function: Function) -> Function | None:
    """Return the function inside this one that it answers with."""
    inner = {one.name: one for one in find(function.body, Function) if one.outer is function}
    for answer in returns_of(function):
        value = strip(answer.value) if answer.value is not None else None
        if isinstance(value, Name) and value.id in inner:
            return inner[value.id]
        if isinstance(value, Function):
            return value
    return None


def _calls(wrapper: Function, name: str) -> bool:
    return any(isinstance(call.callee, Name) and call.callee.id == name for call in calls_in(wrapper.body))


def _registers(module: Module, decorator: Expr) -> bool:
    """Tell whether a decorator keeps the function that it is given, and gives back the same one."""
    made = _inner(module, decorator)
    if made is not None:
        wrapper, given = made
        return wrapper is None and _keeps(module, decorator, given)
    if not isinstance(decorator, Call) or not isinstance(decorator.callee, Member):
        return False
    said = words(decorator.name)
    return bool(said) and said[0] in _REGISTERS and bool(path_words(decorator.callee.object) & _HOLDERS)


def _keeps(module: Module, decorator: Expr, name: str) -> bool:
    found = _made_by(module, decorator)
    if found is None:
        return False
    stored = (node.value for node in find(found.body, Assign) if isinstance(node.target, Index | Member))
    if any(isinstance(value, Name) and value.id == name for value in stored):
        return True
    return any(
        call.name in _PUTS and any(isinstance(arg, Name) and arg.id == name for arg in call.args)
        for call in calls_in(found.body)
    )
