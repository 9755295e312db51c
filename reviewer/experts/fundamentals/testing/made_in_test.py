"""Values that a test has made, called or used itself, so that they are there whatever the code under test does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop, guarding_try, returns_of
from reviewer.code.reach.links import class_of_value, definition, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assert,
    Assign,
    Call,
    Class,
    Expr,
    Function,
    Imported,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Regex,
    Return,
    Template,
    Try,
    Unary,
    With,
    strip,
)
from reviewer.code.walk import ancestors, class_of, find, function_of
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module


def always_there(module: Module, expr: Expr) -> bool:
    """Tell whether a value is an object that the file itself makes, so that it can't be missing."""
    expr = strip(expr)
    if isinstance(expr, Member) and not is_this_member(expr):
        given = _member_made(module, expr) if isinstance(expr.object, Name) else []
        made = bool(given) and all(isinstance(one, Object | Array) for one in given)
        return module.language != "python" and (made or is_kind(module, expr))
    if is_this_member(expr):
        cls = class_of(expr)
        given = module.scopes.field_values(cls, expr.name) if cls is not None else []
        return bool(given) and all(isinstance(one, Call) and _makes(module, one) for one in given)
    if not isinstance(expr, Name) or expr.id == "this":
        return False
    origin = _made_as(module, expr)
    if isinstance(origin, Param):
        return (fixture := _fixture(module, expr)) is not None and _always_gives(fixture)
    if isinstance(origin, Function | Class) and origin.decorators:
        return False  # what stands under its name is what a decorator has given
    if isinstance(origin, Object | Array | Regex | Template | Function | Class):
        return not (module.language == "python" and isinstance(origin, Object | Array | Template))
    return isinstance(origin, Call) and _makes(module, origin)


MOCKS: Final = frozenset({"MagicMock", "Mock", "AsyncMock", "NonCallableMock", "create_autospec"})
"""What makes an object of Python that has every member that somebody asks it for."""
_ANSWERS: Final = frozenset(
    "called call_count return_value side_effect call_args call_args_list mock_calls method_calls awaited await_count "
    "await_args await_args_list".split()
)
"""Members of such an object that say something."""


def is_of_mock(module: Module, expr: Expr) -> bool:
    """Tell whether a value is a member of a mock that nobody has put there: ``self.context.notify``."""
    expr = strip(expr)
    if module.language != "python" or not isinstance(expr, Member) or is_this_member(expr):
        return False
    root: Expr = expr
    while isinstance(root, Member) and not is_this_member(root):
        if root.name in _ANSWERS:
            return False
        root = strip(root.object)
    cls = class_of(root) if isinstance(root, Member) else None
    given = module.scopes.field_values(cls, root.name) if cls is not None and isinstance(root, Member) else []
    made = [module.scopes.origin(root)] if isinstance(root, Name) else [strip(one) for one in given]
    if not made or not all(isinstance(one, Call) and one.name in MOCKS and not one.args for one in made):
        return False
    said, begin = module.text_of(expr), module.text_of(root)
    put = (module.text_of(one.target) for one in module.all(Assign) if isinstance(one.target, Member))
    return not any(said.startswith(one) for one in put if one != begin)


def may_count_as_nothing(module: Module, expr: Expr) -> bool:
    """Tell whether an object of Python may be there and still count as false: by ``__bool__`` or ``__len__``.

    Of a class that nobody sees it may be so where the test itself asks for the opposite: ``assert not declaration``.
    """
    expr = strip(expr)
    origin = _made_as(module, expr) if isinstance(expr, Name | Member) else expr
    if module.language != "python" or not isinstance(origin, Call):
        return False
    cls = definition(module, origin.callee)
    if isinstance(cls, Class):
        return any(one.name in ("__bool__", "__len__") for owner in lineage(cls) for one in owner.methods)
    made = {name for assign in module.all(Assign) if (name := _made_alike(module, assign, origin))}
    asked = (strip(one.test) for one in module.all(Assert))
    return any(
        isinstance(one, Unary) and one.op == "not" and isinstance(held := strip(one.operand), Name) and held.id in made
        for one in asked
    )


def _made_alike(module: Module, assign: Assign, made: Call) -> str:
    """Return the name of a variable that is given an object which is made as another was."""
    value = strip(assign.value) if assign.value is not None else None
    alike = isinstance(value, Call) and module.text_of(value.callee) == module.text_of(made.callee)
    return assign.target.id if alike and isinstance(assign.target, Name) else ""


def _makes(module: Module, call: Call) -> bool:
    """Tell whether a call makes an object of a class: one of the subject, or by its name one that is imported."""
    target = definition(module, call.callee)
    if call.new or isinstance(target, Class):
        return True
    if isinstance(target, Function) and not target.asynchronous and not target.generator:
        return _always_gives(target)
    if call.receiver is not None and call.name in _FAKES and last_name(call.receiver) in _FAKERS:
        return True
    name = call.callee.id if isinstance(call.callee, Name) else ""
    bound = module.scopes.lookup(name, call) if name[:1].isupper() and not name.isupper() else []
    return module.language == "python" and bool(bound) and all(isinstance(one, Imported) for one in bound)


