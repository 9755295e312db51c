"""Whether the id of a tenant was held against a grammar before it is used: here, by the constructor, by the callers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.elements import GIVES
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Template,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.walk import class_of, find, function_of, names_in, walk
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.vocabulary import names_tenant, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_TESTS: Final = frozenset(
    "test match fullmatch search has includes is_relative_to isRelativeTo startsWith startswith relative relpath "
    "commonpath isalnum isidentifier basename contains safeParse safe_parse parse hasOwn realpath "
    "isdisjoint issubset".split()
)
_SAFE: Final = word_set(
    "assert ensure require validate validated check checked verify verified demand guard sanitize sanitise sanitized "
    "safe slug slugify slugified encode encoded hash hashed digest escape escaped quote parse parsed valid clean "
    "normalized known inside contained within segment confine contain must"
)
_MOST_CALLERS: Final = 12
_DEEPEST: Final = 2
"""Callers of callers that are asked."""
_MOST_FILES: Final = 300
"""Files of a subject in which callers are looked for."""


def checked(inquiry: Inquiry, module: Module, tenant: Expr, at: Node) -> bool:
    """Tell whether something says what the text of an id may be, or where the path that it gives may lie."""
    function = function_of(at)
    if function is None:
        return True
    names = _spellings(module, tenant)
    names |= _gone_through(module, function, names)
    if _contained(module, function, at):
        return True
    around: Function | None = function
    while around is not None:  # a closure may leave it to the function that makes it
        if _checks(module, around.body, names) or _known_to_a_table(module, around, names):
            return True
        around = around.outer
    if _made_safe(module, tenant):
        return True
    maker = _constructor(tenant) if is_this_member(tenant) else None
    if maker is not None:
        told = {*names, *_assigned_from(maker, tenant)}
        if _checks(module, [maker], told | _gone_through(module, maker, told)):
            return True
    return _callers_check(inquiry, module, function if maker is None else maker)


def _spellings(module: Module, tenant: Expr) -> set[str]:
    found = {module.text_of(tenant)}
    node: Expr = tenant
    while isinstance(node, Member):
        node = node.object
        found.add(module.text_of(node))
    return found - {"this", "self"}


def _gone_through(module: Module, function: Function, names: set[str]) -> set[str]:
    """Return what each of a written list is called that holds one of these: ``for part in (tenant, plugin): …``."""
    found: set[str] = set()
    for target, over in _loops(function):
        listed = strip(over)
        if isinstance(listed, Array) and any(module.text_of(item) in names for item in listed.items):
            found.add(target)
    return found


def _loops(function: Function) -> Iterator[tuple[str, Expr]]:
    """Yield (what each is called, the list) of loops, comprehensions, and calls that hand each item to a function."""
    for loop in find(function.body, For):
        if isinstance(loop.target, Name) and loop.iterable is not None:
            yield loop.target.id, loop.iterable
    for each in find(function.body, Comprehension):
        yield from ((target.id, over) for target, over in each.clauses if isinstance(target, Name))
    for call in find(function.body, Call):
        by = call.arg(0) if call.name in GIVES else None
        if isinstance(by, Function) and by.params and call.receiver is not None:
            yield by.params[0].name, call.receiver


def _checks(module: Module, body: Iterable[Node], names: set[str]) -> bool:
    """Tell whether a call or a comparison in here asks what one of these texts may be."""
    for node in walk(body):
        if isinstance(node, Call):
            asked = node.name in _TESTS and not _asks_for_right(node)
            telling = asked or not _SAFE.isdisjoint(spelled(node.name)) or _refuses(module, node)
            given = [*node.args, *([node.receiver] if node.receiver is not None else [])]
            if telling and any(module.text_of(arg) in names for arg in given):
                return True
        elif isinstance(node, Binary) and node.op in ("in", "not in"):
            sides = {module.text_of(node.left), module.text_of(node.right)}
            if sides & names:
                return True
    return False


def _known_to_a_table(module: Module, function: Function, names: set[str]) -> bool:
    """Tell whether one of these is looked up, and whoever is not found is refused: ``known.get(id)``, ``is None``."""
    found = {
        assign.target.id
        for assign in find(function.body, Assign)
        if isinstance(assign.target, Name)
        and isinstance(call := strip(assign.value) if assign.value is not None else None, Call)
        and call.name == "get"
        and len(call.args) == 1
        and module.text_of(call.args[0]) in names
    }
    if not found:
        return False
    refusals = (one for one in find(function.body, If) if one.body and isinstance(one.body[-1], Throw))
    return any(
        (isinstance(test, Binary) and test.op in ("is", "==") and is_nothing(strip(test.right)))
        or (isinstance(test, Unary) and test.op == "not")
        for refusal in refusals
        for test in find(refusal.test, Expr)
        if names_in(test) & found
    )


def _asks_for_right(call: Call) -> bool:
    """Tell whether a call asks whether somebody has something: ``entitlements.has(tenant, plugin)``, of no set."""
    return call.name == "has" and len(call.args) > 1


def _refuses(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject that takes a text tests it and throws, whatever it is called."""
    target = definition(module, call.callee)
    if not isinstance(target, Function) or not target.params or not any(True for _ in find(target.body, Throw)):
        return False
    params = {param.name for param in target.params}
    return any(
        test.name in _TESTS
        and not _asks_for_right(test)
        and not params.isdisjoint(names_in([*test.args, *([test.receiver] if test.receiver else [])]))
        for test in find(target.body, Call)
    )


