"""Where a library that leaves prereleases out by itself is told to count them in, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop, exits
from reviewer.code.syntax import Call, Comprehension, Expr, For, Function, If, Literal, Name, Object, strip
from reviewer.code.walk import ancestors, find, function_of, inside, names_in
from reviewer.experts.registry.choosing_versions.choosing import orderings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_CHOOSES: Final = frozenset({"maxSatisfying", "minSatisfying"})
_SIFTS: Final = frozenset({"filter", "find", "findLast", "findIndex"})
_OF_ALL: Final = frozenset({"every", "some"})
_TAKES: Final = frozenset({"find", "findLast"})


def counted_in(module: Module) -> Iterator[Call]:
    """Yield the calls that choose among versions, for everybody, with prereleases counted in."""
    yield from (call for call in module.calls(_CHOOSES) if _says_so(module, call) and not conditions(call))
    yield from (call for call in module.calls(("contains", "filter")) if _offered_in(call))
    for call in module.calls(("satisfies", "test")):
        made = module.scopes.origin(call.receiver) if call.name == "test" and call.receiver is not None else call
        told = isinstance(made, Call) and (made is call or made.name in ("Range", "Comparator"))
        if told and isinstance(made, Call) and _says_so(module, made) and _is_chosen_by(module, call):
            yield call


def _says_so(module: Module, call: Call) -> bool:
    """Tell whether the options of a call count prereleases in, and not only where somebody wants them."""
    options = module.scopes.origin(call.args[-1]) if len(call.args) > 1 else None
    if isinstance(options, Literal):
        return options.value is True and call.name in _CHOOSES  # where it once meant: read loosely
    told = options.get("includePrerelease") if isinstance(options, Object) else None
    return isinstance(told, Literal) and told.value is True


def _offered_in(call: Call) -> bool:
    """Tell whether a choice among several always takes prereleases: ``spec.contains(version, prereleases=True)``."""
    told = call.keywords.get("prereleases")
    return (
        isinstance(told, Literal)
        and told.value is True
        and (
            call.name == "filter"
            or (isinstance(loop := enclosing_loop(call), For) and _one_of_many(call, loop.target))
            or any(
                _one_of_many(call, *(target for target, _many in around.clauses)) and not _asks_of_all(around)
                for around in ancestors(call)
                if isinstance(around, Comprehension)
            )
        )
    )


def _one_of_many(call: Call, *targets: Expr | None) -> bool:
    """Tell whether each version in turn is held against one range, and not each range against the one version."""
    each = {name for target in targets if target is not None for name in names_in(target)}
    ranges = names_in(call.receiver) if call.receiver is not None else set()
    return not each & ranges and any(each & names_in(arg) for arg in call.args)


def _asks_of_all(many: Comprehension) -> bool:
    """Tell whether it is only asked whether all that was chosen before fits: ``all(… for one in locked)``."""
    return isinstance(many.parent, Call) and many.parent.name in ("all", "any")


def _is_chosen_by(module: Module, call: Call) -> bool:
    """Tell whether each of several versions is asked, and one of those that fit is taken."""
    asked = call.args[0] if call.args else None
    if asked is None:
        return False
    loop = enclosing_loop(call)
    if isinstance(loop, For) and loop.target is not None and names_in(asked) & names_in(loop.target):
        return any(
            isinstance(around, If) and inside(call, around.test) and exits(around.body) for around in ancestors(call)
        )
    each = function_of(call)
    sifts = each.parent if each is not None else None
    if isinstance(sifts, Call) and sifts.name in _OF_ALL:  # versions.filter((one) => ranges.every((range) => …))
        each = function_of(sifts)
        sifts = each.parent if each is not None else None
    if each is None or not isinstance(sifts, Call) or sifts.name not in _SIFTS or not _is_of(asked, each):
        return False
    if sifts.name in _TAKES:
        return True
    chooser = function_of(sifts)
    return any(ordering.function is chooser and ordering.taken is not None for ordering in orderings(module))


def _is_of(asked: Expr, each: Function) -> bool:
    given = {param.name for param in each.params} | {name for param in each.params for name in param.fields.values()}
    return any(name.id in given for name in find(strip(asked), Name))