def _always_gives(maker: Function) -> bool:
    """Tell whether a function ends with an object that it makes, on every way through it."""
    given = [strip(one.value) if one.value is not None else None for one in returns_of(maker)]
    ends = bool(maker.body) and isinstance(maker.body[-1], Return)
    return ends and all(one is not None and _is_made(maker.module, one) for one in given)


def _is_made(module: Module, value: Expr) -> bool:
    """Tell whether a value is an object that is made right there; an empty one of Python counts as nothing."""
    if isinstance(value, Call):
        return value.new or isinstance(definition(module, value.callee), Class)
    return isinstance(value, Object) and module.language != "python"


def made_of(module: Module, expr: Expr, kind: Expr) -> bool:
    """Tell whether a value was made as one of a kind in the file of the test."""
    origin = _made_as(module, expr) if isinstance(strip(expr), Name) else None
    return (
        isinstance(origin, Call)
        and (origin.new or isinstance(definition(module, origin.callee), Class))
        and module.text_of(origin.callee) == module.text_of(kind)
    )


def _made_as(module: Module, expr: Expr) -> Expr | Param | Imported | None:
    """Return what a value was made as: also one of several that a helper of the file gives together."""
    origin = module.scopes.origin(strip(expr))
    call = strip(origin.object) if isinstance(origin, Member) else None
    maker = definition(module, call.callee) if isinstance(call, Call) else None
    if isinstance(maker, Class) and maker.module is module and isinstance(origin, Member):
        # A helper that gives its fake's functions beside what they work on reads as a class of that name.
        kept = [strip(one) for one in module.scopes.field_values(maker, origin.name)]
        return kept[0] if len({id(one) for one in kept}) == 1 and not put_anew(module, origin.name) else origin
    if not isinstance(maker, Function) or maker.module is not module or maker.asynchronous or maker.generator:
        return origin
    given = [strip(one.value) if one.value is not None else None for one in returns_of(maker)]
    whole = given[0] if len(given) == 1 else None
    entry = whole.get(origin.name) if isinstance(whole, Object) and isinstance(origin, Member) else None
    return module.scopes.origin(entry) if entry is not None else origin


def _fixture(module: Module, name: Name) -> Function | None:
    """Return the function of the file that a runner calls for a parameter of a test."""
    named = [one for one in module.functions if one.name == name.id and one.outer is None]
    marked = [one for one in named if any(last_name(_called(mark)) == "fixture" for mark in one.decorators)]
    return marked[0] if len(marked) == len(named) == 1 and not marked[0].asynchronous else None


def _called(mark: Expr) -> Expr:
    mark = strip(mark)
    return mark.callee if isinstance(mark, Call) else mark


def called_before(expr: Expr) -> bool:
    """Tell whether a test has called a value by its name before it asks for it; what is no function can't be called."""
    expr = strip(expr)
    if isinstance(expr, Member):
        return any(_is_callee(one) for one in _members_before(expr))
    return any(_is_callee(use) for use in _uses_before(expr))


def _is_callee(use: Name | Member) -> bool:
    return isinstance(use.parent, Call) and use.parent.callee is use and not use.parent.optional


def _members_before(expr: Member) -> Iterator[Member]:
    """Yield what is spelled as a member is and has run for certain when that is reached, in the same function."""
    function = function_of(expr)
    if function is None or not isinstance(expr.object, Name) or put_anew(function.module, expr.name):
        return
    said = function.module.text_of(expr)
    for use in find(function.body, Member, into_functions=False):
        if (
            use.name == expr.name
            and use.raw.start_byte < expr.raw.start_byte
            and not use.optional
            and function.module.text_of(use) == said
            and not conditions(use)
            and guarding_try(use) is None
        ):
            yield use


def constant_of_class(module: Module, expr: Expr) -> Literal | None:
    """Return the constant that a class of the subject gives each of its objects under a name, and never changes.

    Of an object that the test has asked to do something before, so that it may have wanted to see more.
    """
    expr = strip(expr)
    if not isinstance(expr, Member) or not isinstance(expr.object, Name) or put_anew(module, expr.name):
        return None
    cls = class_of_value(module, expr.object)
    holder, function = expr.object.id, function_of(expr)
    if cls is None or cls.module is module or function is None:
        return None
    acted = any(
        isinstance(call.receiver, Name) and call.receiver.id == holder and call.start < expr.start
        for call in find(function.body, Call)
    )
    given = [strip(one) for one in cls.module.scopes.field_values(cls, expr.name)]
    given += [strip(one.value) for one in cls.fields if one.name == expr.name and one.value is not None]
    only = given[0] if given and len({id(one) for one in given}) == 1 else None
    return only if acted and isinstance(only, Literal) and only.value is not None else None


def put_anew(module: Module, name: str) -> bool:
    """Tell whether the file gives a member of that name another value, other than a class its own field."""
    return any(
        isinstance(one.target, Member) and one.target.name == name and not is_this_member(one.target)
        for one in module.all(Assign)
    )


