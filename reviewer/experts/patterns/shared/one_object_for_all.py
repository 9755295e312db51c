"""PAT481: many entries are given one and the same object, and each is meant to have its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Comprehension,
    Expr,
    Field,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    Spread,
    While,
    strip,
)
from reviewer.code.walk import ancestors, find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.patterns.changes import CHANGING, changed_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MAKERS: Final = frozenset(
    {"list", "dict", "set", "defaultdict", "deque", "OrderedDict", "Counter", "Map", "Set", "Array", "bytearray"}
)
_WRAPPERS: Final = frozenset({"Map", "Object", "dict", "list", "tuple", "deque", "fromEntries", "from", "seal"})
_REPEATING: Final = frozenset({"map", "from", "fromEntries", "forEach", "defaultdict", "flatMap", "times", "fromAsync"})
_PUTS: Final = frozenset({"set", "setdefault", "append", "push", "add", "appendleft", "unshift"})
_ALIKE: Final = frozenset({"repeat", "constant"})
_ITERATING: Final = frozenset({"itertools", "lodash", "_"})
_TAKES: Final = frozenset({"get", "at", "setdefault"})
_VIEWS: Final = frozenset({"values", "items", "entries"})


@module_check("PAT481", words=())
def one_object_for_all(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each place that puts one object into many entries."""
    if module.is_test:
        return
    for node in module.some(Call, Binary):
        made = _repeated(module, node)
        if made is not None and isinstance(node, Call | Binary) and _meant_apart(module, node, made):
            yield Match(node, _SAYS.format(short(module.text_of(made))))
    said: set[int] = set()
    for name in module.all(Name):
        declared = _declared_outside(module, name)
        if declared is None or declared.value is None or id(declared) in said or _has_a_life(module, declared):
            continue
        table = _table_around(name)
        if table is not None and _meant_apart(module, table, declared.value, name.id):
            said.add(id(declared))
            yield Match(name, _SAYS.format(short(module.text_of(name))), related=((declared, "made once, here"),))
    yield from _by_default(module)


_SAYS: Final = "All entries are the one object '{}': what is put into one of them stands in all the others, too."


def _by_default(module: Module) -> Iterator[Match]:
    """Look at each entry that is the object which a parameter is where nobody gives one."""
    for function in module.functions:
        open_ones = {one.name for one in function.params if one.default is not None and _is_open(one.default)}
        for name in find(function.body, Name) if open_ones else ():
            bound = module.scopes.lookup(name.id, name) if name.id in open_ones else []
            given = bound[0] if len(bound) == 1 else None
            if not isinstance(given, Param) or given.parent is not function:
                continue
            around = next((one for one in ancestors(name) if _repeats(one)), None)
            table = _table_around(name) if around is not None and inside(around, function) else None
            text = _name_of(module, table) if table is not None else None
            if text is not None and _entry_changed(module, text):
                yield Match(name, _SAYS.format(short(name.id)))
                break


def _repeated(module: Module, node: Node) -> Expr | None:
    """Return the one object that a call or a product puts into all entries of what it makes."""
    if isinstance(node, Binary):
        if node.op != "*" or module.language != "python":
            return None
        for side, times in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, Array) and not (isinstance(times, Literal) and times.value in (0, 1)):
                return next((item for item in side.items if _is_open(item)), None)
        return None
    if not isinstance(node, Call):
        return None
    given: Expr | None = None
    fills = node.name == "fill" and node.receiver is not None and _is_new_array(module, node.receiver)
    if node.name == "fromkeys":
        given = node.arg(1, "value")
    elif fills or (node.name in _ALIKE and module.resolve(node.callee).split(".")[0] in _ITERATING):
        given = node.arg(0)
    return given if given is not None and _is_open(given) else None


def _is_new_array(module: Module, expr: Expr) -> bool:
    made = module.scopes.origin(expr)
    return isinstance(made, Array) or (
        isinstance(made, Call)
        and (made.name == "Array" or (made.name in ("from", "of") and made.receiver is not None))
        and "Array" in module.text_of(made.callee)
    )


