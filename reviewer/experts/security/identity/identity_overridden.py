"""SEC020: whose rights are checked is known, and whoever calls may name another one instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Conditional, Expr, Literal, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.vocabulary import IDENTITIES, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SELVES: Final = IDENTITIES | word_set("id name self me")
"""Last words of the field in which an object keeps for whom it was made."""
_TAKES: Final = frozenset({"get", "pop"})


@module_check("SEC020", words=TRIGGERS)
def identity_overridden(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at who is asked about in each check for a value that only falls back on the object's own identity."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for call in module.all(Call):
        if not is_check(module, call):
            continue
        for arg in (*call.args, *call.keywords.values()):
            made = _made(module, arg)
            if made is None or id(made) in spoken:
                continue
            own = _falls_back_on(module, made)
            if own is not None:
                spoken.add(id(made))
                yield Match(
                    made,
                    f"'{short(module.text_of(own))}' is only what is taken where the caller names nobody: whoever "
                    "names another gets its rights.",
                    related=((call, "the rights are checked here"),) if call.line != made.line else (),
                )


def _made(module: Module, arg: Expr) -> Expr | None:
    """Return the expression that an argument is, or that the variable of the function behind it was given."""
    arg = strip(arg)
    if not isinstance(arg, Name):
        return arg
    bound = module.scopes.lookup(arg.id, arg)
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, Assign) and only.value is not None and function_of(only) is not None:
        return strip(only.value)
    return None


def _falls_back_on(module: Module, made: Expr) -> Expr | None:
    """Return the known identity that a choice of the caller stands before, or None."""
    if isinstance(made, Call) and made.name in _TAKES and len(made.args) == 2 and made.receiver is not None:
        chosen, own = made.receiver, strip(made.args[1])
        rest = _parameter(module, chosen)
        return own if rest is not None and rest.rest and _is_own(own) and isinstance(made.args[0], Literal) else None
    if isinstance(made, Binary) and made.op in ("or", "??"):
        chosen, own = strip(made.left), strip(made.right)
    elif isinstance(made, Conditional):
        chosen, own = strip(made.then), strip(made.other)
        if _is_own(chosen):
            chosen, own = own, chosen
    else:
        return None
    param = _parameter(module, chosen)
    return own if param is not None and not param.rest and _is_own(own) and _names_somebody(param.name) else None


def _parameter(module: Module, expr: Expr) -> Param | None:
    """Return the parameter of a public function or of a wrapper that a name is."""
    name = next(iter(find(expr, Name)), None)
    bound = module.scopes.lookup(name.id, name) if name is not None and isinstance(strip(expr), Name) else []
    only = bound[0] if len(bound) == 1 else None
    function = function_of(only) if isinstance(only, Param) else None
    return only if isinstance(only, Param) and function is not None and not function.private else None


def _is_own(expr: Expr) -> bool:
    """Tell whether something is what an object keeps about for whom it was made: ``self._plugin``, ``this.id``."""
    of_self = isinstance(expr, Member) and isinstance(expr.object, Name) and expr.object.id in ("this", "self")
    return of_self and bool(set(last_words(expr)[-1:]) & _SELVES)


def _names_somebody(name: str) -> bool:
    said = words(name)
    return bool(set(said) & (IDENTITIES | {"who", "as", "behalf"}))