def _contained(module: Module, function: Function, at: Node) -> bool:
    """Tell whether the path that was made is looked at afterwards."""
    parent: Node | None = at
    while parent is not None and not isinstance(parent, Assign | Function):
        parent = parent.parent
    made = {parent.target.id} if isinstance(parent, Assign) and isinstance(parent.target, Name) else set()
    for node in walk(function.body):
        if isinstance(node, Assign) and isinstance(node.target, Name) and node.value is not None:
            if any(isinstance(part, Name) and part.id in made for part in walk(node.value)):
                made.add(node.target.id)
        elif isinstance(node, Member) and node.name in ("parent", "parents"):
            if isinstance(node.object, Name) and node.object.id in made and isinstance(node.parent, Binary):
                return True
        elif isinstance(node, Call) and (node.name in _CONTAINS or not _INSIDE.isdisjoint(spelled(node.name))):
            parts = list(walk(node))
            made_here = any(isinstance(part, Name) and part.id in made for part in parts)
            if made_here or any(part is at for part in parts):
                return True
    return False


_CONTAINS: Final = frozenset("startsWith startswith is_relative_to relative relpath commonpath relative_to".split())
_INSIDE: Final = word_set("inside contained within confine contain under safe")


def _made_safe(module: Module, tenant: Expr) -> bool:
    """Tell whether a name holds the answer of a call that makes texts harmless, or a text of the program."""
    origin = module.scopes.origin(tenant)
    if isinstance(origin, Literal):
        return True
    if isinstance(origin, Call):
        made = origin.name in ("uuid4", "randomUUID", "hexdigest", "digest")
        return (
            made
            or not _SAFE.isdisjoint(spelled(origin.name))
            or _refuses(module, origin)
            or _gives_known(module, origin)
        )
    if isinstance(origin, Param):
        words = set(spelled(origin.type))
        return bool(words & {"uuid", "int", "number", "enum", "slug", "safe"}) or origin.type in ("int", "number")
    return isinstance(origin, Template)


def _gives_known(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject gives back an id that it has looked up before."""
    own = definition(module, call.callee)
    if not isinstance(own, Function):
        return False
    given = [strip(one.value) for one in returns_of(own) if one.value is not None]
    return bool(given) and all(isinstance(one, Name) and _known_to_a_table(own.module, own, {one.id}) for one in given)


def _constructor(node: Node) -> Function | None:
    cls = class_of(node)
    if cls is None:
        return None
    return cls.method("constructor") or cls.method("__init__") or cls.method("__post_init__")


def _assigned_from(maker: Function, tenant: Expr) -> set[str]:
    name = tenant.name if isinstance(tenant, Member) else ""
    found: set[str] = set()
    for node in walk(maker.body):
        if isinstance(node, Assign) and is_this_member(node.target) and node.target.name == name:
            found |= (
                {part.id for part in walk(node.value) if isinstance(part, Name)} if node.value is not None else set()
            )
    return found | {name.lstrip("_#")}


def _callers_check(inquiry: Inquiry, module: Module, function: Function, depth: int = 0) -> bool:
    """Tell whether every place that is known to call a function has checked the id before, or was called so itself."""
    name = function.owner.name if function.kind == "constructor" and function.owner is not None else function.name
    if not name or len(inquiry.project.sources) > _MOST_FILES:
        return False
    found = 0
    for other in inquiry.project.modules(naming={name}, tests=False):
        for call in other.calls((name,)):
            caller = function_of(call)
            if caller is None or caller is function or not _reaches(other, call, function):
                continue
            found += 1
            texts = {other.text_of(arg) for arg in (*call.args, *call.keywords.values())}
            tenants = {text for text in texts if names_tenant(text.rsplit(".", 1)[-1])} | texts
            if found > _MOST_CALLERS:
                return False
            if not _passes_checked(other, caller, call, tenants) and not (
                depth < _DEEPEST and _hands_on(caller, call) and _callers_check(inquiry, other, caller, depth + 1)
            ):
                return False
    return found > 0


def _hands_on(caller: Function, call: Call) -> bool:
    """Tell whether a function hands on the id of a tenant that it was itself handed."""
    own = {param.name for param in caller.params}
    given = (strip(arg) for arg in (*call.args, *call.keywords.values()))
    return any(isinstance(one, Name) and one.id in own and names_tenant(one.id) for one in given)


def _reaches(other: Module, call: Call, function: Function) -> bool:
    target = definition(other, call.callee)
    if target is None:
        return call.name == function.name
    return target is function or (isinstance(target, Class) and target is function.owner)


def _passes_checked(other: Module, caller: Function, call: Call, texts: set[str]) -> bool:
    for arg in (*call.args, *call.keywords.values()):
        if isinstance(arg, Call) and (not _SAFE.isdisjoint(spelled(arg.name)) or _refuses(other, arg)):
            return True
    names = {text for text in texts if names_tenant(text.rsplit(".", 1)[-1])}
    return bool(names) and _checks(other, caller.body, names)
