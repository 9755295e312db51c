"""PAT008: a collection of the class, or of a default argument, that every instance changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Array,
    Assign,
    Call,
    Class,
    Comprehension,
    Delete,
    Expr,
    Field,
    Function,
    Index,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.walk import calls_in, class_of, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.given_classes import is_given
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.changes import changed_root
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.sharing import begun_anew, is_own_by_then, of_the_class
from reviewer.experts.patterns.vocabulary import CACHES, PLUGINS, PRINCIPALS, TENANTS, names_tenant, spelled

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_MOST: Final = 80
"""Fields of a class that are looked at."""
_MAKERS: Final = frozenset(
    {"list", "dict", "set", "defaultdict", "deque", "OrderedDict", "Counter", "Map", "Set", "bytearray"}
)
_ONLY_READ: Final = (
    "Mapping",
    "Sequence",
    "Iterable",
    "Collection",
    "AbstractSet",
    "typing.Mapping",
    "typing.Sequence",
)
"""Beginnings of types that say that nobody changes what is given."""
_MAKING: Final = frozenset({"__init__", "__post_init__", "__new__", "__attrs_post_init__", "setUp", "setup"})
"""Methods by which Python makes an object, or readies it."""
_COPYING: Final = word_set(
    "BaseModel TypedDict NamedTuple Enum StrEnum IntEnum Flag Model Struct Schema SQLModel Document BaseSettings "
    "HasTraits Protocol Base DeclarativeBase Form Serializer"
)
"""Bases whose class attributes are descriptions, or are copied for each instance."""


@module_check("PAT008", words={"self", "static", "def"})
def shared_class_state(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak where a method changes a collection through the instance that belongs to the class."""
    if module.is_test:
        return
    for cls in module.classes:
        if cls.kind == "class" and not (_describes(cls) or _makes_classes(module, cls) or _is_alone(module, cls)):
            yield from _of_class(inquiry, module, cls)
    if module.language == "python":
        for function in module.functions:
            yield from _of_defaults(inquiry, function)
    else:
        yield from _through_constructor(module)


def _through_constructor(module: Module) -> Iterator[Match]:
    """Find what is put into the one list of a base class through the class of whatever is at hand."""
    shared = {
        field.name: cls
        for cls in module.classes
        if cls.kind == "class"
        for field in cls.fields[:_MOST]
        if field.static and _collection(field.value)
    }
    if not shared or {"hasOwn", "hasOwnProperty", "getOwnPropertyDescriptor"} & module.identifiers:
        return
    for call in module.calls(("push", "add", "set", "unshift")):
        held = strip(call.receiver) if call.receiver is not None else None
        if not isinstance(held, Member) or held.name not in shared:
            continue
        holder = module.scopes.origin(held.object)
        if isinstance(holder, Member) and holder.name == "constructor":
            yield Match(
                call,
                f"'{held.name}' is the one collection of '{shared[held.name].name}': a class that has none of its own "
                "puts its entries into that of all the others.",
            )


def _describes(cls: Class) -> bool:
    return any(
        one.module.text_of(base).split("[")[0].rsplit(".", 1)[-1] in _COPYING
        for one in lineage(cls)
        for base in one.bases
    )


def _makes_classes(module: Module, cls: Class) -> bool:
    """Tell whether a class is one of classes, whose methods have a class for their object."""
    return any(module.text_of(base) in ("type", "ABCMeta", "abc.ABCMeta", "EnumMeta") for base in cls.bases)


def _is_alone(module: Module, cls: Class) -> bool:
    """Tell whether the file makes the one object of a class of its own: ``shown = _ShownHook()`` at its top level."""
    if not cls.name.startswith("_") or any(cls.name in names_in(other.bases) for other in module.classes):
        return False
    made = list(module.calls((cls.name,)))
    return len(made) == 1 and function_of(made[0]) is None


def _enters_itself(node: Node) -> bool:
    """Tell whether an object enters itself, as descriptors do: ``self.registry[name] = self``."""
    value = node.value if isinstance(node, Assign) else node.args[-1] if isinstance(node, Call) and node.args else None
    held = strip(value) if value is not None else None
    return isinstance(held, Name) and held.id in ("self", "this")


