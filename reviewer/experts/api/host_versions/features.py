"""API006 and API007: services of the host that code uses and the manifest does not ask for, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Index, Literal, Member, Name, Node, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.api.host_versions.required_features import required_services
from reviewer.experts.check import Match, subject_check
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.core.location import Location
    from reviewer.experts.api.host_versions.required_features import Required
    from reviewer.experts.check import Inquiry

_SAME: Final = (
    frozenset({"event", "events", "eventbus", "bus", "pubsub", "signals"}),
    frozenset({"command", "commands", "commandregistry"}),
    frozenset({"message", "messages", "messaging", "rpc", "channels"}),
    frozenset({"storage", "store", "kv", "keyvalue", "state", "persistence"}),
    frozenset({"database", "db", "sql"}),
    frozenset({"hook", "hooks"}),
    frozenset({"middleware", "middlewares", "pipeline"}),
    frozenset({"provider", "providers"}),
    frozenset({"network", "http", "fetch", "net", "web"}),
    frozenset({"notification", "notifications", "notify", "notifier"}),
    frozenset({"scheduler", "schedule", "schedules", "cron", "timers", "jobs"}),
    frozenset({"ui", "panels", "views", "dialogs", "window"}),
    frozenset({"secret", "secrets", "vault", "credentials"}),
    frozenset({"clipboard"}),
    frozenset({"file", "files", "fs", "filesystem"}),
    frozenset({"cache", "caches"}),
    frozenset({"audio", "sound"}),
    frozenset({"setting", "settings"}),
    frozenset({"translation", "translations", "i18n", "locale", "localization"}),
    frozenset({"metric", "metrics", "telemetry"}),
    frozenset({"search", "index"}),
    frozenset({"queue", "queues"}),
    frozenset({"mail", "email"}),
)
"""Names of one service; a service of the guide's reference model and those that hosts commonly add."""
_BASIC: Final = frozenset({"settings", "metrics", "index", "state", "window", "locale"})
"""Members of a context that are there on every host, whatever features it has."""
_ALWAYS: Final = frozenset({"config", "logger", "log", "pluginid", "id", "logging", "manifest"})
_CONTRIBUTES: Final = ("add", "register", "contribute", "provide", "define", "mount", "attach", "install")
"""Methods by which a plugin gives a service something to call later."""
_OWN: Final = frozenset(
    "subscriptions disposables cleanup cleanups lifecycle undo releases held app host api core self plugin plugins "
    "registry runtime system env context container services hooks".split()
)
"""Members of a context that are the host itself, or the plugin's own list of what it has to undo."""
_MOST: Final = 2_000


@subject_check("API006")
def feature_not_required(inquiry: Inquiry) -> Iterator[Match]:
    """Look for services that the code relies on and the manifest does not name."""
    listed = _required(inquiry)
    if listed is None:
        return
    named = [name for name, _at in listed.named]
    spelled = {_family(name) for name in named}
    granted = _granted(inquiry)
    if not spelled & granted - {""}:  # else it names even those that it asks a permission for
        spelled |= granted
    missing: dict[str, tuple[str, Location]] = {}
    for name, place in _contributed(inquiry, named):
        if _flat(name) not in spelled:
            missing.setdefault(_flat(name), (name, place))
    for name, place, guarded in _used(inquiry):
        family = _family(name)
        if family and family not in spelled and not guarded:
            missing.setdefault(family, (name, place))
    if not missing:
        return
    names = ", ".join(f"'{name}'" for name, _place in missing.values())
    places = list(missing.values())
    yield Match(
        listed.at,
        f"The code uses {names} of the context, but the manifest does not require "
        f"{'them' if len(missing) > 1 else 'it'}: on a host without, the plugin fails in the middle of its activation.",
        related=tuple((place, f"'{name}' is used here") for name, place in places[:4]),
    )


@subject_check("API007")
def feature_never_used(inquiry: Inquiry) -> Iterator[Match]:
    """Look for services that the manifest asks for and no word of the code is about."""
    listed = _required(inquiry)
    if listed is None:
        return
    said: set[str] = set()
    code = False
    for module in _modules(inquiry):
        code = True
        said |= module.words
        said |= {"".join(words(name)) for name in module.identifiers if len(name) < 40}
    if not code:
        return
    for name, value in listed.named:
        family = next((group for group in _SAME if _flat(name) in group), None)
        if family is not None and not family & said and _flat(name) not in _ALWAYS:
            yield Match(
                value,
                f"The manifest requires '{name}', and nothing in the code is about it: hosts without it refuse a "
                "plugin that would run.",
            )


def _required(inquiry: Inquiry) -> Required | None:
    """Return the manifest's list of the services that it needs."""
    if inquiry.manifest is None or inquiry.subject.kind != "plugin" or inquiry.subject.ecosystem != "generic":
        return None
    return required_services(inquiry.manifest.root, _family)


