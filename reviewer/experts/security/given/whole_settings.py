"""SEC520: every plugin is given all settings of the host, and the secrets among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import declared_type
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Assign,
    Call,
    Class,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Return,
    Spread,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.lifecycle.bringing.brought import is_brought
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS
from reviewer.experts.paths import last_name, last_words, path_words, word_set
from reviewer.experts.security.handing.given_to_guests import object_reaches_guests
from reviewer.experts.security.handing.handed import handed
from reviewer.experts.security.secret_words import names_secret
from reviewer.experts.security.values.access import step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SETTINGS: Final = word_set("settings config configuration conf cfg preferences")
"""Last words of what holds the settings of a whole program."""
_SECRETS: Final = word_set("secrets vault credentials keychain keyring secretstore environ passwords")
"""Last words of what holds nothing but secrets, or them as well."""
_ENVIRONMENTS: Final = frozenset({"process.env", "os.environ", "Deno.env", "Bun.env"})
_COPIES: Final = frozenset(
    "dict copy deepcopy structuredClone freeze deepFreeze MappingProxyType assign cloneDeep clone Object "
    "SimpleNamespace fromEntries entries items values model_dump asdict parse stringify".split()
)
"""Calls whose result has all that they are given."""
_PICKS: Final = frozenset({"map", "flatMap", "filter", "reduce"})
"""Calls that make something of each item of a list."""
_SECTIONED: Final = regex(
    r"^(?:Readonly<)?(?:Record|Map|ReadonlyMap|dict|Dict|Mapping)[<\[]\s*(?:string|str)\s*,[^,]*(?:Record|Map|dict|Dict|Mapping)[<\[]"
)
"""A type of settings that has some for each of many."""
_WHOSE: Final = PLUGIN_WORDS | PLAIN_GUESTS | {"name", "id", "key", "owner", "driver", "tool"}
"""Words of a parameter that says which plugin something is for."""
_SECTIONS: Final = PLAIN_GUESTS | {"modules", "drivers", "tools"}
"""Members of settings under which each plugin has its own."""


@module_check("SEC520", words=_SETTINGS | _SECRETS | {"env"})
def whole_settings(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what plugins are woken with, what their contexts hold, and what answers with their settings."""
    if module.is_test or inquiry.subject.kind != "host":
        return
    spoken: set[int] = set()
    for value in (*_given_at_waking(module), *_in_contexts(inquiry, module), *_answered(module)):
        whole = _whole(module, value)
        if whole is None or value.line in spoken:
            continue
        spoken.add(value.line)
        sure = bool(set(last_words(whole)) & _SECRETS) or module.resolve(whole) in _ENVIRONMENTS
        sure = sure or _SECTIONED.search(declared_type(module, whole)) is not None
        sure = (sure or _holds_secrets(inquiry, module, whole)) and not _is_answer_to_own(module, value)
        yield Match(
            value,
            f"'{short(module.text_of(whole))}' goes whole to every plugin: the settings of all others, and what is "
            "secret among them.",
            confidence=None if sure else Confidence.POSSIBLE,
        )


def _whole(module: Module, value: Expr) -> Expr | None:
    """Return the settings of the host that a value is, or is a copy of with whatever else; None for a part of them."""
    value = strip(value)
    for _ in range(6):
        if _is_picked(module, value):
            return None
        if isinstance(value, Call) and value.name in _COPIES:
            inner = value.args[-1:] if value.name == "assign" else value.args[:1]
            inner = inner or ([value.receiver] if value.receiver is not None and value.name in _COPIES else [])
            if not inner:
                return None
            value = strip(inner[0].value if isinstance(inner[0], Spread) else inner[0])
        elif isinstance(value, Object) and value.spreads:
            wholes = [found for one in value.spreads if (found := _whole(module, one)) is not None]
            return wholes[0] if wholes else None
        elif isinstance(value, Name):
            made = module.scopes.origin(value)
            copied = isinstance(made, Object) or (isinstance(made, Call) and made.name in _COPIES and bool(made.args))
            if not copied or not isinstance(made, Expr) or set(last_words(value)) & _SECRETS:
                break
            if isinstance(made, Object) and not made.spreads:
                break
            value = strip(made)
        else:
            break
    if module.resolve(value) in _ENVIRONMENTS:
        return value
    if isinstance(value, Name) and _of_one_entry(module, value):
        return None
    if not isinstance(value, Name) and not is_this_member(value):
        return None
    said = last_words(value)
    return value if set(said[-1:]) & (_SETTINGS | _SECRETS) and not set(said) & PLUGIN_WORDS else None


