"""API020: every access makes a new object, so that what the object remembers starts anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import definition, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Conditional,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Unary,
    strip,
)
from reviewer.code.tables import kind_of
from reviewer.code.text.ideas import FACES
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.api.handed_out.quotas import is_named, is_quota, refuses_by
from reviewer.experts.api.vocabulary import spelled
from reviewer.experts.check import Match, module_check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset(
    "create make new build open spawn fork clone copy duplicate snapshot instantiate begin start connect acquire "
    "next generate".split()
)
"""Names of methods from which everybody expects something new."""
_KEEPS: Final = frozenset({"cached_property", "cache", "lru_cache", "memoize", "memoized", "lazy", "once", "reify"})
_MUTATES: Final = frozenset(
    "push add set append extend update delete pop remove discard clear setdefault splice".split()
)
_VALUES: Final = frozenset(
    "config configuration settings options info result data spec request response message snapshot copy version entry "
    "record row repository".split()
)
"""Last words of a class whose objects are values: two that say the same are as good as one."""
_RECORDS: Final = frozenset({"SimpleNamespace", "Namespace", "Munch", "MappingProxyType"})
"""What makes a record of what it is given by name."""
_CONTEXTS: Final = FACES | {"host", "sandbox"}


@module_check("API020")
def fresh_wrapper(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what getters, properties and methods without arguments give."""
    if module.is_test:
        return
    for function in module.functions:
        how = _access(function)
        if not how or is_kept(function):
            continue
        for answer in find(function.body, Return, into_functions=False):
            made = _made(_named(module, answer.value))
            memory = _memory(module, made) if made is not None else ""
            if made is None or not memory or (how == "noun" and not is_quota(module, made, memory)):
                continue
            if how == "getter" and "cache" in words(memory):
                continue  # what only saves it some work
            given = how == "getter" and not _is_of_context(function) and not is_quota(module, made, memory)
            named = function.name or "this property"
            what = spelled(made.callee) if isinstance(made, Call) else type(made).__name__.lower()
            yield Match(
                answer,
                f"Every access to '{named}' makes a new '{what}', and what it keeps in '{memory}' starts anew "
                "each time: a quota is never reached, a subscription never found again.",
                confidence=Confidence.POSSIBLE if given else None if how == "getter" else Confidence.LIKELY,
            )


def _access(function: Function) -> str:
    """Tell how a member is reached: ``getter``, or ``method`` for one that should give the same thing each time.

    A ``noun`` is one of which only what it gives can show that.
    """
    if function.private or function.static or function.asynchronous or function.generator:
        return ""
    around = function.parent
    if function.kind == "getter" or (
        isinstance(around, Call) and around.name == "property" and around.args[0] is function
    ):
        return "getter"
    parts = words(function.name or _keyword(function))
    if not parts or parts[0] in _MAKERS or function.params or parts[-1] in _MAKERS:
        return ""
    owner = function.owner
    if owner is not None and function.kind == "method":
        return "method" if set(words(owner.name)) & _CONTEXTS else "noun"
    around = function.parent
    if isinstance(around, Object):
        maker = function_of(function)
        named = set(words(maker.name)) if maker is not None else set()
        return "method" if named & _CONTEXTS else "noun"
    return "noun" if isinstance(around, Call) and around.name in _RECORDS and not around.args else ""


def _is_of_context(function: Function) -> bool:
    """Tell whether a member is one of what a host hands to plugins, or of an object without a name of its own."""
    return function.owner is None or not function.owner.name or bool(set(words(function.owner.name)) & _CONTEXTS)


def _keyword(function: Function) -> str:
    """Return the name under which a record is given a function: ``SimpleNamespace(shelf=lambda: …)``."""
    around = function.parent
    given = around.keywords.items() if isinstance(around, Call) else ()
    return next((key for key, value in given if value is function), "")


def is_kept(function: Function) -> bool:
    """Tell whether what a member makes is remembered: by a decorator, or in a field or variable."""
    if any(spelled(one.callee if isinstance(one, Call) else one) in _KEEPS for one in function.decorators):
        return True
    for node in walk(function.body, into_functions=False):
        if isinstance(node, Assign) and not isinstance(node.target, Name):
            return True
        if isinstance(node, Assign) and not node.declare and function.module.language != "python":
            return True
        if isinstance(node, Call) and node.name in ("set", "setdefault", "defineProperty", "setattr", "add", "push"):
            return True
    return False


