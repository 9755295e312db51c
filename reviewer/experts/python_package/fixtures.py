"""The fixtures that a module defines for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.syntax import Call, Function, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module

_MAKERS: Final = frozenset({"pytest.fixture", "pytest.yield_fixture", "pytest_asyncio.fixture"})
SCOPES: Final = ("function", "class", "module", "package", "session")
"""How long a fixture lives, shortest first."""


class Fixture(Struct, frozen=True):
    """A fixture: the name that tests ask for, and how long it lives; an empty scope is one that is computed."""

    name: str
    scope: str
    function: Function


def fixtures(module: Module) -> tuple[Fixture, ...]:
    """Return the fixtures of a module in source order; worked out once."""
    return module.once("python.fixtures", lambda: tuple(_find(module)) if "fixture" in module.words else ())


def _find(module: Module) -> Iterator[Fixture]:
    for function in module.functions:
        for decorator in function.decorators:
            maker = decorator.callee if isinstance(decorator, Call) else decorator
            if module.resolve(maker) not in _MAKERS:
                continue
            said = decorator.arg(0, "scope") if isinstance(decorator, Call) else None
            named = decorator.keywords.get("name") if isinstance(decorator, Call) else None
            scope = "function" if said is None else str(said.value) if isinstance(said, Literal) else ""
            name = str(named.value) if isinstance(named, Literal) else function.name
            yield Fixture(name, scope if scope in SCOPES else "", function)
            break
