"""Functions that a host is handed, and that give it the running code of a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter
from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import Call, Function, Member, Name
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from reviewer.code.module import Module

_ALIAS: Final = regex(rb"\btype\s+(\w{1,60})\s*=\s*([^;\n]{1,300});?")
"""A name that is given to a type."""
_BRINGS: Final = frozenset({"load", "import", "require", "instantiate", "bring"})
"""First words of functions that bring the code of what they are given."""
_DATA: Final = frozenset("json csv yaml toml xml text data settings config state manifest manifests file files".split())


def gives_guest(module: Module, call: Call) -> bool:
    """Tell whether a call is of a function that was handed in, and that gives a plugin itself: ``this.importer(card)``.

    It is known by its name, or by what its type says that it gives: something with a method that starts it.
    """
    if not call.args or not isinstance(call.callee, Name | Member) or isinstance(call.receiver, Call):
        return False
    held = call.callee
    if isinstance(held, Member) and not (isinstance(held.object, Name) and held.object.id in ("this", "self")):
        return False
    name = set(words(call.name))
    if name & _DATA or isinstance(module.scopes.origin(held), Function):
        return False
    if "importer" in name or (words(call.name)[:1] and words(call.name)[0] in _BRINGS and name & PLAIN_GUESTS):
        return True
    return _is_guest(module, _given(module, declared_type(module, held)))


def _given(module: Module, declared: str) -> str:
    """Return what a function of a type gives, by the type or by the one that it is a name for."""
    if "=>" not in declared and declared:
        aliases = {hit[1].decode(): hit[2].decode("utf-8", "replace") for hit in _ALIAS.finditer(module.source)}
        declared = aliases.get(declared.strip(), "")
    return declared.rsplit("=>", 1)[-1].strip() if "=>" in declared else ""


def _is_guest(module: Module, given: str) -> bool:
    shape = named_type(module, given) if given else None
    if shape is None:
        return False
    return any(map(is_starter, [*(one.name for one in shape.methods), *(one.name for one in shape.fields)]))
