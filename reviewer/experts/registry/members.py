"""What a class has: its members, however they come into being, and what is asked of them."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import use_of
from reviewer.code.reach.links import base_of, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Cast,
    Class,
    Expr,
    Field,
    Function,
    Handler,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, walk
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_EMITTER: Final = frozenset(
    "on once off emit addListener removeListener removeAllListeners prependListener prependOnceListener "
    "listeners rawListeners listenerCount eventNames setMaxListeners getMaxListeners".split()
)
_TARGET: Final = frozenset("addEventListener removeEventListener dispatchEvent".split())
_ERROR: Final = frozenset("name message stack cause code toString args with_traceback add_note errno".split())
_OBJECT: Final = frozenset(
    "constructor toString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString __proto__".split()
)
_BASES: Final[dict[str, frozenset[str]]] = {
    "events.EventEmitter": _EMITTER,
    "events": _EMITTER,
    "EventEmitter": _EMITTER,
    "EventTarget": _TARGET,
    "Error": _ERROR,
    "TypeError": _ERROR,
    "RangeError": _ERROR,
    "Exception": _ERROR,
    "ValueError": _ERROR,
    "RuntimeError": _ERROR,
    "object": frozenset(),
    "Object": frozenset(),
    "abc.ABC": frozenset(),
    "typing.Generic": frozenset(),
    "typing.Protocol": frozenset(),
    "typing.NamedTuple": frozenset({"_asdict", "_replace", "_make", "_fields", "_field_defaults", "count", "index"}),
}
"""Bases from outside whose members are known."""
_DYNAMIC: Final = regex(
    rb"Object\.assign\(\s*this\b|Object\.defineProper(?:ty|ties)\(\s*this\b|Reflect\.\w+\(\s*this\b|this\[|new Proxy\("
    rb"|__getattr__|__getattribute__|__dict__|\bsetattr\(|\.update\(self|vars\(self|\.prototype\b(?!\.[\w$]{1,60}\s{0,9}=(?!=))"
)
"""Spellings that give a class members which can't be seen."""
_ASSIGNED: Final = regex(rb"\.([\w$]+)\s*(?:=(?![=>])|\?\?=|\|\|=|:[^=\n]{1,80}=)|[\"']([\w$]+)[\"']")
_TOLD: Final = regex(rb"(?<![\w$])([\w$]{1,60})\(\s{0,40}([\"'])([\w$]{1,60})\2\s{0,4}[,)]")
"""A text that is the first thing which a function is given."""
_NAMED: Final = frozenset(
    "set define add assign attr attribute prop property field provide inject decorate expose extend install register "
    "defer stub spy lazy bind memoize observe computed watch delegate".split()
)
"""Words of functions whose first text may be the name of a member."""
_BUILT_ON: Final = regex(rb"\bextends\s{1,20}(?:([\w$]+)\.)?([\w$]+)|\bclass\s{1,20}\w+\(([^)]{0,400})")
_WORD: Final = regex(rb"[\w$]+")
_OF_FILE: Final = regex(rb"(?:_[jt]s)?_\d+$")
"""What a compiler puts behind the name of a file that is imported."""
_REMEMBERED: Final = 4_096
"""Names of functions of which it is remembered what their first text may be."""


_MIXES: Final = frozenset("mixin mixins mix add apply extend extends inherits assign augment methods promisify".split())
"""Words of a call that gives a class more members."""
_CREATES: Final = ("=", ":=", "??=", "||=")
"""Assignments after which a member is there; ``+=`` needs one that was."""


def own_class(expr: Expr) -> Class | None:
    """Return the class whose instance ``this`` is at an expression; None where that is another object."""
    for around in ancestors(expr):
        if isinstance(around, Class):
            return around
        if isinstance(around, Function):
            if around.owner is not None:
                return around.owner
            if around.kind != "arrow" and around.module.language != "python":
                return None
    return None


def members_of(cls: Class) -> set[str] | None:
    """Return the names of all members of a class and its bases, or None where not all can be known.

    Of a descriptor nothing is known: who takes it of an object gets what its ``__get__`` answers.
    """
    kept = cls.module.memory.setdefault("registry.members", {})
    if not isinstance(kept, dict):
        return None
    if id(cls) not in kept:
        kept[id(cls)] = _members_of(cls)
    known: set[str] | None = kept[id(cls)]
    return known


