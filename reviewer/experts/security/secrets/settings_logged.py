"""SEC067: the whole settings of a plugin are written to a log, keys and passwords among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Call, Expr, Function, Member, Name, Object, Param, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import PLUGINS
from reviewer.experts.paths import last_words, path_words, surroundings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SETTINGS: Final = word_set("settings config configuration preferences")
_SECRETS: Final = word_set("token secret password passwd passphrase apikey credential credentials key")
_LEVELS: Final = frozenset("log debug info warn warning error trace critical exception fatal".split())
_LOGGERS: Final = word_set("console logger log logging logs")
_READS: Final = word_set("load get read fetch find for settings config of")
_TEXTS: Final = frozenset({"stringify", "dumps", "str", "repr", "String", "inspect", "format"})


@module_check("SEC067", words=_SETTINGS)
def settings_logged(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at everything that is logged for the settings that a function was given for a plugin."""
    if module.is_test:
        return
    if inquiry.subject.kind == "plugin":
        yield from _own_settings(module)
        return
    for call in module.calls(_LEVELS):
        if call.receiver is None or not set(last_words(call.receiver)) & _LOGGERS:
            continue
        for argument in [*call.args, *call.keywords.values()]:
            given = next((n for n in _whole(argument) if isinstance(n, Name) and _of_a_plugin(module, n)), None)
            if given is not None:
                yield Match(
                    call,
                    f"'{given.id}' is written to the log as a whole: whatever key or password was entered for the "
                    "plugin is kept there for long and read by many.",
                )
                break


def _own_settings(module: Module) -> Iterator[Match]:
    """Find where a plugin logs all of its settings, of which it takes a key or a password elsewhere."""
    secret = next((one for one in module.all(Member) if _is_secret_setting(one)), None)
    if secret is None:
        return
    for call in module.calls(_LEVELS):
        if call.receiver is None or not set(last_words(call.receiver)) & _LOGGERS:
            continue
        for argument in [*call.args, *call.keywords.values()]:
            if next(_whole(argument), None) is not None:
                yield Match(
                    call,
                    f"All settings are written to the log, '{secret.name}' among them: it is kept there for long and "
                    "read by many.",
                    related=((secret, "taken from the settings here"),),
                )
                break


def _is_secret_setting(member: Member) -> bool:
    return bool(set(words(member.name)) & _SECRETS and set(last_words(member.object)) & _SETTINGS)


def _whole(expr: Expr, depth: int = 0) -> Iterator[Name | Member]:
    """Yield the names and members whose whole value becomes part of what is logged."""
    expr = strip(expr)
    if depth > 4:
        return
    if isinstance(expr, Name | Member):
        if set(last_words(expr)[-1:]) & _SETTINGS:
            yield expr
    elif isinstance(expr, Object):
        for _key, value in expr.entries:
            yield from _whole(value, depth + 1)
    elif isinstance(expr, Template):
        for hole in expr.holes:
            yield from _whole(hole, depth + 1)
    elif isinstance(expr, Call) and expr.name in _TEXTS:
        for argument in expr.args:
            yield from _whole(argument, depth + 1)


def _is_read_for_plugin(binding: Assign) -> bool:
    """Tell whether settings are what a store gives for a plugin: ``settings = store.load(plugin.id)``."""
    read = strip(binding.value) if binding.value is not None else None
    if not isinstance(read, Call) or read.receiver is None or not set(words(read.name)[:1]) & _READS:
        return False
    return any(path_words(argument) & PLUGINS for argument in read.args)


def _of_a_plugin(module: Module, name: Name) -> bool:
    """Tell whether settings came in as a parameter, together with the plugin that they are for."""
    function = function_of(name)
    for binding in module.scopes.lookup(name.id, name):
        if isinstance(binding, Assign) and function is not None and _is_read_for_plugin(binding):
            return True
        owner = binding.parent if isinstance(binding, Param) else None
        if isinstance(owner, Function) and function is not None:
            said = {word for param in owner.params for word in words(param.name)}
            return bool((said | set(words(name.id)) | surroundings(owner)) & PLUGINS)
    return False