def _of_one_entry(module: Module, value: Name) -> bool:
    """Tell whether settings are those of one of several things: ``const ownConfig = transform.config`` in a loop."""
    made = module.scopes.origin(value)
    held = strip(made.object) if isinstance(made, Member) else None
    root = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    return any(isinstance(one, For) or (isinstance(one, Param) and _is_each(one)) for one in root)


def _is_each(param: Param) -> bool:
    around = param.parent.parent if isinstance(param.parent, Function) else None
    return isinstance(around, Call) and around.name in _PICKS | {"forEach", "some", "every", "find"}


def _is_picked(module: Module, value: Expr) -> bool:
    """Tell whether a value is made of the names that somebody lists: ``{name: held[name] for name in card.needs}``."""
    made = strip(value)
    if isinstance(made, Name):
        if _is_narrowed(module, made):
            return True
        origin = module.scopes.origin(made)
        made = strip(origin) if isinstance(origin, Expr) else made
    for _ in range(3):
        if isinstance(made, Call) and made.name in _COPIES and len(made.args) == 1:
            made = strip(made.args[0])
    if isinstance(made, Comprehension):
        return bool(made.tests) or not any(_names_whole(over) for _target, over in made.clauses)
    if not isinstance(made, Call) or made.receiver is None or made.name not in _PICKS:
        return False
    return made.name == "filter" or not _names_whole(made.receiver)


def _is_narrowed(module: Module, held: Name) -> bool:
    """Tell whether a variable is given a part of settings: of one plugin, or what a call takes out of all of them."""
    for binding in module.scopes.lookup(held.id, held):
        given = strip(binding.value) if isinstance(binding, Assign) and binding.value is not None else None
        if isinstance(given, Index) and not isinstance(strip(given.key), Literal):
            return True  # what stands under one name of many: ``config = self.config["plugins"][name]``
        call = strip(given.object) if isinstance(given, Index) else given
        if isinstance(call, Call) and call.name not in _COPIES:
            told = [one for one in (*call.args, *call.keywords.values()) if isinstance(strip(one), Name | Member)]
            if any(path_words(one) & PLUGIN_WORDS for one in told) or (
                len(call.args) > 1 and any(map(_names_whole, told))
            ):
                return True
        if isinstance(given, Name) and path_words(given) & PLUGIN_WORDS:
            return True
    return False


def _names_whole(over: Expr) -> bool:
    """Tell whether something that is gone through is named as settings or secrets are, and is no plugin's own."""
    named = (one for one in find(over, Expr) if set(last_words(one)) & (_SETTINGS | _SECRETS | {"env"}))
    return any(set(path_words(one)).isdisjoint(PLUGIN_WORDS) for one in named)


def _given_at_waking(module: Module) -> Iterator[Expr]:
    """Yield what each thing that was loaded is called with, and the members of what is written out for it."""
    for call in module.all(Call):
        if not call.args and not call.keywords:
            continue
        if not _SETTINGS.isdisjoint(last_words(call.callee)):
            continue  # a file of settings that is itself code, and no plugin
        given = [*call.args, *call.keywords.values()]
        if not any(_may_be_settings(module, one) for one in given):
            continue
        if not is_brought(module, call.callee) and not (
            call.receiver is not None and is_brought(module, call.receiver)
        ):
            continue
        for one in given:
            yield one
            made = module.scopes.origin(one)
            if isinstance(made, Object):
                yield from (value for key, value in made.entries if key is not None)


def _may_be_settings(module: Module, given: Expr) -> bool:
    made = module.scopes.origin(given)
    return isinstance(made, Object) or any(
        set(last_words(one)) & (_SETTINGS | _SECRETS | {"env"})
        for one in find(given, Expr)
        if isinstance(one, Name | Member)
    )


def _in_contexts(inquiry: Inquiry, module: Module) -> Iterator[Expr]:
    """Yield the members of what plugins are handed; of the environment as it is SEC016 speaks."""
    for thing in handed(inquiry, module):
        if isinstance(thing.node, Class):
            continue
        yield from (value for _name, _place, value in thing.open if module.resolve(strip(value)) not in _ENVIRONMENTS)


