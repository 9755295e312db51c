"""LIF044: an update lands without a check that a first installation has to pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Assign, Await, Index, Member, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.lifecycle.bringing.dependencies import functions_of, home, with_helpers
from reviewer.experts.lifecycle.bringing.unloading import span
from reviewer.experts.lifecycle.vocabulary import PLUGIN_WORDS
from reviewer.experts.patterns.changes import changed_root

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call, Function, Node

_INSTALLS: Final = frozenset({"install", "add", "deploy", "enroll", "import", "onboard", "publish", "adopt"})
_UPDATES: Final = frozenset(
    {
        "update",
        "upgrade",
        "migrate",
        "replace",
        "patch",
        "refresh",
        "bump",
        "autoupdate",
        "renew",
        "exchange",
        "supersede",
    }
)
_GATES: Final = frozenset(
    (
        "verify verified validate check checks assert scan inspect vet audit signature signed digest checksum "
        "compatible compatibility authorize authorise screen gate admit approve consent confirm review lint sanitize "
        "consented agree agreed agreement "
        "ensure integrity quarantine allowed trusted policy parse"
    ).split()
)
_SOFT_GATES: Final = frozenset(
    "consent consented agree agreed agreement confirm review approve parse ensure policy checks".split()
)
"""Checks that an update may do without where it passes others."""
_OF_LISTS: Final = frozenset({"cache", "index", "exists"})
"""Words of a check whether a list is there to choose from, which an update brings anew."""
_NOTHING: Final = frozenset("log info debug warn error get has push append emit join".split())
_OBJECTS: Final = PLUGIN_WORDS | frozenset(
    "version package packages bundle archive to from all one by id async now installed local release in".split()
)
"""What is installed or updated, as names of functions say it; settings and states are not."""
_LANDING: Final = frozenset(
    (
        "extract unpack write copy move rename install load import activate start enable register put store save "
        "place swap set deploy stage link commit replace record upsert unzip untar add put"
    ).split()
)
"""Words of steps that bring code in place."""


@module_check("LIF044", words=_UPDATES)
def update_skips_gates(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Speak at the step that an update has in common with the installation, where the checks before it are missing."""
    if module.is_test or _INSTALLS.isdisjoint(module.words):
        return
    for update in module.functions:
        if not _verb(update, _UPDATES) or not update.params:
            continue
        for install in functions_of(home(update)):
            if install is update or not _verb(install, _INSTALLS) or not install.params:
                continue
            found = _missing(install, update)
            if found is not None:
                landing, gates = found
                names = ", ".join(f"'{gate.name}'" for gate in gates)
                from_fetch = _fetch(install, update, landing[0]) if any(map(_hard, gates)) else None
                yield Match(
                    span(module, from_fetch or landing[0], landing[-1]),
                    f"'{update.name}' lands here without {names}, which '{install.name}' demands first: an update "
                    "brings in what a first installation would refuse.",
                    related=tuple((gate, f"demanded by '{install.name}' here") for gate in gates[:3]),
                )
                break


def _verb(function: Function, verbs: frozenset[str]) -> bool:
    """Tell whether a function is called after one of the verbs: ``install``, ``applyUpdate``, ``install_plugin``."""
    said = [word for word in words(function.name) if word not in ("apply", "do", "run", "perform", "auto")]
    return bool(said) and said[0] in verbs and _OBJECTS.issuperset(said[1:])


def _missing(install: Function, update: Function) -> tuple[Sequence[Node], list[Call]] | None:
    """Return the steps that both have in common, and the gates that the update does not pass on its way there."""
    reached = [call for function in with_helpers(update) for call in calls_in(function.body)]
    if any(definition(update.module, call.callee) is install for call in reached):
        return None
    reached = [call for call in reached if in_handler(call) is None]  # what undoes a failure comes too late
    passed = {call.name for call in reached}
    own = list(calls_in(install.body))
    gates = [call for call in own if _is_gate(call) and not set(words(call.name)) & _OF_LISTS]
    brought = [call for function in with_helpers(install) for call in calls_in(function.body)]
    shared = {call.name for call in brought if not _is_gate(call) and call.name not in _NOTHING and call.name}
    landing: Sequence[Node] = [
        c
        for c in calls_in(update.body)
        if c.name in shared and function_of(c) is not None and _lands(c) and in_handler(c) is None
    ] or _entered_by_both(install, update)
    if not gates or not landing:
        return None
    absent = [gate for gate in gates if gate.name not in passed]
    if not absent or (len(absent) < len(gates) and not any(_hard(gate) for gate in absent)):
        return None
    known = {call.name for call in brought}
    reached = [call for call in reached if call.name not in known]  # what both do by a helper says nothing of the rest
    if len(absent) == len(gates) and any(_is_gate(call) for call in reached):
        absent = [gate for gate in absent if _hard(gate)]  # it checks in other words: only what has no counterpart
        if any(_same_matter(gate, call) for gate in absent for call in reached if _is_gate(call)):
            return None
    return (landing, _once(absent)) if absent else None


def _entered_by_both(install: Function, update: Function) -> list[Node]:
    """Return where an update enters what it brings into the table that an installation enters it in."""
    tables = {root.name for one in _entries(install) if isinstance(root := changed_root(one), Member)}
    return [
        one
        for one in _entries(update)
        if isinstance(root := changed_root(one), Member) and root.name in tables and in_handler(one) is None
    ]


def _entries(function: Function) -> list[Node]:
    """Return where a function puts something that it was given into a table: ``self.known[package.id] = package``."""
    given = {param.name for param in function.params}
    found: list[Node] = [
        node
        for node in find(function.body, Assign, into_functions=False)
        if isinstance(node.target, Index) and isinstance(node.value, Name) and node.value.id in given
    ]
    for call in calls_in(function.body):
        value = strip(call.args[1]) if call.name == "set" and len(call.args) == 2 else None
        if isinstance(value, Name) and value.id in given:
            found.append(call)
    return found


def _fetch(install: Function, update: Function, landing: Node) -> Call | None:
    """Return the call that gets what lands, where both functions make it and no gate stands behind it in the update."""
    gets = {call.name for call in calls_in(install.body) if isinstance(call.parent, Await)}
    found = [
        call
        for call in calls_in(update.body)
        if call.start < landing.start and call.name in gets and not _is_gate(call) and in_handler(call) is None
    ]
    return found[-1] if found else None


def _is_gate(call: Call) -> bool:
    return not set(words(call.name)).isdisjoint(_GATES)


def _hard(call: Call) -> bool:
    return not set(words(call.name)).isdisjoint(_GATES - _SOFT_GATES)


def _same_matter(gate: Call, other: Call) -> bool:
    """Tell whether two checks are about one thing by their words: ``verifySignature`` and ``checkSignature``."""
    return not (set(words(gate.name)) & set(words(other.name))).isdisjoint(_GATES) or gate.name == other.name


def _lands(call: Call) -> bool:
    """Tell whether a call brings code in place: unpacks, writes, loads, registers or starts it."""
    return not set(words(call.name)).isdisjoint(_LANDING)


def _once(gates: list[Call]) -> list[Call]:
    return list({gate.name: gate for gate in reversed(gates)}.values())[::-1]