def _members_of(cls: Class) -> set[str] | None:
    found: set[str] = set(_OBJECT)
    for owner in lineage(cls):
        if _DYNAMIC.search(owner.module.source) or _mixed_into(owner):
            return None
        for base in owner.bases:
            known_here = base_of(owner.module, base)
            if known_here is owner:
                return None  # a library of the file's own name: ``from magic import Magic as _Magic`` in magic.py
            if not isinstance(known_here, Class):
                known = _members_outside(owner.module, base)
                if known is None:
                    return None
                found |= known
        if owner is not cls and any(isinstance(around, Handler | If) for around in ancestors(owner)):
            return None  # a stand-in for a base that may be there: ``except ImportError: class QWidget: pass``
        if owner.kind != "class" or _decorated(owner) or _merged(owner) or owner.method("__get__") is not None:
            return None
        found |= _own(owner)
    return found


def _members_outside(module: Module, base: Expr) -> frozenset[str] | None:
    """Return the members of a base from outside, None for one of which nothing is known."""
    return _BASES.get(module.resolve(base.object if isinstance(base, Index) else base).split("[")[0])


def knows_what_bases_do(cls: Class) -> bool:
    """Tell whether every base of a class is of the subject, or one from outside that knows nothing of what it holds."""
    return all(
        isinstance(base_of(one.module, base), Class) or _members_outside(one.module, base) is not None
        for one in lineage(cls)
        for base in one.bases
    )


def _mixed_into(cls: Class) -> bool:
    """Tell whether a call is handed the class to add members to it: ``addLogMethods(Mailer)``."""
    return any(
        set(words(call.name)) & _MIXES and any(isinstance(given, Name) and given.id == cls.name for given in call.args)
        for call in cls.module.all(Call)
    )


def _decorated(cls: Class) -> bool:
    """Tell whether a decorator may add members."""
    return any(not cls.module.resolve(d).replace("()", "").startswith("dataclasses.dataclass") for d in cls.decorators)


def _merged(cls: Class) -> bool:
    """Tell whether an interface of the same name adds members in TypeScript."""
    bound = cls.module.scopes.table(None).get(cls.name, ())
    return any(isinstance(b, Class) and b is not cls for b in bound)


def _slots(cls: Class) -> set[str]:
    """Return the names that ``__slots__`` makes room for."""
    listed = next((field.value for field in cls.fields if field.name == "__slots__"), None)
    return {str(text.value) for text in find(listed, Literal)} if listed is not None else set()


def _own(cls: Class) -> set[str]:
    found = {method.name for method in cls.methods} | {field.name for field in cls.fields if not _only_declared(field)}
    found |= _written_methods(cls)
    for node in nodes_of(cls):
        if isinstance(node, Assign) and node.op in _CREATES and _is_given(node):
            target = strip(node.target)
            if isinstance(target, Member) and isinstance(target.object, Name):
                found.add(target.name)
        elif isinstance(node, Class | Function) and node.parent is cls:
            found.add(node.name)
    if cls.module.language == "python":
        found |= _PYTHON_MEMBERS | _slots(cls)
        found |= {name.id for rest in cls.rest for name in find(rest, Name)}
        found |= {one.name for rest in cls.rest for one in find(rest, Function)}  # if ON_WINDOWS: def kill(…)
    return found


def _written_methods(cls: Class) -> set[str]:
    """Return the methods as they are written: one that does the work of another stands in the tree under that name."""
    body = cls.raw.child_by_field_name("body")
    parts = [one for one in body.named_children if one.type == "method_definition"] if body is not None else []
    named = [part.child_by_field_name("name") for part in parts]
    return {cls.module.text(one) for one in named if one is not None}


def _is_given(made: Assign) -> bool:
    """Tell whether an assignment gives a value: ``self.words: dict[str, str]`` only says of which type it would be."""
    return made.value is not None or not made.type or not isinstance(made.target, Member)


def nodes_of(cls: Class) -> Iterator[Node]:
    """Yield what stands in a class, and in the methods that a prototype is given elsewhere in the file."""
    yield from walk(cls)
    for method in cls.methods:
        if not cls.start <= method.start < cls.stop:
            yield from walk(method)


def _only_declared(field: Field) -> bool:
    """Tell whether a private field has a type and no value: ``private byTag!: Map<…>`` makes nothing."""
    if field.value is not None or field.optional or field.static or not isinstance(field.parent, Class):
        return False
    text = field.parent.module.text_of(field)
    kept = field.private or field.name.startswith("_") or text.startswith("protected")
    if field.parent.decorators or not kept or _MAY_LACK.search(field.type):
        return False
    return not text.startswith(("@", "declare", "abstract")) and "@" not in text.split(field.name)[0]


def declared(cls: Class, name: str) -> Field | None:
    """Return the line that declares a field of a class without giving it a value."""
    return next((field for field in cls.fields if field.name == name and field.value is None), None)


