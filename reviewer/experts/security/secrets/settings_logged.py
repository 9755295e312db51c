"""SEC067: the whole settings of a plugin are written to a log, keys and passwords among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from reviewer.code.reach.links import named_type
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Literal, Member, Name, Node, Param, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.vocabulary import PLUGINS
from reviewer.experts.lifecycle.hooks.hooks import hooks_of
from reviewer.experts.paths import last_words, path_words, surroundings, word_set
from reviewer.experts.security.reaching.sinks import shown
from reviewer.experts.security.secret_words import names_secret
from reviewer.experts.security.secrets.told_whole import (
    LOGGERS,
    Shown,
    fields_shown,
    log_calls,
    told,
    trail_calls,
)
from reviewer.experts.security.vocabulary import AUDITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_SETTINGS: Final = word_set("settings config configuration preferences")
_SECRETS: Final = word_set("token secret password passwd passphrase apikey credential credentials key")
_OF_ONE_CALL: Final = frozenset("broadcast request message event publish send emit query retry log logging".split())
"""Words of a type that says how one call is to be done: ``BroadcastConfig``."""
_CONFIGURES: Final = word_set("configure configured reconfigure reconfigured")
_OWNERS: Final = frozenset({"of", "for"})
_PLACES: Final = word_set("next page cancel cancellation continuation sync start end current previous last first csrf")
"""Words of a token that marks where something is, or that something is to end."""
_TEXT: Final = regex(r"(?i)^(?:readonly )?(?:optional\[)?(?:str|string|bytes)\b")
_READS: Final = word_set("load get read fetch find for settings config of")


@module_check("SEC067", words=LOGGERS | AUDITS)
def settings_logged(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at everything that is logged for settings and records that hold a secret among other things."""
    if module.is_test:
        return
    own = _own_secret(module) if inquiry.subject.kind == "plugin" else None
    for call in _written(module):
        for value, whole in told(module, call):
            said = _held(inquiry, module, value, own) if whole else ""
            if said:
                yield Match(call, said, related=((own, "taken from the settings here"),) if own is not None else ())
                break


def _written(module: Module) -> Iterator[Call]:
    seen: set[int] = set()
    for call in (*log_calls(module), *trail_calls(module)):
        if id(call) not in seen:
            seen.add(id(call))
            yield call


def _held(inquiry: Inquiry, module: Module, value: Expr, own: Expr | None) -> str:
    """Say which secret a value brings into the log that is written with all its members."""
    if not isinstance(value, Name | Member):
        return ""
    named = set(last_words(value)[-1:]) & _SETTINGS
    if named and own is not None:
        return (
            f"All settings are written to the log, '{_secret_name(own)}' among them: it is kept there for long and "
            "read by many."
        )
    if named and inquiry.subject.kind != "plugin" and isinstance(value, Name) and _of_a_plugin(module, value):
        return (
            f"'{value.id}' is written to the log as a whole: whatever key or password was entered for the "
            "plugin is kept there for long and read by many."
        )
    field = next((one.name for one in fields_shown(module, value) if _is_secret_field(one)), "")
    return (
        f"'{shown(module, value, 40)}' is written to the log as a whole, '{field}' among it: it is kept there for long "
        "and read by many."
        if field
        else ""
    )


def _is_secret_field(field: Shown) -> bool:
    """Tell whether a record holds a secret as a text under this name, and no place in a text or a page."""
    said = words(field.name)
    if field.type and not _TEXT.match(field.type.strip()):
        return False
    how = names_secret(field.name)
    return how == "sure" or (
        how == "weak" and said[-1] in ("token", "jwt") and len(said) > 1 and not set(said) & _PLACES
    )


def _own_secret(module: Module) -> Expr | None:
    """Return where a plugin takes a key or a password from its settings."""
    for one in module.some(Member, Index, Call):
        name = _secret_name(one)
        holder = one.object if isinstance(one, Member | Index) else one.receiver if isinstance(one, Call) else None
        if name and set(words(name)) & _SECRETS and set(last_words(holder)) & _SETTINGS:
            return cast("Expr", one)
    return None


def _secret_name(one: Node) -> str:
    """Return the name under which something is taken: ``config.key``, ``config["key"]``, ``config.get("key")``."""
    if isinstance(one, Member):
        return one.name
    key = one.key if isinstance(one, Index) else one.arg(0) if isinstance(one, Call) and one.name == "get" else None
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def _is_read_for_plugin(binding: Assign) -> bool:
    """Tell whether settings are what a store gives for a plugin: ``settings = store.load(plugin.id)``."""
    read = strip(binding.value) if binding.value is not None else None
    if not isinstance(read, Call) or read.receiver is None or not set(words(read.name)[:1]) & _READS:
        return False
    if set(words(read.name)[-1:]) & _OWNERS and read.args and not isinstance(strip(read.args[0]), Literal):
        return True  # ``vault.settingsOf(id)``: those of one among many
    return any(path_words(argument) & PLUGINS for argument in read.args)


def _of_a_plugin(module: Module, name: Name) -> bool:
    """Tell whether settings came in as a parameter, together with the plugin that they are for."""
    function = function_of(name)
    for binding in module.scopes.lookup(name.id, name):
        if isinstance(binding, Assign) and function is not None and _is_read_for_plugin(binding):
            return True
        owner = binding.parent if isinstance(binding, Param) else None
        if isinstance(owner, Function) and function is not None:
            if _handed_to_plugin(module, owner, name):
                return True
            said = {word for param in owner.params for word in words(param.name)}
            if isinstance(binding, Param) and not _OF_ONE_CALL.isdisjoint(words(binding.type)):
                return False
            if _configures(owner) or any(_says_plugin(module, param) for param in owner.params):
                return True
            return bool((said | set(words(name.id)) | surroundings(owner)) & PLUGINS)
    return False


def _configures(function: Function) -> bool:
    """Tell whether a function is named for settings that somebody entered: ``configure``, ``configured``."""
    return not _CONFIGURES.isdisjoint(words(function.name))


def _says_plugin(module: Module, param: Param) -> bool:
    """Tell whether a parameter is a record that says for which plugin a call is made."""
    record = named_type(module, param.type) if param.type else None
    return record is not None and any(set(words(field.name)) & PLUGINS for field in record.fields)


def _handed_to_plugin(module: Module, function: Function, name: Name) -> bool:
    """Tell whether a function starts a plugin with these settings: ``await plugin.activate(room, config)``."""
    return any(
        use.kind == "start" and any(isinstance(one, Name) and one.id == name.id for one in use.call.args)
        for use in hooks_of(module)
        if function_of(use.call) is function
    )
