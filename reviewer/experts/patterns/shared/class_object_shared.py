"""PAT007 and PAT008: an object that keeps things belongs to the module or the class of a plugin: all share it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.contexts import is_starter, is_stopper
from reviewer.code.reach.links import definition, member
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Class, Function, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, class_of, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.contract import plugin_definitions
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.changes import changed_root
from reviewer.experts.patterns.sharing import of_the_class
from reviewer.experts.patterns.vocabulary import FIRM_CACHES
from reviewer.subject.ecosystem import GENERIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Field, Node
    from reviewer.experts.check import Inquiry

_FOR_ALL: Final = word_set("registry log logger lock cache pool client metrics factory signal event schema shared")
"""Words of what a class has one of for all its objects on purpose."""
_BEGINNINGS: Final = frozenset({"__init__", "__post_init__", "constructor"})
_MOST: Final = 40
"""Fields of a class that are looked at."""


@module_check("PAT008", words={"self", "static"})
def class_object_shared(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each attribute of a plugin's class for an object of the subject that its methods change."""
    if module.is_test:
        return
    plugins = {id(one.at) for one in plugin_definitions(module)}
    for cls in module.classes:
        if cls.kind != "class" or not (id(cls) in plugins or _has_hooks(cls)):
            continue
        for field in cls.fields[:_MOST]:
            kept = _keeper(module, field.value) if of_the_class(cls, field) and not field.name.isupper() else None
            if kept is None or not _FOR_ALL.isdisjoint(words(field.name)) or _is_given_own(module, cls, field):
                continue
            change = _changed_by(cls, field, kept)
            if change is not None:
                yield Match(
                    field,
                    f"'{field.name}' belongs to the class '{cls.name}': what one instance puts into that "
                    f"'{kept.name}', all the others find, those of other tenants included.",
                    related=((change, "changed here"),),
                )


@module_check("PAT007", words={"activate", "deactivate", "start", "stop", "enable", "disable", "load", "unload"})
def module_object_shared(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each variable of a plugin's module for an object of the subject that the plugin's class changes."""
    if module.is_test or inquiry.subject.kind != "plugin" or inquiry.subject.ecosystem != GENERIC:
        return
    plugins = [cls for cls in module.classes if cls.kind == "class" and _has_hooks(cls)]
    for statement in module.body if plugins else ():
        for made in find(statement, Assign, into_functions=False):
            name = made.target.id if isinstance(made.target, Name) else ""
            kept = _keeper(module, made.value) if name and class_of(made) is None else None
            if kept is None or name.isupper() or not (_FOR_ALL | FIRM_CACHES).isdisjoint(words(name)):
                continue
            change = next((one for cls in plugins for one in _asked(cls, name, made) if _changes(kept, one)), None)
            if change is not None:
                yield Match(
                    made,
                    f"'{name}' belongs to the module: all instances and tenants put their things into that one "
                    f"'{kept.name}', and it outlives deactivation.",
                    related=((change, "changed here"),),
                )


def _asked(cls: Class, name: str, made: Assign) -> Iterator[Call]:
    """Yield where the methods of a class ask something of a variable of the module."""
    for call in find(cls, Call):
        held = call.receiver
        if isinstance(held, Name) and held.id == name:
            bound = cls.module.scopes.lookup(name, held)
            if len(bound) == 1 and bound[0] is made:
                yield call


def _changes(kept: Class, call: Call) -> bool:
    target = member(kept, call.name)
    return isinstance(target, Function) and _changes_itself(target)


def _has_hooks(cls: Class) -> bool:
    """Tell whether objects of a class are woken and put to rest, as plugins are."""
    return any(is_starter(one.name) for one in cls.methods) and any(is_stopper(one.name) for one in cls.methods)


def _keeper(module: Module, value: Expr | None) -> Class | None:
    """Return the class of the subject of which a value is a new object, if its methods change what it holds."""
    made = strip(value) if value is not None else None
    cls = definition(module, made.callee) if isinstance(made, Call) else None
    if not isinstance(cls, Class) or any(cls.method(name) for name in ("__get__", "__set__", "__set_name__")):
        return None
    return cls if any(_changes_itself(one) for one in cls.methods) else None


def _changes_itself(method: Function) -> bool:
    return method.name not in _BEGINNINGS and any(is_this_member(changed_root(node)) for node in walk(method.body))


def _is_given_own(module: Module, cls: Class, field: Field) -> bool:
    """Tell whether each object is given one of its own when it is made, or when it begins."""
    return any(
        isinstance(one, Assign) and (owner := function_of(one)) is not None and _begins(owner)
        for one in module.scopes.fields(cls).get(field.name, ())
    )


def _begins(method: Function) -> bool:
    return method.name in _BEGINNINGS or is_starter(method.name)


def _changed_by(cls: Class, field: Field, kept: Class) -> Node | None:
    """Return where a method asks the shared object to change what it holds."""
    for method in cls.methods:
        for call in calls_in(method.body):
            held = call.receiver
            if not isinstance(held, Member) or held.name != field.name or not is_this_member(held):
                continue
            if _changes(kept, call):
                return call
    return None