def _is_open(expr: Expr) -> bool:
    """Tell whether an expression makes an object that can be changed: a record, a list, a map."""
    made = strip(expr)
    if isinstance(made, Object | Comprehension):
        return True
    if isinstance(made, Array):
        return made.kind != "tuple"
    if isinstance(made, Binary):
        return made.op == "*" and any(
            isinstance(side, Array) and side.kind == "list" for side in (made.left, made.right)
        )
    return isinstance(made, Call) and isinstance(made.callee, Name) and made.callee.id in _MAKERS


def _is_empty(expr: Expr) -> bool:
    made = strip(expr)
    if isinstance(made, Object):
        return not made.entries
    return not made.items if isinstance(made, Array) else isinstance(made, Call) and not made.args


def _declared_outside(module: Module, name: Name) -> Assign | None:
    """Return where an object was made once that a name means in a loop, or in a function that runs for each entry."""
    if not isinstance(name.parent, Array | Call | Assign | Comprehension | Return | Object | Cast):
        return None
    around = next((one for one in ancestors(name) if _repeats(one)), None)
    if around is None or (isinstance(around, Comprehension) and not _is_element(around, name)):
        return None
    bound = module.scopes.lookup(name.id, name)
    only = bound[0] if len(bound) == 1 else None
    if not isinstance(only, Assign) or only.value is None or not _is_open(only.value) or only.op != "=":
        return None
    return only if around.start > only.start and not any(one is around for one in ancestors(only)) else None


def _repeats(node: Node) -> bool:
    """Tell whether what stands in a node is done many times, for one entry each."""
    if isinstance(node, For | While | Comprehension):
        return True
    around = node.parent
    while isinstance(around, Cast):
        around = around.parent
    return isinstance(node, Function) and isinstance(around, Call) and around.name in _REPEATING


def _is_element(made: Comprehension, name: Name) -> bool:
    parts = [made.element]
    while parts:
        one = parts.pop()
        if one is name:
            return True
        if isinstance(one, Array):
            parts += one.items
        elif isinstance(one, Object):
            parts += [value for _key, value in one.entries]
    return False


def _table_around(name: Name) -> Expr | None:
    """Return the expression of the table of which a name is put in as an entry."""
    inner: Node = name
    around = name.parent
    while isinstance(around, Cast) or (isinstance(around, Array) and around.kind in ("list", "tuple")):
        if isinstance(around, Array) and len(around.items) > 1 and around.items[0] is inner:
            return None  # [parent, "", value]: where the value is put, and no entry of its own
        inner, around = around, around.parent
    if isinstance(around, Object) and isinstance(around.parent, Comprehension):
        inner, around = around, around.parent
    if isinstance(around, Assign):
        target = strip(around.target)
        return target.object if inner is around.value and isinstance(target, Index) and inner is name else None
    if isinstance(around, Call):
        put = around.name in _PUTS and around.args[-1:] == [inner] and around.receiver is not None and inner is name
        return around.receiver if put else None
    if isinstance(around, Comprehension):
        return around
    function = function_of(name)
    if isinstance(around, Return) and function is not None and isinstance(function.parent, Call):
        return function.parent
    return None


def _has_a_life(module: Module, declared: Assign) -> bool:
    """Tell whether an object is filled or asked by its own name as well: it is meant to be one for all."""
    name = declared.target.id if isinstance(declared.target, Name) else ""
    if not name or not isinstance(declared.target, Name):
        return True
    for node in module.some(Assign, Call):
        target = changed_root(node)
        if isinstance(target, Name) and target.id == name and not (isinstance(node, Assign) and node.target is target):
            return True
    return any(
        one.object.id == name
        for one in module.some(Member, Index)
        if isinstance(one, Member | Index) and isinstance(one.object, Name)
    )