def _of_class(inquiry: Inquiry, module: Module, cls: Class) -> Iterator[Match]:
    own = _given_at_start(module, cls)
    for field in cls.fields[:_MOST]:
        if (
            not of_the_class(cls, field)
            or not _gives_collection(module, field.value)
            or field.name.isupper()
            or field.name in own
            or "Task" in field.type  # asyncio wants somebody to hold its tasks, whoever began them
        ):
            continue
        meant = field.type.startswith(("ClassVar", "typing.ClassVar"))
        if meant and not _is_of_one(cls):
            continue  # whoever declares it so means one for all
        given = is_given(inquiry, cls) and set(spelled(field.name)).isdisjoint(CACHES)
        for node in _changes(cls, field, through_class=inquiry.subject.kind == "plugin" or given):
            if _says_which(module, node) or _enters_itself(node) or _is_of_its_key(field, node):
                continue
            through = module.language != "python" and not any(p.at is cls for p in plugin_definitions(module))
            yield Match(
                field,
                f"'{field.name}' belongs to the class '{cls.name}': what one instance puts in, all the others find, "
                "those of other plugins and tenants included.",
                related=((node, "changed here"),),
                # Who writes the class's name before it means the one that all share.
                confidence=Confidence.POSSIBLE
                if (through or not is_this_member(changed_root(node)) or begun_anew(cls, field))
                and not (given and field.static)
                else None,
            )
            break
        else:
            if given and module.language == "python" and _open(field) and not _declares(cls):
                yield Match(
                    field,
                    f"'{field.name}' belongs to the class '{cls.name}', whose objects plugins are given: what one of "
                    "them puts in, all the others find.",
                )


def _given_at_start(module: Module, cls: Class) -> set[str]:
    """Return the fields that each object is given before anything is done with it.

    What only a later method gives (``restore_state``) is the class's own until then. A Python method that begins the
    work of an object counts like its making, and so does what these call.
    """
    fields = module.scopes.fields(cls)
    if module.language != "python":
        return set(fields)
    waiting = [one for one in cls.methods if one.name in _MAKING or is_starter(one.name) or _prepares(one.name)]
    reached: list[Function] = []
    while waiting:
        method = waiting.pop()
        reached.append(method)
        for call in calls_in(method.body):
            helper = cls.method(call.name) if is_this_member(call.callee) else None
            if helper is not None and helper not in reached and helper not in waiting:
                waiting.append(helper)
    if not any(one.name in _MAKING for one in cls.methods) and cls.bases:
        return set(fields)  # a base may call any of them
    return {
        name
        for name, assigns in fields.items()
        if any(function_of(one) is method for one in assigns for method in reached)
    }


def _prepares(name: str) -> bool:
    """Tell whether a method is one by which a host readies an object before anything is asked of it."""
    said = spelled(name)
    return said[:1] == ("post",) and bool({"config", "init", "load", "setup"} & set(said))


def _says_which(module: Module, node: Node) -> bool:
    """Tell whether an entry is put under a key of the very object: ``Desk.notes.set(`${this.ward}/${name}`, text)``."""
    target = node.targets[0] if isinstance(node, Delete) and node.targets else getattr(node, "target", None)
    place = strip(target) if isinstance(target, Expr) else None
    key = place.key if isinstance(place, Index) else None
    if isinstance(node, Call) and node.name in ("set", "setdefault", "delete", "pop") and node.args:
        key = node.args[0]
    return key is not None and any(feed.root == "this" for feed in feeds(module, key))


def _is_of_its_key(field: Field, node: Node) -> bool:
    """Tell whether what a cache keeps is made of its key alone, whoever asks: ``self.token_cache[text] = parse(text)``.

    The method is then told nothing but the key.
    """
    target = strip(node.target) if isinstance(node, Assign) else None
    key = strip(target.key) if isinstance(target, Index) and target.key is not None else None
    function = function_of(node)
    if function is None or not isinstance(key, Name) or set(spelled(field.name)).isdisjoint(CACHES):
        return False
    given = [param.name for param in function.params if param.name not in ("self", "this")]
    return given == [key.id] and not (TENANTS | PLUGINS | PRINCIPALS) & set(spelled(key.id))


def _open(field: Field) -> bool:
    """Tell whether whoever has an object may put something into the empty collection of its class."""
    value = strip(field.value) if field.value is not None else None
    empty = (
        not (value.entries or value.spreads)
        if isinstance(value, Object)
        else not list(value.children())
        if (isinstance(value, Array))
        else isinstance(value, Call) and not value.args
    )
    return empty and not field.name.startswith("_") and not field.type.startswith(_ONLY_READ)


def _declares(cls: Class) -> bool:
    """Tell whether a class in a class only says how the outer one is set up: ``class Meta:``, without methods."""
    return not cls.methods and class_of(cls) is not None


def _is_of_one(cls: Class) -> bool:
    """Tell whether an instance is made for one tenant, by what its constructor keeps: what it holds is not for all."""
    begin = cls.method("__init__")
    if begin is None:  # a dataclass
        return any(names_tenant(one.name) and one.type and one.value is None for one in cls.fields)
    return any(
        names_tenant(param.name)
        and any(isinstance(one.target, Member) and is_this_member(one.target) for one in _kept(begin, param.name))
        for param in begin.params
    )


