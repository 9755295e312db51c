"""PAT373: the window of a limit begins anew with each call, and so is never over for who keeps calling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Literal, Member, Name, Object, strip
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_COMPARES: Final = frozenset({"<", ">", "<=", ">="})
_NOW: Final = frozenset({"now", "monotonic", "time", "clock"})
"""Names of calls that say what time it is."""


@module_check("PAT373", words={"now", "monotonic", "time", "clock"})
def window_slides(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each record of a count and of the beginning of its window for when that is written again."""
    if module.is_test:
        return
    for test in module.all(Binary):
        function = function_of(test)
        begun = _begun(module, test)
        if function is None or begun is None:
            continue
        for made in find(function.body, Object):
            since = made.get(begun.name)
            if since is None or not _is_now(module, since) or not _is_kept(made):
                continue
            if _counts_on(module, made, begun) and not _hangs_on(module, made, begun):
                yield Match(
                    made,
                    f"'{begun.name}' is set again with every call, also within the window that it began: for whoever "
                    "keeps calling the window is never over, and the count never starts anew.",
                    related=((test, f"'{short(module.text_of(begun))}' says when it began"),),
                )


def _begun(module: Module, test: Binary) -> Member | None:
    """Return the field of a record that a test holds against the time: ``now() - known.since < HOUR``."""
    if test.op not in _COMPARES:
        return None
    for side in (strip(test.left), strip(test.right)):
        if isinstance(side, Binary) and side.op == "-" and _is_now(module, side.left):
            start = strip(side.right)
            held = isinstance(start, Member) and isinstance(strip(start.object), Name)
            return start if isinstance(start, Member) and held else None
    return None


def _is_now(module: Module, expr: Expr) -> bool:
    """Tell whether a value is the time of the moment, as a call or by a name that was given it."""
    made = strip(expr)
    made = found if isinstance(made, Name) and isinstance(found := module.scopes.origin(made), Expr) else made
    return isinstance(made, Call) and made.name in _NOW and not made.args


def _is_kept(made: Object) -> bool:
    """Tell whether a record is put into a table in the place of another: ``used.set(key, {…})``."""
    around = made.parent
    if isinstance(around, Call):
        return around.name == "set" and around.args[-1] is made
    return isinstance(around, Assign) and isinstance(around.target, Index) and around.value is made


def _counts_on(module: Module, made: Object, begun: Member) -> bool:
    """Tell whether a record goes on with the count of the one before: ``count: known.count + 1``."""
    holder = strip(begun.object)
    for _key, value in made.entries:
        more = strip(value)
        step = strip(more.right) if isinstance(more, Binary) and more.op == "+" else None
        if not isinstance(more, Binary) or not isinstance(step, Literal):
            continue
        before = strip(more.left)
        origin = module.scopes.origin(before) if isinstance(before, Name) else before
        if isinstance(origin, Expr) and isinstance(holder, Name) and holder.id in names_in(origin):
            return True
    return False


def _hangs_on(module: Module, made: Object, begun: Member) -> bool:
    """Tell whether a record is made only where the window of the one before is over, or there is none."""
    holder = strip(begun.object)
    named = {holder.id} if isinstance(holder, Name) else set()
    function = function_of(made)
    for assign in find(function.body, Assign) if isinstance(function, Function) else ():
        if isinstance(assign.target, Name) and assign.value is not None and names_in(assign.value) & named:
            named = named | {assign.target.id}
    counted = {name for _key, value in made.entries for name in names_in(value)}
    return any(names_in(one.test) & (named - counted) for one in conditions(made))
