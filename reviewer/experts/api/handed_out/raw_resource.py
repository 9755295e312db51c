"""API101: what plugins are handed has a member that is the host's own database, server or process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import declared_type, named_type
from reviewer.code.syntax import (
    Call,
    Class,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Return,
    strip,
)
from reviewer.code.text.ideas import FACES, PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.raw_resources import RAW, raw_type
from reviewer.experts.security.handing.handed_over import handed_over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Imported
    from reviewer.experts.check import Inquiry

_HANDED: Final = FACES | {"service", "host"}
"""Last words of the name of a type whose values plugins hold."""
_NAMES: Final = regex(r"[A-Z]\w*")
_PLUGIN: Final = PLAIN_GUEST | word_set("module widget guest driver")


@module_check("API101", words=_HANDED)
def raw_resource(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the members of each type that is made for plugins."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    imported = {one.local: one for one in module.imports if one.source in RAW}
    for cls in module.classes if imported else ():
        if not is_told_by_name(module, cls) or _makes_what_is_held(module, cls) or _others_are_given(module, cls):
            continue
        for field, name, kind in members(module, cls):
            raw = raw_type(kind, imported)
            if raw:
                yield Match(
                    field,
                    f"'{name}' hands plugins {raw} itself: whatever it reaches, each of them reaches, past every "
                    "permission.",
                )


def is_told_by_name(module: Module, cls: Class) -> bool:
    """Tell whether the name of a type says that plugins hold its values."""
    return _is_record(cls) if module.language == "python" else cls.kind != "class" and _for_plugins(cls)


def _makes_what_is_held(module: Module, cls: Class) -> bool:
    """Tell whether a class makes the record that plugins hold itself, and so is the host that makes it."""
    made = (named_type(module, call.name) for method in cls.methods for call in find(method.body, Call))
    return any(one is not None and one is not cls and bool(set(words(one.name)[-1:]) & FACES) for one in made)


def _others_are_given(module: Module, cls: Class) -> bool:
    """Tell whether the file shows a guest being handed something, declared as another type than this one."""
    made = [one if isinstance(one, Class) else function_of(one) for one in handed_over(module)]
    declared = [one.name if isinstance(one, Class) else one.returns for one in made if one is not None]
    held = [named for name in declared if name and (named := named_type(module, name)) is not None]
    parts = {name for one in held for field in one.fields for name in _NAMES.findall(field.type)}
    return bool(held) and cls not in held and cls.name not in parts


def _is_record(cls: Class) -> bool:
    """Tell whether a class of Python is by its name what plugins hold: ``PluginContext``."""
    said = words(cls.name)
    return bool(set(said[-1:]) & _HANDED) and (bool(set(said) & _PLUGIN) or len(said) == 1)


def members(module: Module, cls: Class) -> Iterator[tuple[Node, str, str]]:
    """Yield the members of a type that others can reach, with their names and their types."""
    for field in cls.fields:
        if not field.private and not field.name.startswith(("_", "#")):
            yield field, field.name, field.type
    for name, assigns in module.scopes.fields(cls).items() if module.language == "python" else ():
        for assign in assigns[:1]:
            kind = assign.type or (declared_type(module, assign.value) if assign.value is not None else "")
            if not name.startswith("_"):
                yield assign, name, kind
    for method in cls.methods:
        said = {last_name(decorator) for decorator in method.decorators}
        if (method.kind == "getter" or said & {"property", "cached_property"}) and not method.private:
            yield method, method.name, method.returns


def _for_plugins(cls: Class) -> bool:
    return bool(set(words(cls.name)[-1:]) & _HANDED) and _handed_out(cls)


def _handed_out(cls: Class) -> bool:
    """Tell whether a type has at least one member by which somebody acts, as what is handed out has."""
    return any("=>" in field.type for field in cls.fields) or bool(cls.methods) or len(cls.fields) > 2


@module_check("API101", words={"require", "import"})
def raw_resource_in_object(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the objects that a host makes for one plugin for members that are made by such a module."""
    if module.is_test or inquiry.subject.kind != "host" or module.language == "python":
        return
    imported = {one.local: one for one in module.imports if one.source in RAW}
    for made in module.all(Object):
        if not is_made_for_one(made):
            continue
        for key, value in made.entries:
            raw = _raw_value(module, value) or _raw_by_type(module, value, imported)
            if raw and isinstance(key, Literal) and isinstance(key.value, str):
                yield Match(
                    value,
                    f"'{key.value}' hands plugins {raw} itself: whatever it reaches, each of them reaches, past every "
                    "permission.",
                )


def is_made_for_one(made: Object) -> bool:
    """Tell whether an object is what a function returns that makes a context for somebody."""
    holder = made.parent
    if isinstance(holder, Call) and holder.name in ("freeze", "seal"):
        holder = holder.parent
    if not isinstance(holder, Return):
        return False
    function = next((one for one in ancestors(holder) if isinstance(one, Function)), None)
    said = words(function.name) if function is not None else ()
    if function is not None and _speaks_for(made, function):
        return True
    named = bool(set(said) & _HANDED) or said[-1:] == ("for",)
    for_one = any(set(words(param.name)) & _PLUGIN for param in function.params) if function is not None else False
    acts = any(isinstance(value, Function) or _is_bound(value) for _key, value in made.entries)
    return (named and (for_one or acts)) or (for_one and acts)


def _speaks_for(made: Object, function: Function) -> bool:
    """Tell whether the members of an object tell the host again and again whose they are: what their maker was told."""
    told = {param.name for param in function.params if param.name}
    speaking = [
        value
        for _key, value in made.entries
        if isinstance(value, Function) or _is_bound(value)
        if any(
            isinstance(given, Name) and given.id in told
            for call in find(value.body if isinstance(value, Function) else value, Call)
            for given in (strip(arg) for arg in call.args)
        )
    ]
    return len(speaking) > 1


def _is_bound(value: Expr) -> bool:
    """Tell whether a value is a function with some of its arguments given: ``partial(hub.publish, name)``."""
    made = strip(value)
    return isinstance(made, Call) and made.name in ("partial", "partialmethod", "bind") and bool(made.args)


def _raw_by_type(module: Module, value: Expr, imported: dict[str, Imported]) -> str:
    """Return what a value is that has such a type, and is handed on as it is: ``db: pool`` of ``pool: Pool``."""
    held = strip(value)
    if not imported or not isinstance(held, Name | Member):
        return ""
    return raw_type(declared_type(module, held), imported)


def _raw_value(module: Module, value: Expr) -> str:
    """Return what a value is that such a module made, as far as the file says."""
    origin = module.scopes.origin(value)
    if isinstance(origin, Param):
        return ""
    if not isinstance(origin, Call):
        named = module.resolve(value)  # a field: ``events.EventEmitter()``
        source, _, maker = named.removesuffix("()").rpartition(".")
        return RAW.get(source, "") if named.endswith("()") and maker[:1].isupper() else ""
    named = module.resolve(origin.callee)
    source = named.split(".")[0]
    made = (
        origin.new
        or named in (source, f"{source}.default")
        or origin.name in ("createPool", "createClient", "createServer", "knex", "express", "fastify")
    )
    return RAW.get(source, "") if made else ""