def _meant_apart(module: Module, table: Expr, made: Expr, shared: str = "") -> bool:
    """Tell whether each entry is meant to be filled by itself, and is not only put in anew."""
    text = _name_of(module, table)
    if text is None:
        return _is_empty(made) and not _consumed(table)
    if _entry_changed(module, text):
        return True
    return _is_empty(made) and not _replaced(module, text, shared)


def _name_of(module: Module, table: Expr) -> str | None:
    """Return what a table is called; None where it goes on without a name."""
    if isinstance(table, Name | Member):
        return module.text_of(table)
    inner: Node = table
    around = table.parent
    while isinstance(around, Cast | Await) or (
        isinstance(around, Call) and around.name in _WRAPPERS and inner is not around.callee
    ):
        inner, around = around, around.parent
    if isinstance(around, Assign) and inner is around.value and isinstance(around.target, Name | Member):
        return module.text_of(around.target)
    field = getattr(around, "name", "") if isinstance(around, Field) else ""
    return f"{'self' if module.language == 'python' else 'this'}.{field}" if field else None


def _consumed(table: Expr) -> bool:
    """Tell whether the entries are only gone through, for their keys: ``for name in dict.fromkeys(names, [])``."""
    return isinstance(table.parent, For | Comprehension | Spread | Binary)


def _entry_changed(module: Module, text: str) -> bool:
    locals_of = {
        (id(function_of(node)), node.target.id)
        for node in module.all(Assign)
        if isinstance(node.target, Name) and node.value is not None and _is_entry(module, node.value, text)
    }
    for loop in module.all(For):
        if loop.iterable is None:
            continue
        source = strip(loop.iterable)
        if isinstance(source, Call) and source.name in _VIEWS and source.receiver is not None:
            source = source.receiver
        if module.text_of(source) == text and loop.target is not None:
            names = [loop.target, *(loop.target.items if isinstance(loop.target, Array) else [])]
            locals_of |= {(id(function_of(loop)), one.id) for one in names if isinstance(one, Name)}
    for node in module.some(Assign, Call):
        target = _changed(node)
        if target is None:
            continue
        if isinstance(node, Assign) and node.op == "+=" and _is_entry(module, target, text):
            return True
        holder: Expr | None = (
            target.object if isinstance(node, Assign) and isinstance(target, Member | Index) else target
        )
        if isinstance(node, Assign) and not isinstance(target, Member | Index):
            continue
        while holder is not None:
            holder = strip(holder)
            if _is_entry(module, holder, text):
                return True
            if isinstance(holder, Name) and (id(function_of(node)), holder.id) in locals_of:
                return True
            holder = holder.object if isinstance(holder, Member | Index) else None
    return False


def _changed(node: Node) -> Expr | None:
    if isinstance(node, Assign):
        return strip(node.target) if not node.declare else None
    changes = isinstance(node, Call) and node.name in CHANGING and node.receiver is not None
    return strip(node.receiver) if changes and isinstance(node, Call) and node.receiver is not None else None


def _is_entry(module: Module, expr: Expr, text: str) -> bool:
    """Tell whether an expression is an entry of the table: ``table[i]``, ``table.get(name)``."""
    made = strip(expr)
    if isinstance(made, Binary) and made.op in ("??", "or"):
        made = strip(made.left)
    if isinstance(made, Index):
        return module.text_of(made.object) == text
    return (
        isinstance(made, Call)
        and made.name in _TAKES
        and made.receiver is not None
        and module.text_of(made.receiver) == text
    )


def _replaced(module: Module, text: str, shared: str) -> bool:
    """Tell whether entries are put in anew, each by itself, and not only the object that all share."""
    for node in module.some(Assign, Call):
        value: Expr | None = None
        if isinstance(node, Assign) and node.op == "=" and isinstance(strip(node.target), Index):
            value = node.value if _is_entry(module, node.target, text) else None
        elif isinstance(node, Call) and node.name == "set" and node.receiver is not None and len(node.args) > 1:
            value = node.args[1] if module.text_of(node.receiver) == text else None
        made = strip(value) if value is not None else None
        if made is not None and not (isinstance(made, Name) and made.id == shared):
            return True
    return False
