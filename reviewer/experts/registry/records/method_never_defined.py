"""REG003: a method is called that neither the class nor its bases define."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.called_so import class_called_so
from reviewer.code.reach.handed import handed_class
from reviewer.code.reach.links import class_of_value, declared_type, lineage
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Call, Class, Expr, Index, Member, Name, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import walk
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.registry.members import derived, foreign_this, given_from_outside, members_of, own_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_CALLED: Final = regex(rb"\b(?:this|self)\.([A-Za-z_$][\w$]*)\(")
_COMMON: Final = frozenset(
    "get set add has delete remove clear on off once emit log info warn error debug open close run start stop find "
    "push pop size length name id keys values items update then catch bind call apply".split()
)
"""Members that objects of many kinds have: they say nothing of the class."""
_DEFINED: Final = regex(
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
    known = _own_candidates(module) or _imports_classes(module)
    if not known and not _uses_other_classes(module):
        return
    for call in module.all(Call):
        if known or call.name not in _defined_anywhere(inquiry):
            match = _missing(inquiry, module, call, seen)
            if match is not None:
                yield match


def _own_candidates(module: Module) -> bool:
    """Tell whether a method is called whose name the text seems not to define: a look before anything is resolved."""
    defined = {name for names in _DEFINED.findall(module.source) for name in names}
    return not defined.issuperset(_CALLED.findall(module.source))


def _imports_classes(module: Module) -> bool:
    """Tell whether the file makes objects of classes that the subject itself defines."""
    return any(i.source.startswith(".") and i.local[:1].isupper() and not i.type_only for i in module.imports)


def _uses_other_classes(module: Module) -> bool:
    """Tell whether the file may be handed objects of classes that the subject defines elsewhere."""
    return module.language != "typescript" and module.project is not None and bool(module.classes)


def _missing(inquiry: Inquiry, module: Module, call: Call, seen: set[tuple[str, str]]) -> Match | None:
    callee = call.callee
    if not isinstance(callee, Member) or callee.optional or call.optional:
        return None
    own = isinstance(callee.object, Name) and callee.object.id == "this"
    told = None if own else class_of_value(module, callee.object)
    cls = own_class(callee) if own else told or _handed_in(inquiry, module, callee)
    if not isinstance(cls, Class) or cls.kind != "class" or callee.name.startswith("#"):
        return None
    if own and module.language == "python" and (_is_class_method(call) or _is_no_object(module, callee)):
        return None
    members = members_of(cls)
    if members is None or callee.name in members or (cls.name, callee.name) in seen:
        return None
    if own and (foreign_this(cls, members, callee) or _comes_with_others(cls, callee.name)):
        return None
    if not own and _only_guessed(module, callee) and not _fits(module, callee, members):
        return None
    if not own and _is_filled_by_others(module, callee.object):
        return None
    if _guarded(module, call, callee) or derived(inquiry, cls) or given_from_outside(inquiry, callee.name):
        return None
    seen.add((cls.name, callee.name))
    guessed = not own and (
        _out_of_a_table(module, callee.object) or (told is None and _by_one_word(module, callee, cls))
    )
    whose = f"'{cls.name}' has" if not cls.bases else f"neither '{cls.name}' nor its bases have"
    return Match(
        callee,
        f"'{callee.name}' is called, but {whose} {'no' if not cls.bases else 'a'} method of that name.",
        confidence=Confidence.POSSIBLE if guessed else None,
    )


def _is_filled_by_others(module: Module, holder: Expr) -> bool:
    """Tell whether functions run with an object as their ``this``, which may put members on it: ``fill.call(host)``."""
    text = module.text_of(holder)
    return any(call.args and module.text_of(call.args[0]) == text for call in module.calls(("call", "apply")))


def _by_one_word(module: Module, callee: Member, cls: Class) -> bool:
    """Tell whether an object only goes by the one word that a class has for a name: others have a ``Url``, too."""
    return len(words(cls.name)) == 1 and handed_class(module, strip(callee.object)) is None


def _only_guessed(module: Module, callee: Member) -> bool:
    """Tell whether nothing but what is asked of an object says what it is: a parameter without a type."""
    made = module.scopes.origin(callee.object)
    return isinstance(made, Param) and not made.type and handed_class(module, strip(callee.object)) is None


def _fits(module: Module, callee: Member, members: set[str]) -> bool:
    """Tell whether a class has all else that is asked of an object, and nobody asks whether it is something else."""
    used = _used(module).get(module.text_of(callee.object), set()) - {callee.name} - _COMMON
    asked = (one.args[0] for one in module.calls(("isinstance",)) if one.args)
    text = module.text_of(callee.object)
    return bool(used) and used <= members and not any(module.text_of(one) == text for one in asked)


def _comes_with_others(cls: Class, name: str) -> bool:
    """Tell whether a class is there for others to build on, or the text of a base in another file spells the method."""
    if words(cls.name)[-1:] in (("mixin",), ("mixins",)) or {"abstract", "base"} & set(words(cls.name)):
        return True
    sources = [one.module.source for one in lineage(cls) if one.module is not cls.module]
    return any(name.encode() in names for source in sources for names in _DEFINED.findall(source))


def _handed_in(inquiry: Inquiry, module: Module, callee: Member) -> Class | None:
    """Return the class of what was handed in: by the places that do, else by its name and what else is used of it."""
    holder = strip(callee.object)
    if not (is_this_member(holder) or isinstance(holder, Name)) or callee.name in _defined_anywhere(inquiry):
        return None
    if declared_type(module, holder):
        return None
    made = handed_class(module, holder)
    if made is not None:
        return made
    cls = class_called_so(module, holder, short=True)
    members = members_of(cls) if cls is not None else None
    return cls if members is not None and _fits(module, callee, members) else None


def _defined_anywhere(inquiry: Inquiry) -> set[str]:
    """Return every name that some file of the subject seems to define, by the text alone."""
    kept = inquiry.memory.get("registry.defined_anywhere")
    if not isinstance(kept, set):
        texts = inquiry.project.texts()
        found = {name for _path, text in texts for names in _DEFINED.findall(text) for name in names}
        kept = inquiry.memory["registry.defined_anywhere"] = {name.decode("utf-8", "replace") for name in found}
    return kept


def _used(module: Module) -> dict[str, set[str]]:
    """Return which members a module takes of each name and field."""
    return module.once("registry.used_members", lambda: _collect(module))


def _collect(module: Module) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for member in module.all(Member):
        if isinstance(member.object, Name) or is_this_member(member.object):
            found.setdefault(module.text_of(member.object), set()).add(member.name)
    return found


def _out_of_a_table(module: Module, holder: Expr) -> bool:
    """Tell whether only the declaration of a table says what an object is; nothing holds people to it."""
    made = module.scopes.origin(holder)
    return isinstance(made, Index) or (isinstance(made, Call) and made.name in ("get", "pop", "setdefault"))


def _is_no_object(module: Module, callee: Member) -> bool:
    """Tell whether the first parameter of a function in a class is called as no object is: ``def of(key): …``."""
    return "self" not in module.text_of(callee.object).lower().replace("this", "self")


def _is_class_method(call: Call) -> bool:
    return any(isinstance(n, Name) and n.id == "cls" for n in walk(call.callee))


def _guarded(module: Module, call: Call, callee: Member) -> bool:
    """Tell whether the call is made only where the method was found to be there."""
    return any(callee.name in module.text_of(condition.test) for condition in conditions(call))
