"""API302: a fixture asks for one that does not live as long as itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from reviewer.experts.check import Match, module_check
from reviewer.experts.python_package.fixtures import SCOPES, fixtures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_FOR_A_TEST: Final = frozenset(
    "monkeypatch tmp_path tmpdir capsys capsysbinary capfd capfdbinary caplog recwarn record_property "
    "record_xml_attribute pytester testdir mocker".split()
)
"""Fixtures of pytest, and of pytest-mock, that live for one test."""


@module_check("API302", words={"fixture"})
def fixture_scope(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Compare the scope of every fixture with those that it asks for."""
    if module.is_test:
        return
    for fixture in fixtures(module):
        if fixture.scope in ("", "function"):
            continue
        for param in fixture.function.params:
            scope = _scope(inquiry, param.name) if param.default is None else ""
            if scope and SCOPES.index(scope) < SCOPES.index(fixture.scope):
                yield Match(
                    param,
                    f"'{fixture.name}' lives for a {fixture.scope} and asks for '{param.name}', which lives for a "
                    f"{scope}: pytest refuses it with ScopeMismatch.",
                )


def _scope(inquiry: Inquiry, name: str) -> str:
    """Return the longest scope that a fixture of this name may have, or an empty string where nobody knows."""
    known = inquiry.memory.get("python.fixture_scopes")
    if known is None:
        found: dict[str, str] = {}
        for module in inquiry.project.modules({"fixture"}, tests=False):
            for fixture in fixtures(module):
                before = found.get(fixture.name, fixture.scope)
                both = fixture.scope and before
                found[fixture.name] = max((fixture.scope, before), key=SCOPES.index) if both else ""
        known = inquiry.memory["python.fixture_scopes"] = found
    scopes = cast("dict[str, str]", known)
    return scopes.get(name, "function" if name in _FOR_A_TEST else "")
