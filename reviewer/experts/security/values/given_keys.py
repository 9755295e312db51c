"""Names that stand for each key, or each item, of what a loop or a callback goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Comprehension,
    Conditional,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Template,
    Throw,
    Unary,
    is_nothing,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.experts.paths import last_words

if TYPE_CHECKING:
    from reviewer.code.module import Module

RECORDS: Final = ("Record<string", "Readonly<Record<string", "{ [", "{[", "Partial<Record<string")
"""Types of a plain object with any key."""
_TEXT_LISTS: Final = frozenset({"string[]", "Array<string>", "ReadonlyArray<string>", "unknown[]", "any[]"})
"""Types of a list of any texts."""
_DEEPEST: Final = 6
_REQUESTS: Final = (("req",), ("request",))
_LEVELS: Final = frozenset({"debug", "info", "warn", "error", "log", "trace", "verbose", "warning"})
"""What tells people of something, by its name or as an event of that name."""
_READS: Final = frozenset({"parse", "json", "split"})
"""Calls that give what stands in a text."""


def gone_through(binding: object) -> tuple[Node | None, Expr | None] | None:
    """Return the target and the collection of the loop, or of the callback over items, that gives a name its value."""
    if isinstance(binding, For):
        return binding.target, binding.iterable
    if isinstance(binding, Comprehension):
        return (None, None)
    if isinstance(binding, Param) and _of_keys(binding):
        call = binding.parent.parent if isinstance(binding.parent, Function) else None
        return binding, call.receiver if isinstance(call, Call) else None
    return None


def key_of_given(module: Module, loop: tuple[Node | None, Expr | None], key: Name) -> bool:
    """Tell whether a name is each key of what a function is given with no closed type: ``Object.entries(value)``."""
    target, over = loop
    pairs = strip(over) if over is not None else None
    if not isinstance(pairs, Call) or pairs.name not in ("entries", "keys") or len(pairs.args) != 1:
        return False
    if not _is_given(module, pairs.args[0]):
        return False
    names = [node.id for node in walk(target) if isinstance(node, Name)] if target is not None else []
    names = names or ([target.name, *target.fields.values()] if isinstance(target, Param) else [])
    first = next((name for name in names if name), "")
    return first == key.id


def _is_given(module: Module, whole: Expr, open_types: frozenset[str] = frozenset()) -> bool:
    """Tell whether a value, or what it is a part of, is handed in with no closed type: ``manifest.rights ?? {}``."""
    made: object = strip(whole)
    for _ in range(_DEEPEST):
        if isinstance(made, Binary) and made.op in ("??", "or"):
            made = strip(made.left)
        declared = declared_type(module, made) if isinstance(made, Name | Member) and made is strip(whole) else ""
        if declared and _is_closed(declared) and declared.removeprefix("readonly ").strip() not in open_types:
            return False
        if isinstance(made, Param):
            return True
        if isinstance(made, Member):
            made = strip(made.object)
        else:
            made = module.scopes.origin(made) if isinstance(made, Name) else None
    return False


def item_of_given(module: Module, over: Expr | None) -> bool:
    """Tell whether what is gone through is a list of texts in a record that is handed in: ``manifest.needs``."""
    listed = strip(over) if over is not None else None
    if not isinstance(listed, Name | Member) or not _is_given(module, listed, _TEXT_LISTS):
        return False
    made = module.scopes.origin(listed) if isinstance(listed, Name) else listed
    return isinstance(made, Member) or (isinstance(made, Param) and bool(made.fields))


def item_of_parsed(module: Module, over: Expr | None, depth: int = 5) -> bool:
    """Tell whether what is gone through was read from a text: ``JSON.parse(text).notes``, ``line.split(" ")``."""
    while over is not None and depth:
        depth -= 1
        over = strip(over)
        if isinstance(over, Call):
            if over.name in _READS:
                return True
            over = over.receiver
        elif isinstance(over, Member | Index):
            over = over.object
        elif isinstance(over, Await):
            over = over.value
        elif isinstance(over, Name):
            made = module.scopes.origin(over)
            over = made if isinstance(made, Expr) and made is not over else None
        else:
            return False
    return False


def refuses_unknown(node: Expr) -> bool:
    """Tell whether an error is thrown where a look-up finds nothing: ``if (!found) throw …``."""
    asked: Node | None = node.parent
    if isinstance(asked, Assign) and asked.value is node and isinstance(asked.target, Name):
        function, name = function_of(asked), asked.target.id
        uses = find(function.body if function is not None else [], Name)
        return any(one.id == name and one is not asked.target and _thrown_without(one) for one in uses)
    return isinstance(node, Expr) and _thrown_without(node)


def _thrown_without(found: Expr) -> bool:
    """Tell whether a test says that a value is absent, and what follows throws."""
    test: Node = found
    absent = False
    while isinstance(test.parent, Unary) and test.parent.op == "not":
        test, absent = test.parent, not absent
    if isinstance(test.parent, Binary) and test.parent.op == "==" and is_nothing(test.parent.right):
        test, absent = test.parent, True
    around = test.parent
    return absent and isinstance(around, If) and around.test is test and any(isinstance(s, Throw) for s in around.body)


def is_group(module: Module, key: Expr) -> bool:
    """Tell whether a key is what a group of a pattern matched: ``match[2]``, ``match.groups.unit``."""
    while isinstance(key, Member | Index):
        key = strip(key.object)
    made = module.scopes.origin(key)
    return isinstance(made, Call) and made.name in ("exec", "match")


def only_named_here(module: Module, key: Expr) -> bool:
    """Tell whether a key is a parameter that every call in the file gives as a constant."""
    made = module.scopes.origin(strip(key))
    function = made.parent if isinstance(made, Param) else None
    if not isinstance(function, Function) or not function.name or made not in function.params:
        return False
    place = function.params.index(made)
    given = [call.args[place] for call in module.calls((function.name,)) if len(call.args) > place]
    return bool(given) and all(isinstance(strip(one), Literal) for one in given)


def _is_closed(type_text: str) -> bool:
    """Tell whether a type says which keys an object has."""
    said = type_text.strip()
    return said not in ("unknown", "any", "object") and not said.startswith(RECORDS)


def _of_keys(param: Param) -> bool:
    """Tell whether a parameter is that of a callback over keys or indexes."""
    function = param.parent
    if not isinstance(function, Function) or not isinstance(function.parent, Call):
        return False
    call = function.parent
    return call.name in ("map", "filter", "forEach", "some", "every", "find", "reduce", "sort", "flatMap", "from")


def only_said(node: Node, key: Expr) -> bool:
    """Tell whether what is found is only told to people, or is kept for the methods of HTTP, which a server limits."""
    asked = strip(key)
    if isinstance(asked, Member) and asked.name == "method" and last_words(asked.object)[-1:] in _REQUESTS:
        return True
    inner = node
    for around in ancestors(node):
        if isinstance(around, Call):
            level = strip(around.args[0]) if around.name == "emit" and around.args else None
            told = isinstance(level, Literal) and level.value in _LEVELS
            return inner in around.args and (told or (around.name in _LEVELS and around.receiver is not None))
        if not isinstance(around, Template | Binary | Conditional):
            return False
        inner = around
    return False


def no_member_name(made: object) -> bool:
    """Tell whether a text is put together with signs that no inherited member has in its name: ``a/b``, ``["a"]``."""
    while isinstance(made, Call) and made.name in ("toLowerCase", "trim") and made.receiver is not None:
        made = strip(made.receiver)
    if isinstance(made, Call) and made.name == "extname":
        return True
    if isinstance(made, Call):
        return made.name == "stringify" and bool(made.args) and isinstance(strip(made.args[0]), Array | Object)
    items = made.items if isinstance(made, Template) else []
    return any(isinstance(one, Literal) and not str(one.value).replace("_", "a").isalnum() for one in items)
