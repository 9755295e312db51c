"""API361: an object is given away under a type that knows fewer members than it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.function_types import result_of
from reviewer.code.reach.links import class_of_value, declared_member, lineage, named_type
from reviewer.code.reach.written_types import unwrapped
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Cast,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.data.messages import short
from reviewer.experts.paths import surroundings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CHANGES: Final = word_set(
    "set put write delete remove update edit insert create add append clear save move rename replace grant revoke "
    "publish send execute run open close start stop archive reset vent install uninstall merge push drop"
)
"""First words of a member that does something."""
_SEALS: Final = frozenset({"freeze", "seal", "preventExtensions", "resolve"})
_MOST_NAMES: Final = 4
"""Names of one value that are followed from one to the next."""
_CUT: Final = regex(r"(Pick|Omit)<([\w.]+), *([^<>]+)>")
_NOTHING: Final = frozenset({"void", "Promise<void>"})
_HANDS_OVER: Final = PLAIN_GUEST | word_set(
    "context port facade api port ports handle gateway capability capabilities view views reader readonly "
    "connect expose services host bridge scope scoped attenuate narrow restrict"
)
"""Words of what hands objects to plugins."""


@module_check("API361")
def narrower_type(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare what functions of a host give, and what they put into records, with the types that these are given as."""
    if module.is_test or module.language == "javascript":
        return
    for function in module.functions:
        if not function.returns or not _hands_over(function):
            continue
        for answer in find(function.body, Return, into_functions=False):
            if answer.value is not None:
                yield from _judged(module, function.returns, module, answer.value)
    for made in module.all(Object):
        around = function_of(made)
        record = _record_type(module, made) if around is not None and _hands_over(around) else None
        if record is None:
            continue
        for key, value in made.entries:
            promised = _promised_member(record, str(key.value)) if isinstance(key, Literal) else ""
            if promised:
                yield from _judged(record.module, promised, module, value)


def _judged(home: Module, promised: str, module: Module, value: Expr) -> Iterator[Match]:
    """Speak where a value, or what a function without a type of its own answers, is wider than it is promised to be."""
    made = strip(value)
    if isinstance(made, Function):
        for answer in find(made.body, Return, into_functions=False) if not made.returns else ():
            if answer.value is not None:
                yield from _judged(home, promised, module, answer.value)
        return
    cut = _part_of(home, promised)
    face = named_type(home, promised) if cut is None else None
    if cut is None and (face is None or face.kind not in ("interface", "type")):
        return
    given = _source(module, made)
    held = class_of_value(module, given) if isinstance(given, Name | Member) else None
    if held is not None:
        extra = cut.beyond(held) if cut is not None else _beyond(held, face) if face is not None else ""
        if extra:
            yield _match(module, made, face.name if face is not None else unwrapped(promised), held, extra)


class _Part(Struct, frozen=True):
    """A type that is a part of another: ``Pick<Control, "read">``, ``Omit<Control, "write">``."""

    whole: Class
    names: frozenset[str]
    picked: bool

    def beyond(self, held: Class) -> str:
        """Return a member that changes something, which the part leaves out and an object of the whole has."""
        if self.whole not in lineage(held):
            return ""
        left = (one for one in _changing(held) if (one in self.names) is not self.picked)
        return next(left, "")


def _part_of(module: Module, annotation: str) -> _Part | None:
    """Return the part of another type that an annotation stands for, by itself or through an alias; else None."""
    text = unwrapped(annotation.strip())
    found = _CUT.fullmatch(text) or _CUT.fullmatch(alias_text(module, text))
    whole = named_type(module, found[2]) if found else None
    if found is None or whole is None:
        return None
    return _Part(whole, frozenset(one.strip(" '\"") for one in found[3].split("|")), picked=found[1] == "Pick")


def _source(module: Module, given: Expr) -> Expr:
    """Return what a variable is another name of, whatever type it has: ``const reader: Reader = control``."""
    for _ in range(_MOST_NAMES):
        bound = module.scopes.lookup(given.id, given) if isinstance(given, Name) else []
        only = bound[0] if len(bound) == 1 else None
        value = strip(only.value) if isinstance(only, Assign) and only.value is not None else None
        if not isinstance(value, Name | Member) or not isinstance(only, Assign) or not only.type:
            break
        given = value
    return given


def _record_type(module: Module, made: Object) -> Class | None:
    """Return the interface of the record that an object is made as: of a variable with a type, or of an answer."""
    outer: Node | None = made.parent
    while isinstance(outer, Cast | Await) or (isinstance(outer, Call) and outer.name in _SEALS):
        outer = outer.parent
    typed = ""
    if isinstance(outer, Assign):
        typed = outer.type
    elif isinstance(outer, Return):
        function = function_of(outer)
        typed = function.returns if function is not None else ""
    found = named_type(module, typed) if typed else None
    return found if found is not None and found.kind in ("interface", "type") else None


def _promised_member(record: Class, name: str) -> str:
    """Return the type under which a member of a record is given, or that of what it answers."""
    method = declared_member(record, name)
    if method is not None:
        return method.returns
    for owner in lineage(record):
        for field in owner.fields:
            if field.name == name:
                return result_of(owner.module, field.type) or field.type
    return ""


def _match(module: Module, given: Expr, promised: str, held: Class, extra: str) -> Match:
    return Match(
        given,
        f"'{short(module.text_of(given))}' is a '{held.name}', and '{short(promised)}' is only its name here: "
        f"'{extra}' can be called on it, too.",
        related=((held, f"'{held.name}' is declared here"),) if held.module is module else (),
    )


def _hands_over(function: Function) -> bool:
    """Tell whether a function hands something to plugins: by its names, or those around it."""
    said = surroundings(function)
    for around in ancestors(function):
        if isinstance(around, Function):
            said |= set(words(around.name)) | set(words(around.returns))
    return bool(said & _HANDS_OVER)


def _beyond(held: Class, promised: Class) -> str:
    """Return a member that changes something, which an object has and the type that it is given under has not."""
    declared = held is not promised and promised in lineage(held)
    if held is promised or not (declared or (held.kind == "class" and _fits(held, promised))):
        return ""
    return next((one for one in _changing(held, promised) if declared_member(promised, one) is None), "")


def _changing(held: Class, above: Class | None = None) -> Iterator[str]:
    """Yield the members that change something, of a class and of its bases up to one of them."""
    for owner in lineage(held):
        if owner is above:
            break
        for method in owner.methods:
            if method.kind == "method" and not method.private and not method.static:
                does = method.returns.replace(" ", "") in _NOTHING  # what gives nothing is called for what it does
                if does or set(words(method.name)[:1]) & _CHANGES:
                    yield method.name


def _fits(held: Class, promised: Class) -> bool:
    """Tell whether a class has every method of a type, without saying that it implements it."""
    methods = [method.name for method in promised.methods]
    return bool(methods) and all(declared_member(held, name) is not None for name in methods)
