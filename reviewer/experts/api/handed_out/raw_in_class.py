"""API101: an object that the host makes and hands to each plugin shows the host's own database, server or process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import class_of_value
from reviewer.code.syntax import Call, Class, Name, strip
from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.api.handed_out.raw_resource import is_told_by_name, members
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.raw_resources import RAW, raw_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_STARTS: Final = word_set(
    "start activate enter begin open boot init initialize initialise setup mount attach install load launch enable "
    "wake join move run connect register"
)
"""First words of the method by which a host begins with somebody."""
_DATA: Final = word_set("repository store dao manager pool connection database db migration session model")
"""Last words of a class that is itself the host's way to its data, and no view of it for somebody."""
_TYPE: Final = regex(r"\b([A-Z]\w{2,60})")


@module_check("API101", words={word for source in RAW for word in words(source)})
def raw_in_class(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each class that others are handed as they begin for what it shows everybody of itself."""
    if module.is_test:
        return
    imported = {one.local: one for one in module.imports if one.source in RAW}
    for cls in module.classes if imported else ():
        if cls.kind != "class" or is_told_by_name(module, cls) or _DATA & set(words(cls.name)[-1:]):
            continue
        shown = [(at, name, raw) for at, name, kind in members(module, cls) if (raw := raw_type(kind, imported))]
        if shown and _is_handed(inquiry, cls.name):
            for at, name, raw in shown:
                yield Match(
                    at,
                    f"'{name}' of '{cls.name}', which each one gets as it begins, is {raw} itself: whatever it "
                    "reaches, all of them reach, past every permission.",
                )


def _is_handed(inquiry: Inquiry, name: str) -> bool:
    """Tell whether an object of a class is what somebody whose code the host does not have is begun with."""
    asked = f"api.handed at the start {name}"
    return any(inquiry.project.answers(asked, lambda other: _hands(other, name), naming={name}, tests=False))


def _hands(module: Module, name: str) -> bool:
    for cls in module.classes:
        if cls.kind == "class" and not {"Protocol", "ABC"} & {getattr(strip(base), "id", "") for base in cls.bases}:
            continue
        for method in cls.methods:
            if _STARTS & set(words(method.name)[:1]) and any(name in _TYPE.findall(p.type) for p in method.params):
                return True
    for call in module.calls((name,)):
        around = call.parent
        if not isinstance(around, Call) or call not in around.args or not _STARTS & set(words(around.name)[:1]):
            continue
        if isinstance(around.receiver, Name) and not isinstance(class_of_value(module, around.receiver), Class):
            return True
    return False
