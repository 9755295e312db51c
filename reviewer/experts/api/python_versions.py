"""The versions of Python that a package asks for."""

from __future__ import annotations

from typing import Final

from reviewer.code.flow import conditions
from reviewer.code.syntax import Conditional, If, Node, Try
from reviewer.code.walk import ancestors, walk

_ASKS: Final = frozenset(
    {"version_info", "hexversion", "python_version", "hasattr", "find_spec", "PY3", "version_tuple"}
)


def asked(node: Node) -> bool:
    """Tell whether code asks for the version, or goes on without the name where it is not there."""
    around = list(ancestors(node))
    if any(isinstance(one, Try) and one.handlers for one in around):
        return True
    tests: list[Node] = [condition.test for condition in conditions(node)]
    tests += [one.test for one in around if isinstance(one, If | Conditional)]
    return any(not _ASKS.isdisjoint(named) or any(map(_says_that_it_has, named)) for named in map(_words, tests))


def _says_that_it_has(name: str) -> bool:
    """Tell whether a name says that something is there, or which version runs: ``HAVE_TOML``, ``PY_VERSION``."""
    if name.isupper() and name.startswith("PY"):
        return True
    return name.lower().startswith(("has_", "have_", "supports_"))


def _words(test: Node) -> set[str]:
    return {str(getattr(inner, "name", getattr(inner, "id", ""))) for inner in walk(test)}
