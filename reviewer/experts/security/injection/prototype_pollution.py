"""SEC061: keys from outside are written into objects, the prototype among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, For, Function, Index, Literal, Name, Object, Return, strip
from reviewer.code.walk import calls_in, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.security.guards import limited
from reviewer.experts.security.sinks import shown
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_GUARDS: Final = (
    "__proto__",
    "constructor",
    "Object.create(null)",
    "new Map",
    "hasOwn(target",
    "isSafeKey",
    "prototype",
)
_GLOBAL: Final = frozenset({"window", "global", "globalThis", "self"})
_WORDS: Final = frozenset(
    {"merge", "assign", "extend", "deep", "set", "path", "keys", "entries", "key", "split", "defaults", "patch"}
)


@module_check("SEC061", words=_WORDS)
def prototype_pollution(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for deep merges and for writes along a path of keys."""
    if module.is_test or module.language == "python" or is_foreign(module.path):
        return
    for function in module.functions:
        text = module.text_of(function)
        if function.signature_only or "[" not in text or any(guard in text for guard in _GUARDS):
            continue
        place = _merge(module, function, text) or _along_path(module, function, text)
        if place is not None and not _uses_guard(module, function):
            yield Match(
                place,
                f"'{shown(module, place)}' writes under any key it is given: '__proto__' changes every object.",
            )
    yield from _two_keys(module)


def _uses_guard(module: Module, function: Function) -> bool:
    """Tell whether a constant or a function of the file that it uses names what must not be written."""
    used = names_in(function.body)
    top = module.scopes.table(None)
    return any(
        "__proto__" in module.text_of(bound)
        for name in used
        for bound in top.get(name, ())
        if isinstance(bound, Assign | Function) and bound is not function
    )


def _own_nodes(function: Function) -> Iterator[Node]:
    return walk(function.body, into_functions=True)


def _merge(module: Module, function: Function, text: str) -> Node | None:
    """Return the write of a merge that calls itself for nested objects."""
    if (
        not function.name
        or f"{function.name}(" not in text
        or not any(_is_itself(call, function) for call in calls_in(function.body))
    ):
        return None
    keys: set[str] = set()
    iterated: set[str] = set()
    own: set[str] = set()  # what is written into has these keys already
    for node in _own_nodes(function):
        if isinstance(node, For) and node.target is not None and _over_keys(node):
            keys |= {n.id for n in walk(node.target) if isinstance(n, Name)}
            iterated |= names_in(node.iterable) if node.iterable is not None else set()
        elif isinstance(node, Function) and isinstance(node.parent, Call) and node.parent.name == "forEach":
            text = module.text_of(node.parent.callee)
            if "keys(" in text or "entries(" in text:
                listed = strip(node.parent.receiver) if node.parent.receiver is not None else None
                own |= names_in(listed.args) if isinstance(listed, Call) else set()
                keys |= {name for param in node.params for name in [param.name, *param.fields.values()] if name}
    for node in _own_nodes(function):
        if not isinstance(node, Assign) or not isinstance(node.target, Index) or not _named(node.target.key, keys):
            continue
        base = strip(node.target.object)
        if _only_itself(node, function) or (isinstance(base, Name) and base.id in own):
            continue
        if (
            isinstance(base, Name)
            and base.id not in iterated
            and any(p.name == base.id for p in function.params)
            and _descends(function, base.id)
        ):
            return node
    return None


def _is_itself(call: Call, function: Function) -> bool:
    """Tell whether a call may run the function again, and not a namesake of what a table holds."""
    receiver = strip(call.receiver) if call.receiver is not None else None
    return call.name == function.name and not isinstance(receiver, Index | Call)


def _descends(function: Function, target: str) -> bool:
    """Tell whether a function calls itself for what is in its target, and not only for the same target again."""
    at = next(place for place, param in enumerate(function.params) if param.name == target)
    again = [call for call in calls_in(function.body) if call.name == function.name]
    return any(
        not any(isinstance(arg, Name) and arg.id == target for arg in call.args) and not _into_new(call, at)
        for call in again
    )


def _into_new(call: Call, at: int) -> bool:
    """Tell whether a call writes into an object that is made for it: ``copy(from, {})``."""
    made = strip(call.args[at]) if len(call.args) > at else None
    return isinstance(made, Object) and not made.entries and not made.spreads