def _is_answer_to_own(module: Module, value: Expr) -> bool:
    """Tell whether a value stands in an object that a method gives back, and nobody is seen to give it to a plugin."""
    made = value.parent
    if not isinstance(made, Object) or not isinstance(made.parent, Return):
        return False
    giving = function_of(made)
    named = giving is not None and bool(giving.name) and not set(words(giving.name)) & PLUGIN_WORDS
    return giving is not None and (giving.owner is not None or named) and not object_reaches_guests(module, made)


def _says_whose(name: str) -> bool:
    """Tell whether a parameter names a plugin: ``id``, ``pluginName``, and no ``pageName``."""
    said = words(name)
    if said[-1:] and said[-1] in ("name", "id", "key") and len(said) > 1:
        return bool(set(said[:-1]) & _WHOSE)
    return bool(set(said[-1:]) & _WHOSE)


def _answered(module: Module) -> Iterator[Expr]:
    """Yield what a function answers with that is told whose settings are asked for, and doesn't look at that."""
    for function in module.functions:
        if not set(words(function.name)) & (_SETTINGS | _SECRETS) or not function.params:
            continue
        whose = [one.name for one in function.params if _says_whose(one.name)]
        said = words(function.name)
        if not whose or not ({"for", "of", "get"} & set(said)):
            continue
        answers = [one.value for one in returns_of(function) if one.value is not None]
        if len(answers) == 1 and not any(name.id in whose for name in find(answers[0], Name)):
            yield answers[0]


def _holds_secrets(inquiry: Inquiry, module: Module, whole: Expr) -> bool:
    """Tell whether the subject shows that its settings hold secrets, or the sections of several plugins."""
    cls = class_of(whole) if is_this_member(whole) else None
    function = function_of(whole)
    if cls is None and function is not None and any(param.name == last_name(whole) for param in function.params):
        return _asked_by_section(function, last_name(whole))  # else it may be one plugin's own
    told = inquiry.project.answers("security.settings with secrets", _shows_secrets, _SETTINGS, tests=False)
    if any(told):
        return True
    kept = function.owner if function is not None else None
    return kept is not None and function is not None and _is_for_one(function)


def _is_for_one(function: Function) -> bool:
    """Tell whether a function says by its name and its parameters that it answers for one of many plugins."""
    return {"for", "of"} & set(words(function.name)) != set() and any(
        set(words(one.name)[-1:]) & _WHOSE for one in function.params
    )


def _asked_by_section(function: Function, name: str) -> bool:
    """Tell whether the same function takes out of settings what is under a name that it was told."""
    for node in find(function.body, Expr):
        held = node.object if isinstance(node, Index) else node.receiver if isinstance(node, Call) else None
        key = node.key if isinstance(node, Index) else node.args[0] if isinstance(node, Call) and node.args else None
        if isinstance(held, Name) and held.id == name and isinstance(key, Name):
            return True
    return False


def _shows_secrets(module: Module) -> bool:
    """Tell whether a file shows that settings hold a secret, or a section for each plugin."""
    for node in module.some(Member, Index, Call):
        found = step(node) if isinstance(node, Expr) else None
        if found is None or not _under_settings(found[0]):
            continue
        if names_secret(found[1]) or set(words(found[1])) & _SECTIONS:
            return True
    for assign in module.all(Assign):
        made = strip(assign.value) if assign.value is not None else None
        if isinstance(made, Object) and set(last_words(assign.target)[-1:]) & _SETTINGS and _has_secret(made):
            return True
    return any(
        any(names_secret(field.name) or names_secret(part) for field in cls.fields for part in _keys(field.type))
        for cls in module.classes
        if set(words(cls.name)[-1:]) & _SETTINGS
    )


def _keys(declared: str) -> list[str]:
    """Return the names in the text of a type, which may be one that is written out: ``{ user: string }``."""
    return [one for one in declared.replace(":", " ").replace(";", " ").replace("{", " ").split() if one.isidentifier()]


def _under_settings(holder: Expr) -> bool:
    """Tell whether something is a part of settings: ``settings``, ``self.config["smtp"]``."""
    holder = strip(holder)
    for _ in range(4):
        if set(last_words(holder)[-1:]) & _SETTINGS:
            return True
        found = step(holder)
        if found is None:
            return False
        holder = strip(found[0])
    return False


def _has_secret(made: Object) -> bool:
    for key, value in made.entries:
        name = str(key.value) if isinstance(key, Literal) else ""
        if names_secret(name) or set(words(name)) & _SECTIONS:
            return True
        inner = strip(value)
        if isinstance(inner, Object) and _has_secret(inner):
            return True
    return False
