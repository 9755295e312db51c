"""Words of contracts: hosts, versions, manifests, validation, logging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Index, Literal, Member, Name, strip
from reviewer.code.text import ideas
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.syntax import Node

HOSTS: Final = frozenset(
    (
        "host app application api engine engines platform core sdk runtime studio editor server shell kernel product "
        "framework system program"
    ).split()
)
"""What a manifest calls the program that loads the plugin."""

LOWER: Final = frozenset("min minimum lowest least since oldest from lower required requires".split())
UPPER: Final = frozenset("max maximum highest most until newest upto upper before below strict tested".split())
VERSIONS: Final = frozenset("version versions ver release semver".split())

MANIFESTS: Final = ideas.MANIFESTS | {"package", "info", "spec", "header"}
"""What code calls the description of a plugin."""

MEMBERS: Final = frozenset(
    (
        "id name version main entry entrypoint entry_point description author publisher license permissions "
        "capabilities dependencies minhostversion maxhostversion hostversion requires requiredfeatures features "
        "activationevents contributes manifestversion apiversion homepage displayname engines scopes grants hooks "
        "commands title kind module label slug digest checksum vendor summary file needs rights reads writes host "
        "minapiversion minappversion minhost maxhost"
    ).split()
)
"""Members of manifests, lower case without separators."""

LOGS: Final = frozenset(
    (
        "log warn warning error info debug trace notice print println write report exception critical fatal record "
        "note audit emit notify count inc increment breadcrumb capture capturemessage complain alert"
    ).split()
)
"""Calls that write something down and change nothing."""

VALIDATION: Final = frozenset(
    (
        "validate validates validated validation validator valid validity verify check checks checked checker assert "
        "ensure parse safeparse schema schemas conform conforms problems violations errors guard refine lint inspect "
        "vet examine decode coerce normalize normalise sanitize sanitise must expect require shape complaints flaws "
        "issues faults objections is"
    ).split()
)
"""Words of calls that look at what comes from outside."""


def flat(name: str) -> str:
    """Return a name in lower case without separators."""
    return "".join(words(name))


def spelled(expr: Node | None) -> str:
    """Return the last name of an expression: ``b`` of ``a.b``, of ``a["b"]`` and of ``a.get("b")``."""
    if not isinstance(expr, Expr):
        return ""
    expr = strip(expr)
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Member):
        return expr.name
    key: Expr | None = None
    if isinstance(expr, Index):
        key = strip(expr.key)
    elif isinstance(expr, Call) and expr.name in ("get", "getattr", "pop") and expr.args:
        key = strip(expr.args[-1] if expr.name == "getattr" and len(expr.args) == 2 else expr.args[0])
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else ""


def has(name: str, vocabulary: frozenset[str]) -> bool:
    """Tell whether one of the words of an identifier is in a vocabulary."""
    return not vocabulary.isdisjoint(words(name))


def names_manifest(name: str) -> bool:
    """Tell whether a name is that of a plugin's manifest: ``Descriptor``, ``AddonMetadata``, not ``metadata`` alone."""
    return has(name, ideas.FIRM_MANIFESTS) or (has(name, ideas.PLAIN_GUESTS) and has(name, ideas.MANIFESTS))


def is_log(call: Call) -> bool:
    """Tell whether a call only writes something down; ``new Error(text)`` makes what is thrown."""
    if call.new or call.name[:1].isupper():
        return False
    name = words(call.name)
    return bool(name) and (name[0] in LOGS or name[-1] in ("log", "warn", "warning"))
