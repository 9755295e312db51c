"""FUN006: a package that holds a contract says another version of it in its code than in its manifest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Literal, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.python_package.entry_points import package_documents
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.subject.document import Value

_CONTRACTS: Final = frozenset({"api", "sdk", "contract", "contracts", "spi"})
_WHOLE: Final = regex(r"^\d{1,6}\.\d{1,6}\.\d{1,6}$")
_TABLES: Final = {"package.json": ((),), "pyproject.toml": (("project",), ("tool", "poetry"))}
"""Where the files of a package say its name and its version."""


@module_check("FUN006", words={"version"})
def contract_version_differs(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Hold the version of a contract that a constant spells against that of the package which is named for it."""
    if module.is_test or is_tooling(module):
        return
    for made in module.all(Assign):
        target, value = made.target, strip(made.value) if made.value is not None else None
        if not isinstance(target, Name) or function_of(made) is not None or not isinstance(value, Literal):
            continue
        said = words(target.id)
        if said[-1:] != ("version",) or len(said) != 2 or said[0] not in _CONTRACTS:
            continue
        meant = _of_package(inquiry, said[0])
        if meant is None or not isinstance(value.value, str) or value.value == meant.text:
            continue
        if _WHOLE.match(value.value) and _WHOLE.match(meant.text):
            yield Match(
                value,
                f"'{target.id}' is '{value.value}', and this package, which is the contract, is version "
                f"'{meant.text}': whoever asks which contract is spoken is told another one.",
                related=((meant, "what the package says"),),
                fix="Read the version from the package, or hold the two together with a test.",
            )


def _of_package(inquiry: Inquiry, what: str) -> Value | None:
    """Return the version of the one package of a subject, if its name says that it is a contract of that kind."""
    found: list[Value] = []
    for path, document in package_documents(inquiry).items():
        for table in _TABLES.get(path, ()):
            name, version = document.get(*table, "name"), document.get(*table, "version")
            if name is None or version is None or not version.text:
                continue
            if words(name.text)[-1:] and words(name.text)[-1] in {what, "types"} & (_CONTRACTS | {"types"}):
                found.append(version)
    return found[0] if len(found) == 1 else None