def never_given(cls: Class) -> set[str]:
    """Return the private fields of a class that may be without a value by their types, and are never given any."""
    lacking = {
        field.name
        for field in cls.fields
        if field.value is None
        and (field.private or field.name.startswith("_"))
        and not field.static
        and (field.optional or _MAY_LACK.search(field.type))
        and "@" not in cls.module.text_of(field).split(field.name)[0]
    }
    given = {strip(one.target) for one in find(cls, Assign)} if lacking else set()
    return lacking - {one.name for one in given if isinstance(one, Member)}


_MAY_LACK: Final = regex(r"\b(?:undefined|null|None|Optional|any|ClassVar)\b")
"""Types of fields that may be without a value."""


_PYTHON_MEMBERS: Final = frozenset(
    name for kind in (object, type) for name in dir(kind)
) | {"__dict__", "__class__", "__annotations__", "__qualname__", "mro"}  # fmt: skip


def given_from_outside(inquiry: Inquiry, name: str) -> bool:
    """Tell whether some file of the subject assigns a member of this name, or names it in a text."""
    return name.encode() in _outside(inquiry)[0]


def derived(inquiry: Inquiry, cls: Class) -> bool:
    """Tell whether another class of the subject may build on this one and supply what it lacks."""
    return not cls.name or cls.name.encode() in _outside(inquiry)[1]


def _outside(inquiry: Inquiry) -> tuple[set[bytes], set[bytes]]:
    """Return the names that are assigned as members or stand in texts, and those that classes build on.

    Worked out once for a subject: asked name by name, the whole text would be searched for each.
    """
    kept = inquiry.memory.get("registry.members")
    if isinstance(kept, tuple):
        return kept
    given: set[bytes] = set()
    bases: set[bytes] = set()
    for _path, text in inquiry.project.texts():
        given |= _given(text)
        for holder, extended, listed in _BUILT_ON.findall(text):
            bases.update((extended,) if extended else _WORD.findall(listed))
            if extended == b"default":
                bases.update(_named_for_file(holder))
    inquiry.memory["registry.members"] = (given, bases)
    return given, bases


def _named_for_file(holder: bytes) -> tuple[bytes, ...]:
    """Return what the class may be called that a compiled file gives by default: ``Detector_js_1.default``."""
    stem = _OF_FILE.sub(b"", holder)
    return stem, b"".join(part[:1].upper() + part[1:] for part in stem.split(b"_"))


def _given(text: bytes) -> set[bytes]:
    """Return the names that a text assigns as members or holds as texts.

    Left out are those that functions are only told: ``this.tell("retired", key)`` names no member.
    """
    assigned = _ASSIGNED.findall(text)
    quoted = Counter(second for _first, second in assigned if second)
    told = Counter(name for function, _quote, name in _TOLD.findall(text) if not _may_name(function))
    return {first for first, _second in assigned if first} | {name for name in quoted if quoted[name] > told[name]}


@lru_cache(_REMEMBERED)
def _may_name(function: bytes) -> bool:
    """Tell whether the first text that a function is given may be the name of a member."""
    return not _NAMED.isdisjoint(words(function.decode()))


def foreign_this(cls: Class, members: set[str], use: Member) -> bool:
    """Tell whether the function around a use seems to run on another object: it uses several unknown members."""
    function = function_of(use)
    while function is not None and function.owner is not cls:
        function = function.outer
    if function is None:
        return True
    if any(param.name == "this" for param in function.params):
        return True
    unknown = {m.name for m in find(function, Member) if is_this_member(m) and m.name not in members}
    return len(unknown) > 1


def optional_use(member: Member) -> bool:
    """Tell whether a member is looked at with the thought that it may not be there.

    Of ``slot.effect.dispose?.()`` that is ``dispose``, and not ``effect``.
    """
    inner: Node = member
    for around in ancestors(member):
        if isinstance(around, Member | Index) and around.object is inner:
            return around.optional
        if isinstance(around, Call) and around.callee is inner:
            return around.optional
        if not isinstance(around, Cast):
            return False
        inner = around
    return False


def member_uses(cls: Class) -> Iterator[Member]:
    """Yield every ``this.x`` of a class that means its own instance."""
    for node in nodes_of(cls):
        if (
            isinstance(node, Member)
            and isinstance(node.object, Name)
            and node.object.id == "this"
            and own_class(node) is cls
        ):
            yield node


def tested(cls: Class, name: str) -> bool:
    """Tell whether a class asks somewhere whether its own member is there."""
    return any(use.name == name and _asks_whether_there(use) for use in member_uses(cls))


def _asks_whether_there(use: Member) -> bool:
    """Tell whether a test is about a member itself; what is looked up in it, or compared with it, has to be there."""
    seen = use_of(use)
    if seen.how != "tested" or not isinstance(seen.by, Binary) or seen.by.op in ("and", "or", "??"):
        return seen.how == "tested"
    return seen.by.op in ("==", "!=", "instanceof")