def _named(module: Module, value: Expr | None) -> Expr | None:
    """See through a constant that only gives what is made a name."""
    inner = strip(value) if value is not None else None
    origin = module.scopes.origin(inner) if isinstance(inner, Name) and inner.id != "this" else None
    return origin if isinstance(origin, Call) and function_of(origin) is function_of(inner or origin) else value


def _made(value: Expr | None) -> Call | Object | Function | None:
    """Return the object or function that a result is made of: behind a condition, a freeze, a name of its own."""
    for _ in range(6):
        if value is None:
            return None
        value = strip(value)
        if isinstance(value, Conditional):
            value = value.then if _made(value.then) is not None else value.other
        elif isinstance(value, Binary) and value.op == "and":
            value = value.right
        elif isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
            value = value.args[0]
        elif isinstance(value, Call) and spelled(value.callee) in ("this", "self"):
            return None  # what is called is the object itself, as a weak reference is
        elif isinstance(value, Call | Object | Function):
            return value
        else:
            return None
    return None


def _memory(module: Module, made: Call | Object | Function) -> str:
    """Return the name of what an object that is made here keeps and changes of its own, or an empty string."""
    if isinstance(made, Object | Function):
        return closure_memory(module, function_of(made), made)
    target = definition(module, made.callee)
    if isinstance(target, Class) and (made.new or target.module.language == "python"):
        return class_memory(target) or _memory_within(module, made)
    if isinstance(target, Function) and not target.asynchronous:
        for answer in find(target.body, Return, into_functions=False):
            value = strip(answer.value) if answer.value is not None else None
            if isinstance(value, Call) and value.name in ("freeze", "seal") and value.args:
                value = strip(value.args[0])
            if isinstance(value, Object | Function):
                return closure_memory(target.module, target, value)
            inner = _made(value)
            if isinstance(inner, Call):
                made_class = definition(target.module, inner.callee)
                if isinstance(made_class, Class) and not is_kept(target):
                    return class_memory(made_class)
    return ""


def _memory_within(module: Module, made: Call) -> str:
    """Return what something that is made for the object and handed to it keeps: ``Metered(net, Meter(100))``."""
    for given in map(strip, (*made.args, *made.keywords.values())):
        target = definition(module, given.callee) if isinstance(given, Call) else None
        if isinstance(target, Class) and isinstance(given, Call) and (given.new or target.module.language == "python"):
            memory = class_memory(target)
            if memory and any(refuses_by(method, memory) for method in target.methods):
                return memory
    return ""


def class_memory(cls: Class) -> str:
    """Return a field of a class that begins empty or at zero, and that its methods change."""
    if set(words(cls.name)[-1:]) & _VALUES:
        return ""
    for owner in lineage(cls):
        module = owner.module
        begun = {item.name: item.value for item in owner.fields if item.value is not None}
        for name, assigns in module.scopes.fields(owner).items():
            for assign in assigns:
                inside = function_of(assign)
                if inside is not None and (inside.kind == "constructor" or inside.name == "__init__"):
                    begun.setdefault(name, assign.value or assign)
        for method in owner.methods:
            if method.kind == "constructor" or method.name == "__init__":
                continue
            for name in _changed_fields(method):
                value = begun.get(name)
                if value is not None and (_begins_empty(module, value) or _counted_down(module, method, name, value)):
                    return name
    return ""


def _counted_down(module: Module, method: Function, name: str, value: Expr) -> bool:
    """Tell whether a field begins at a number that was handed in, goes down, and refuses at its end."""
    handed = isinstance(strip(value), Name) and isinstance(module.scopes.origin(value), Param)
    return (
        handed
        and refuses_by(method, name)
        and any(
            (isinstance(node, Assign) and node.op == "-=" and is_named(node.target, name))
            or (isinstance(node, Unary) and node.op == "--" and is_named(node.operand, name))
            for node in walk(method.body)
        )
    )