def _granted(inquiry: Inquiry) -> set[str]:
    """Return the services for which the manifest asks a permission: who may use one does not run without it."""
    asked = inquiry.manifest.get("permissions") if inquiry.manifest is not None else None
    if asked is None:
        return set()
    if asked.kind == "object":
        return {_family(name) for name, _value in asked.members()}
    return {_family(item.text.replace(":", ".").split(".")[0]) for item in asked.items() if item.kind == "string"}


def _flat(name: str) -> str:
    return "".join(words(name.rsplit(":", 1)[0].split("@", 1)[0].rsplit(".", 1)[-1]))


def _family(name: str) -> str:
    """Return one name for all names of a service; empty for what is no service that some hosts lack."""
    flat = _flat(name)
    if flat in _BASIC | _ALWAYS:
        return ""
    return next((min(group) for group in _SAME if flat in group), "")


def _modules(inquiry: Inquiry) -> Iterator[Module]:
    for module in inquiry.project.modules():
        if not module.is_test and not is_tooling(module.path):
            yield module


def _used(inquiry: Inquiry) -> list[tuple[str, Location, bool]]:
    """Return the members of the context that code uses, where, and whether it asks first."""
    found: list[tuple[str, Location, bool]] = []
    for module in _modules(inquiry):
        names = {name for name in module.identifiers if _family(name)}
        if not names:
            continue
        for member in module.all(Member):
            if len(found) > _MOST:
                return found
            if member.name in names and module.resolve(member.object) == "context":
                found.append((member.name, locate(module, member), _asks(module, member)))
        for function in module.functions:
            for param in function.params:
                found += [
                    (prop, locate(module, param), _asked_by_name(function, local))
                    for prop, local in param.fields.items()
                    if prop in names and param.default is None and _is_context(module, function, local)
                ]
    return found


def _contributed(inquiry: Inquiry, named: list[str]) -> list[tuple[str, Location]]:
    """Return the services of any name that code registers something with, where the manifest lists such services.

    That is so where two of its features at least are members of the context by their very names: ``layers.add({…})``
    beside ``commands`` and ``storage``, which it requires.
    """
    listed = {_flat(name) for name in named}
    members: set[str] = set()
    found: list[tuple[str, Location]] = []
    for module in _modules(inquiry):
        for member in module.all(Member):
            if _flat(member.name) in listed and module.resolve(member.object) == "context":
                members.add(_flat(member.name))
        for call in module.calls(_CONTRIBUTES):
            service = strip(call.receiver) if call.receiver is not None else None
            if not isinstance(service, Member) or len(found) > _MOST or _family(service.name) or _asks(module, service):
                continue
            flat = _flat(service.name)
            if flat in listed | _BASIC | _ALWAYS | _OWN or module.resolve(service.object) != "context":
                continue
            if any(_brings_code(arg) for arg in call.args):
                found.append((service.name, locate(module, service)))
    return found if len(members) > 1 else []


def _brings_code(arg: Expr) -> bool:
    """Tell whether an argument is a function, or an object that has one: what a host calls later."""
    arg = strip(arg)
    return isinstance(arg, Function) or (
        isinstance(arg, Object) and any(isinstance(strip(value), Function) for _key, value in arg.entries)
    )


def _is_context(module: Module, function: Node, local: str) -> bool:
    for name in find(function, Name):
        if name.id == local:
            return module.resolve(name).startswith("context.")
    return False


def _asks(module: Module, member: Member) -> bool:
    """Tell whether the code is ready for a host without the service."""
    parent = member.parent
    if isinstance(parent, Call) and parent.callee is member:
        return True  # a function of the context's own: ``api.notify("…")``
    if isinstance(parent, Member | Index | Call) and getattr(parent, "optional", False):
        return True
    if isinstance(parent, Binary) and parent.op in ("??", "or", "and", "==", "!="):
        return True
    if isinstance(parent, Assign) and parent.value is member and isinstance(parent.target, Name):
        function = function_of(member)
        return function is not None and _asked_by_name(function, parent.target.id)
    for condition in conditions(member):
        if any(other.name == member.name for other in find(condition.test, Member)):
            return True
        if any(literal.value == member.name for literal in find(condition.test, Literal)):
            return True
    return False


def _asked_by_name(function: Node, local: str) -> bool:
    for name in find(function, Name):
        if name.id == local:
            parent = name.parent
            if isinstance(parent, Member | Call) and parent.optional:
                return True
            if isinstance(parent, Assign) and parent.target is name:
                continue
            if not isinstance(parent, Member | Call) or strip(name) is not name:
                return True
    return False