def _kept(begin: Function, name: str) -> Iterator[Assign]:
    """Yield where a constructor keeps a parameter as it is."""
    for one in walk(begin.body):
        if isinstance(one, Assign) and isinstance(one.value, Name) and one.value.id == name:
            yield one


def _changes(cls: Class, field: Field, *, through_class: bool) -> Iterator[Node]:
    for method in cls.methods:
        if cls.module.language == "python" and _of_the_class(method):
            continue
        for node in walk(method.body):
            target = changed_root(node)
            if target is None or (isinstance(node, Assign) and node.target is target):
                continue
            if is_this_member(target) and target.name == field.name:
                if cls.module.language == "python" and not is_own_by_then(cls, method, field, node):
                    yield node
            elif (
                through_class
                and isinstance(target, Member)
                and target.name == field.name
                and _names(target.object, cls)
            ):
                yield node


def _of_the_class(method: Function) -> bool:
    return (
        method.static
        or method.name in ("__init_subclass__", "__class_getitem__", "__new__")
        or any(isinstance(d, Name) and d.id in ("classmethod", "staticmethod") for d in method.decorators)
    )


def _names(expr: Expr, cls: Class) -> bool:
    return isinstance(expr, Name) and expr.id == cls.name and bool(cls.name)


def _collection(value: Expr | None) -> bool:
    value = strip(value) if value is not None else None
    if isinstance(value, Object | Comprehension) or (isinstance(value, Array) and value.kind != "tuple"):
        return True
    if not isinstance(value, Call):
        return False
    if isinstance(value.callee, Name) and value.callee.id in _MAKERS:
        return True
    return value.name in _MAKERS and _module_of(value) == "collections"


def _module_of(call: Call) -> str:
    return call.receiver.id if isinstance(call.receiver, Name) else ""


def _gives_collection(module: Module, value: Expr | None) -> bool:
    """Tell whether a value is a collection, or a call of a function of the subject that only makes one."""
    if _collection(value):
        return True
    target = callee(module, value) if isinstance(value, Call) else None
    answers = list(returns_of(target)) if target is not None and target.kind != "constructor" else []
    return len(answers) == 1 and _collection(answers[0].value)


def _of_defaults(inquiry: Inquiry, function: Function) -> Iterator[Match]:
    for param in function.params:
        if param.default is None or not _collection(param.default) or param.type.startswith(_ONLY_READ):
            continue
        if _kept_or_changed(function, param):
            yield Match(
                param.default,
                f"The default of '{param.name}' is made once: all calls of '{function.name or 'this function'}' that "
                "leave it out share one collection.",
                confidence=Confidence.POSSIBLE if _kept_and_only_read(inquiry, function, param) else None,
            )


def _kept_and_only_read(inquiry: Inquiry, function: Function, param: Param) -> bool:
    """Tell whether a default is only kept in a field that no method of the class changes nor gives out.

    A plugin that is given the object may change what is open there.
    """
    held = {
        node.target.name
        for node in walk(function.body)
        if isinstance(node, Assign)
        and is_this_member(node.target)
        and isinstance(value := strip(node.value) if node.value is not None else None, Name)
        and value.id == param.name
    }
    if not held or function.owner is None:
        return False
    if is_given(inquiry, function.owner) and any(not name.startswith("_") for name in held):
        return False
    for method in function.owner.methods:
        for node in walk(method.body):
            target = changed_root(node)
            whole = isinstance(node, Assign) and node.target is target
            if is_this_member(target) and target.name in held and not whole:
                return False
            if isinstance(node, Return) and is_this_member(node.value) and node.value.name in held:
                return False
            if isinstance(target, Name) and target.id == param.name and method is function and not whole:
                return False
    return True


def _kept_or_changed(function: Function, param: Param) -> bool:
    for node in walk(function.body):
        if (
            isinstance(node, Assign)
            and isinstance(node.target, Name)
            and node.target.id == param.name
            and node.op == "="
        ):
            return False
        target = changed_root(node)
        if (
            isinstance(target, Name)
            and target.id == param.name
            and not (isinstance(node, Assign) and node.target is target)
            and not (isinstance(node, Call) and node.name == "pop" and len(node.args) > 1)  # of what is empty
        ):
            return True
        if isinstance(node, Assign) and isinstance(node.target, Member | Index) and node.value is not None:
            value = strip(node.value)
            if isinstance(value, Name) and value.id == param.name:
                return True
        if isinstance(node, Return) and isinstance(node.value, Name) and node.value.id == param.name:
            return True
    return False