def _changed_fields(method: Function) -> Iterator[str]:
    for node in walk(method.body):
        target: Node | None = None
        if isinstance(node, Assign):
            target = node.target
            if not isinstance(target, Member) and hasattr(target, "object"):
                target = strip(target.object)  # this.x[key] = value
        elif isinstance(node, Unary) and node.op in ("++", "--"):
            target = node.operand
        elif isinstance(node, Call) and node.name in _MUTATES and node.receiver is not None:
            target = _table(node.receiver)
        if isinstance(target, Member) and is_this_member(target):
            yield target.name


def _table(expr: Expr) -> Expr:
    """Return what is changed with an entry of it: ``this.handlers`` of ``this.handlers[name].append(x)``."""
    expr = strip(expr)
    for _ in range(4):
        if isinstance(expr, Index):
            expr = strip(expr.object)
        elif isinstance(expr, Call) and expr.name in ("get", "setdefault") and expr.receiver is not None:
            expr = strip(expr.receiver)
    return expr


def _begins_empty(module: Module, value: Expr) -> bool:
    value = strip(value)
    if isinstance(value, Literal):
        return value.value is False or (isinstance(value.value, int | float) and not isinstance(value.value, bool))
    return kind_of(module, value) != "" or _is_number(module, value)


def _is_number(module: Module, value: Expr) -> bool:
    """Tell whether a value is a number that a constant of the file names: ``left = BUDGET``."""
    held = module.scopes.origin(value) if isinstance(value, Name) else None
    if not isinstance(held, Literal | Binary) or function_of(held) is not None:
        return False
    parts = [part for part in walk(held) if isinstance(part, Expr) and not isinstance(part, Binary)]
    return bool(parts) and all(
        isinstance(part, Literal) and isinstance(part.value, int | float) and not isinstance(part.value, bool)
        for part in parts
    )


def closure_memory(
    module: Module, maker: Function | None, made: Object | Function, begins: Callable[[Expr], bool] | None = None
) -> str:
    """Return a variable beside an object of functions that begins empty and that these functions change.

    ``begins`` tells what else than nothing it may begin with.
    """
    if maker is None:
        return ""
    begun = {
        assign.target.id
        for assign in find(maker.body, Assign, into_functions=False)
        if isinstance(assign.target, Name)
        and assign.value is not None
        and (begins(assign.value) if begins is not None else _begins_empty(module, assign.value))
    }
    counter = _counter_used(module, maker, made) if begins is None else ""
    if counter:
        return counter
    if not begun:
        return ""
    for node in walk(made):
        target: Node | None = None
        if isinstance(node, Assign):
            target = node.target
        elif isinstance(node, Unary) and node.op in ("++", "--"):
            target = node.operand
        elif isinstance(node, Call) and node.name in _MUTATES and node.receiver is not None:
            target = _table(node.receiver)
        if isinstance(target, Name) and target.id in begun and not _bound_inside(node, made, target.id):
            return target.id
    return ""


def _counter_used(module: Module, maker: Function, made: Object | Function) -> str:
    """Return a variable that holds what keeps a memory of its own, and that these functions ask: ``tally(500)``."""
    for assign in find(maker.body, Assign, into_functions=False):
        begun = strip(assign.value) if assign.value is not None else None
        if not isinstance(assign.target, Name) or not isinstance(begun, Call):
            continue
        name = assign.target.id
        asked = any(
            isinstance(call.receiver, Name) and call.receiver.id == name
            for function in find(made, Function)
            for call in find(function.body, Call)
        )
        maker_of = definition(module, begun.callee)
        late = isinstance(maker_of, Function) and maker_of.asynchronous
        if asked and maker_of is not maker and not late and _memory(module, begun):
            return name
    return ""


def _bound_inside(node: Node, made: Object | Function, name: str) -> bool:
    """Tell whether a name is a variable of one of the functions themselves."""
    function = function_of(node)
    while function is not None and function.raw.start_byte >= made.raw.start_byte:
        if name in function.module.scopes.table(function):
            bound = function.module.scopes.table(function)[name]
            if any(getattr(one, "declare", "") or not isinstance(one, Assign) for one in bound):
                return True
        function = function.outer
    return False