def put_last(module: Module, expr: Expr) -> Literal | None:
    """Return the constant that a test itself has put a variable to before it asks for it, whatever was before."""
    function = function_of(expr) if isinstance(expr, Name) else None
    if function is None or not isinstance(expr, Name) or enclosing_loop(expr) is not None:
        return None
    given = [one for one in find(function.body, Assign) if isinstance(one.target, Name) and one.target.id == expr.id]
    changed = any(one.op in ("++", "--") and last_name(one.operand) == expr.id for one in find(function.body, Unary))
    if changed or any(one.op != "=" or function_of(one) is not function or one.value is None for one in given):
        return None
    earlier = [one for one in given if one.raw.start_byte < expr.raw.start_byte]
    if not earlier or len(module.scopes.lookup(expr.id, expr)) != len(given):
        return None
    last = max(earlier, key=lambda one: one.raw.start_byte)
    sure = not conditions(last) and enclosing_loop(last) is None
    sure = sure and not any(isinstance(one, Try | With) for one in ancestors(last) if function_of(one) is function)
    value = strip(last.value) if last.value is not None else None
    return value if sure and isinstance(value, Literal) else None


_KINDS: Final = {"Object": ("Object", "dict", "Mapping"), "Array": ("Array", "list"), "set": ("set",)}


def is_kind(module: Module, expr: Expr, kind: str = "") -> bool:
    """Tell whether a value is a collection that the file itself makes, of one kind or of any: also a fake's member."""
    expr = strip(expr)
    made: list[Expr] = []
    if isinstance(expr, Name):
        origin = _made_as(module, expr)
        made = [origin] if isinstance(origin, Expr) else []
    elif isinstance(expr, Member) and isinstance(expr.object, Name):
        made = _member_made(module, expr)
    return bool(made) and all(_is_collection(one, kind) for one in made)


def _member_made(module: Module, expr: Member) -> list[Expr]:
    """Return what a member of a fake is made as, where the file makes the fake; empty where it is made anew."""
    cls = class_of_value(module, expr.object)
    if cls is not None and cls.module is module:
        return [strip(one) for one in module.scopes.field_values(cls, expr.name)]
    held = module.scopes.origin(expr.object)
    if isinstance(held, Call) and held.name == "SimpleNamespace" and expr.name in held.keywords:
        return [] if put_anew(module, expr.name) else [strip(held.keywords[expr.name])]
    maker = definition(module, held.callee) if isinstance(held, Call) else None
    if isinstance(maker, Function) and maker.module is module and not maker.generator:
        given = [strip(one.value) if one.value is not None else None for one in returns_of(maker)]
        held = given[0] if len(given) == 1 and isinstance(given[0], Object) else None
    value = held.get(expr.name) if isinstance(held, Object) else None
    origin = module.scopes.origin(value) if value is not None and not put_anew(module, expr.name) else None
    return [origin] if isinstance(origin, Expr) else []


def _is_collection(value: Expr, kind: str) -> bool:
    if kind == "Function":
        return isinstance(value, Function) or (isinstance(value, Call) and value.name in _FAKES)
    if isinstance(value, Object):
        return not kind or kind in _KINDS["Object"]
    if isinstance(value, Array):
        return not kind or kind in (_KINDS["Array"] if value.kind == "list" else (value.kind,))
    made = isinstance(value, Call) and (value.new or value.name in _COLLECTIONS)
    return made and isinstance(value, Call) and (value.name == kind if kind else value.name in _COLLECTIONS)


_FAKES: Final = frozenset({"fn", "stub", "spy", "fake"})
_FAKERS: Final = frozenset({"vi", "jest", "sinon", "mock"})
_COLLECTIONS: Final = frozenset({"Map", "Set", "WeakMap", "WeakSet", "dict", "list", "set", "defaultdict"})


def used_before(expr: Expr) -> bool:
    """Tell whether a test has called a value, or a member of it, before it asks whether it is nothing."""
    expr = strip(expr)
    for use in _uses_before(expr):
        held = use.parent if isinstance(use.parent, Member) and use.parent.object is use else use
        if isinstance(held, Member) and held.optional:
            continue
        if isinstance(held.parent, Call) and held.parent.callee is held and not held.parent.optional:
            return True
    return False


def _uses_before(expr: Expr) -> Iterator[Name]:
    """Yield the uses of a name that have run for certain when an expression is reached, in the same function."""
    function = function_of(expr) if isinstance(expr, Name) and expr.id != "this" else None
    if function is None or not isinstance(expr, Name):
        return
    bindings = function.module.scopes.lookup(expr.id, expr)
    if len(bindings) != 1 or isinstance(bindings[0], Function | Class | Imported):
        return
    for use in find(function.body, Name, into_functions=False):
        if (
            use.id == expr.id
            and use.raw.start_byte < expr.raw.start_byte
            and not conditions(use)
            and guarding_try(use) is None
        ):
            yield use
