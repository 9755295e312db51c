"""REG003: a method is called that neither the class nor its bases define."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.links import class_of_value
from reviewer.code.syntax import Call, Class, Expr, Index, Member, Name
from reviewer.code.walk import walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.members import derived, foreign_this, given_from_outside, members_of, own_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CALLED: Final = re.compile(rb"\b(?:this|self)\.([A-Za-z_$][\w$]*)\(")
_DEFINED: Final = re.compile(
    rb"^\s*(?:(?:static|readonly|public|private|protected|declare|override|accessor|get|set|async|def|\*)\s+)*"
    rb"([A-Za-z_$][\w$]*)\s*[?!]?\s*[=:;(<]"
    rb"|\b(?:this|self|cls)\.([A-Za-z_$][\w$]*)\s*(?:=(?!=)|\?\?=|:|,)"
    rb"|\b(?:public|private|protected|readonly)\s+([A-Za-z_$][\w$]*)",
    re.MULTILINE,
)


@module_check("REG003", words={"class"})
def method_never_defined(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look up every method that a class calls on itself, and on fields whose class is known."""
    if module.is_test:
        return
    seen: set[tuple[str, str]] = set()
    if _own_candidates(module) or _fields_of_known_classes(module):
        for call in module.all(Call):
            match = _missing(inquiry, module, call, seen)
            if match is not None:
                yield match


def _own_candidates(module: Module) -> bool:
    """Tell whether a method is called whose name the text seems not to define: a look before anything is resolved."""
    defined = {name for names in _DEFINED.findall(module.source) for name in names}
    return not defined.issuperset(_CALLED.findall(module.source))


def _fields_of_known_classes(module: Module) -> bool:
    """Tell whether the file makes objects of classes that the subject itself defines."""
    return any(i.source.startswith(".") and i.local[:1].isupper() and not i.type_only for i in module.imports)


def _missing(inquiry: Inquiry, module: Module, call: Call, seen: set[tuple[str, str]]) -> Match | None:
    callee = call.callee
    if not isinstance(callee, Member) or callee.optional or call.optional:
        return None
    own = isinstance(callee.object, Name) and callee.object.id == "this"
    cls = own_class(callee) if own else class_of_value(module, callee.object)
    if not isinstance(cls, Class) or cls.kind != "class" or callee.name.startswith("#"):
        return None
    if own and module.language == "python" and _is_class_method(call):
        return None
    members = members_of(cls)
    if members is None or callee.name in members or (cls.name, callee.name) in seen:
        return None
    if own and foreign_this(cls, members, callee):
        return None
    if _guarded(module, call, callee) or derived(inquiry, cls) or given_from_outside(inquiry, callee.name):
        return None
    seen.add((cls.name, callee.name))
    whose = f"'{cls.name}' has" if not cls.bases else f"neither '{cls.name}' nor its bases have"
    return Match(
        callee,
        f"'{callee.name}' is called, but {whose} {'no' if not cls.bases else 'a'} method of that name.",
        confidence=None if own or not _out_of_a_table(module, callee.object) else Confidence.POSSIBLE,
    )


def _out_of_a_table(module: Module, holder: Expr) -> bool:
    """Tell whether only the declaration of a table says what an object is; nothing holds people to it."""
    made = module.scopes.origin(holder)
    return isinstance(made, Index) or (isinstance(made, Call) and made.name in ("get", "pop", "setdefault"))


def _is_class_method(call: Call) -> bool:
    return any(isinstance(n, Name) and n.id == "cls" for n in walk(call.callee))


def _guarded(module: Module, call: Call, callee: Member) -> bool:
    """Tell whether the call is made only where the method was found to be there."""
    return any(callee.name in module.text_of(condition.test) for condition in conditions(call))
