"""SEC061: keys from outside are written into objects, the prototype among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, For, Function, Index, Literal, Name, Object, Return, Unary, strip
from reviewer.code.walk import calls_in, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.values.given_keys import gone_through
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_foreign

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

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
_OWN: Final = frozenset({"includes", "has", "hasOwn", "hasOwnProperty"})
_DECLARED: Final = frozenset(
    "schema schemas spec specs specification attributes parameter parameters infos fields properties columns "
    "definitions shape def defaults".split()
)
"""Words of what declares which members something has."""
_LINKS: Final = 6
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
                confidence=Confidence.POSSIBLE if _of_the_program(module, function, place) else None,
            )
    yield from _two_keys(module)


def _of_the_program(module: Module, function: Function, place: Node) -> bool:
    """Tell whether nobody but the program says under which key is written, or files and folders are the keys."""
    key = place.target.key if isinstance(place, Assign) and isinstance(place.target, Index) else None
    if key is None:
        return False
    if any(isinstance(call.receiver, Name) and call.receiver.id == "JSON" for call in module.calls(("parse",))):
        return False  # what was a text has every key that its writer likes
    if _given_anything(module, function):
        return False
    return not trace(module, key).kinds() - {"unknown", "file", "environment"} or _splits_files(module, key)


def _given_anything(module: Module, function: Function) -> bool:
    """Tell whether a function is handed what the types of its caller say nothing of: ``from(config: unknown)``."""
    for call in module.calls((function.name,)) if function.name else ():
        around = function_of(call)
        if around is None or around is function:
            continue
        anything = {param.name for param in around.params if param.type == "unknown"}
        if anything & names_in(call.args):
            return True
    return False


def _splits_files(module: Module, key: Expr) -> bool:
    """Tell whether a key is a part of the path of a file: ``for (const part of file.split("/"))``."""
    made: object = strip(key)
    for _ in range(_LINKS):
        if isinstance(made, Call):
            sign = strip(made.args[0]) if made.name == "split" and made.args else None
            if sign is not None:
                return module.text_of(sign).strip("\"'`") in ("/", "\\\\") or module.text_of(sign).endswith("sep")
            made = strip(made.receiver) if made.receiver is not None else None
        elif isinstance(made, Index):
            made = strip(made.object)
        elif isinstance(made, Name):
            bound = module.scopes.lookup(made.id, made)
            over = gone_through(bound[0]) if len(bound) == 1 else None
            given = over[1] if over is not None else getattr(bound[0], "value", None) if len(bound) == 1 else None
            made = strip(given) if given is not None else None
        else:
            return False
    return False


def _asked_first(module: Module, assign: Assign, source: Collection[str] = ()) -> bool:
    """Tell whether a key is one of a list, or one that the target has itself: ``names.includes(key)``.

    That the ``source`` has it says nothing: what was read from a text has ``__proto__`` as its own.
    """
    key = module.text_of(assign.target.key) if isinstance(assign.target, Index) else ""
    if isinstance(strip(assign.value) if assign.value is not None else None, Literal) and _is_text_now(module, assign):
        return True
    return any(
        _is_known(module, part, key, source) is condition.holds
        for condition in conditions(assign)
        for part in _parts(condition.test, "and" if condition.holds else "or")
    )


def _is_text_now(module: Module, assign: Assign) -> bool:
    """Tell whether a text stands there, which the prototype has under no key: ``typeof at[key] === "string"``."""
    member = module.text_of(assign.target)
    return any(
        condition.holds
        and isinstance(part, Binary)
        and part.op == "=="
        and isinstance(asked := strip(part.left), Unary)
        and asked.op == "typeof"
        and module.text_of(asked.operand) == member
        and isinstance(kind := strip(part.right), Literal)
        and kind.value == "string"
        for condition in conditions(assign)
        for part in map(strip, _parts(condition.test, "and"))
    )


def _is_known(module: Module, test: Expr, key: str, source: Collection[str]) -> bool | None:
    """Tell what a test says of a key when it holds: that it is a known one, that it is none, or nothing."""
    test = strip(test)
    if isinstance(test, Unary) and test.op == "not":
        known = _is_known(module, test.operand, key, source)
        return None if known is None else not known
    if isinstance(test, Binary) and test.op in ("and", "or"):
        sides = {_is_known(module, side, key, source) for side in (test.left, test.right)}
        return next(iter(sides)) if len(sides) == 1 else None
    if not isinstance(test, Call) or test.name not in _OWN or all(module.text_of(one) != key for one in test.args):
        return None
    asked = {name for one in (test.receiver, *test.args) if one is not None for name in names_in(one)}
    return None if asked & (set(source) - {key, "Object"}) and test.name.startswith("hasOwn") else True


def _parts(test: Expr, op: str) -> Iterator[Expr]:
    """Yield the tests that are all known to hold, or not to hold, with the whole."""
    test = strip(test)
    if isinstance(test, Binary) and test.op == op:
        yield from _parts(test.left, op)
        yield from _parts(test.right, op)
    else:
        yield test


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
        if isinstance(node, For) and node.target is not None and _over_keys(node) and not _declares(node.iterable):
            keys |= {n.id for n in walk(node.target) if isinstance(n, Name)}
            iterated |= names_in(node.iterable) if node.iterable is not None else set()
        elif isinstance(node, Function) and isinstance(node.parent, Call) and node.parent.name == "forEach":
            text = module.text_of(node.parent.callee)
            if ("keys(" in text or "entries(" in text) and not _declares(node.parent.receiver):
                listed = strip(node.parent.receiver) if node.parent.receiver is not None else None
                own |= names_in(listed.args) if isinstance(listed, Call) else set()
                keys |= {name for param in node.params for name in [param.name, *param.fields.values()] if name}
    for node in _own_nodes(function):
        if not isinstance(node, Assign) or not isinstance(node.target, Index) or not _named(node.target.key, keys):
            continue
        base = strip(node.target.object)
        if (
            _only_itself(node, function)
            or (isinstance(base, Name) and base.id in own)
            or _asked_first(module, node, iterated)
        ):
            continue
        if _is_of_class(node):
            continue
        if (
            isinstance(base, Name)
            and base.id not in iterated
            and any(p.name == base.id for p in function.params)
            and _descends(function, base.id)
        ):
            return node
    return None


def _is_of_class(assign: Assign) -> bool:
    """Tell whether only what is of a class is written: no text that somebody sends is read as such a thing."""
    return any(
        one.holds and any(part.op == "instanceof" for part in find(one.test, Binary)) for one in conditions(assign)
    )


def _declares(over: Expr | None) -> bool:
    """Tell whether a loop goes through what declares members: their names are the program's or its plugins'."""
    listed = strip(over) if over is not None else None
    while isinstance(listed, Call) and (listed.args or listed.receiver is not None):
        listed = strip(listed.args[0] if listed.args or listed.receiver is None else listed.receiver)
    return listed is not None and bool(set(last_words(listed)) & _DECLARED)


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
            own = _is_own(module, node.target.key) or _only_itself(node, function) or _asked_first(module, node)
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