def _only_itself(assign: Assign, function: Function) -> bool:
    """Tell whether a member is only replaced by what is made of itself."""
    made_of = names_in(assign.value) - {function.name} if assign.value is not None else set()
    return bool(made_of) and made_of <= names_in(assign.target)


def _over_keys(loop: For) -> bool:
    iterable = strip(loop.iterable) if loop.iterable is not None else None
    return loop.style == "in" or (
        isinstance(iterable, Call) and iterable.name in ("keys", "entries", "getOwnPropertyNames")
    )


def _named(key: Node, names: set[str]) -> bool:
    return isinstance(key, Name) and key.id in names


def _along_path(module: Module, function: Function, text: str) -> Node | None:
    """Return the last write of a walk along keys: ``for (…) at = at[key]; at[last] = value``."""
    if "split(" not in text and "path" not in text.lower() and "keys" not in text:
        return None
    steps: set[str] = set()
    for node in _own_nodes(function):
        if not isinstance(node, Assign) or not isinstance(node.target, Name) or node.value is None:
            continue
        # What a function in it calls by the same name is another thing.
        parts = walk(node.value, into_functions=False)
        inner = [n for n in parts if isinstance(n, Index) and isinstance(strip(n.object), Name)]
        for index in inner:
            base = strip(index.object)
            if isinstance(base, Name) and base.id == node.target.id and not isinstance(strip(index.key), Literal):
                steps.add(base.id)
        if _folds_along(strip(node.value)):
            steps.add(node.target.id)
    steps -= _from_global(function)
    if not steps:
        return None
    last: Node | None = None
    for node in _own_nodes(function):
        if (
            isinstance(node, Assign)
            and isinstance(node.target, Index)
            and not isinstance(strip(node.target.key), Literal)
        ):
            base = strip(node.target.object)
            own = _is_own(module, node.target.key) or _only_itself(node, function)
            if isinstance(base, Name) and base.id in steps and node.op == "=" and not own:
                last = node
    return last


def _from_global(function: Function) -> set[str]:
    """Return the names that stand for the global object at first: code that names its own parts begins there."""
    return {
        node.target.id
        for node in _own_nodes(function)
        if isinstance(node, Assign)
        and isinstance(node.target, Name)
        and node.value is not None
        and not _GLOBAL.isdisjoint(names_in(node.value))
    }


def _folds_along(value: Expr) -> bool:
    """Tell whether a value is got by a walk along keys: ``keys.reduce((at, key) => at[key] ??= {}, root)``."""
    if not isinstance(value, Call) or value.name != "reduce" or not value.args:
        return False
    step = strip(value.args[0])
    if not isinstance(step, Function) or len(step.params) < 2:
        return False
    at, key = step.params[0].name, step.params[1].name
    return bool(at and key) and any(
        isinstance(base := strip(index.object), Name) and base.id == at and _named(index.key, {key})
        for index in walk([node for node in walk(step.body) if isinstance(node, Return)])
        if isinstance(index, Index)
    )


def _is_own(module: Module, key: Expr) -> bool:
    """Tell whether a key is a number, or one that the program made: a constant or a symbol."""
    origin = module.scopes.origin(key)
    made = isinstance(origin, Literal) or (isinstance(origin, Call) and origin.name == "Symbol")
    return made or _is_counter(key)


def _is_counter(key: Node) -> bool:
    return isinstance(key, Name) and key.id in ("i", "j", "n", "index", "idx", "pos", "offset")


def _two_keys(module: Module) -> Iterator[Match]:
    """Yield ``obj[a][b] = value`` on a plain object with both keys from parameters."""
    for node in module.all(Assign):
        target = node.target if isinstance(node, Assign) else None
        if not isinstance(target, Index) or not isinstance(strip(target.object), Index):
            continue
        outer = strip(target.object)
        if not isinstance(outer, Index) or isinstance(target.key, Literal) or isinstance(outer.key, Literal):
            continue
        function = function_of(node)
        names = {p.name for p in function.params} if function is not None else set()
        if not (_named(target.key, names) and _named(outer.key, names)) or _is_counter(target.key):
            continue
        if function is None or any(guard in module.text_of(function) for guard in _GUARDS):
            continue
        if not limited(module, [outer.key], node):
            yield Match(
                node,
                f"'{shown(module, target)}' with '__proto__' for the first key changes every object there is.",
                confidence=Confidence.POSSIBLE,
            )
