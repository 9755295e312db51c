"""What a Python package says it needs: releases of Python, and other distributions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from msgspec import Struct

from reviewer.core.regex import regex
from reviewer.experts.python_package.entry_points import package_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.specifiers import SpecifierSet

    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Document, Value

_NAME: Final = regex(r"\s{0,9}([A-Za-z0-9][A-Za-z0-9._-]{0,99})\s{0,9}(?:\[[^\]]{0,200}\])?\s{0,9}")
_CARET: Final = regex(r"\^\s{0,3}v?(\d{1,9})((?:\.\d{1,9}){0,3})")
_TILDE: Final = regex(r"~\s{0,3}v?(\d{1,9})(?:\.(\d{1,9}))?((?:\.\d{1,9}){0,2})")
_PATCHES: Final = ("0", "99")
"""Numbers that stand for the first and the last patch of a feature release."""


class Requirement(Struct, frozen=True):
    """A distribution that is needed, in which releases, and where that is said."""

    name: str
    text: str
    """The range as it is written."""
    at: Value
    range: SpecifierSet
    optional: bool = False

    def admits(self, release: str) -> bool:
        """Tell whether a feature release such as ``7.1`` is wanted in any of its patches."""
        return any(self.range.contains(f"{release}.{patch}", prereleases=True) for patch in _PATCHES)


def python_range(inquiry: Inquiry) -> Requirement | None:
    """Return the releases of Python that the package promises to run on, or None where it says nothing."""
    return _known(inquiry).get("python")


def requirement(inquiry: Inquiry, distribution: str) -> Requirement | None:
    """Return what is said of one distribution, or None where it is not needed."""
    return _known(inquiry).get(normal(distribution))


def requirements(inquiry: Inquiry) -> dict[str, Requirement]:
    """Return everything that is needed, by the normal name of the distribution."""
    return {name: one for name, one in _known(inquiry).items() if name != "python"}


def normal(name: str) -> str:
    """Return the normal form of a distribution's name: lower case, with one hyphen between its parts."""
    return re.sub(r"[-_.]{1,9}", "-", name).lower()


def _known(inquiry: Inquiry) -> dict[str, Requirement]:
    known = inquiry.memory.get("python.requirements")
    if known is None:
        found: dict[str, Requirement] = {}
        for one in _said(inquiry):
            if one.name not in found or (found[one.name].optional and not one.optional):
                found[one.name] = one
        known = inquiry.memory["python.requirements"] = found
    return cast("dict[str, Requirement]", known)


def _said(inquiry: Inquiry) -> Iterator[Requirement]:
    for path, document in sorted(package_documents(inquiry).items()):
        name = path.rsplit("/", 1)[-1]
        if name == "pyproject.toml":
            yield from _pyproject(document)
        elif name == "setup.cfg":
            yield from _python(document.get("options", "python_requires"))
            yield from _many(document.get("options", "install_requires"))
            extras = document.get("options.extras_require")
            for _extra, held in extras.members() if extras is not None else ():
                yield from _many(held, optional=True)
        elif name == "setup.py":
            yield from _python(document.get("python_requires"))
            yield from _many(document.get("install_requires"))
        elif name in ("METADATA", "PKG-INFO"):
            yield from _python(document.get("Requires-Python"))
            yield from _many(document.get("Requires-Dist"))


def _pyproject(document: Document) -> Iterator[Requirement]:
    project = document.get("project") or document.root
    yield from _python(project.get("requires-python"))
    yield from _many(project.get("dependencies"))
    extras = project.get("optional-dependencies")
    for _extra, held in extras.members() if extras is not None else ():
        yield from _many(held, optional=True)
    poetry = document.get("tool", "poetry", "dependencies")
    for name, held in poetry.members() if poetry is not None else ():
        value = held.get("version") or held
        if value.text:
            yield from _made(normal(name), _poetry(value.text), value, optional=held.get("optional") is not None)


def _python(value: Value | None) -> Iterator[Requirement]:
    if value is not None and value.text:
        yield from _made("python", value.text, value)


def _many(value: Value | None, *, optional: bool = False) -> Iterator[Requirement]:
    """Yield the requirements of a list, or of a text with one a line."""
    if value is None:
        return
    for item in list(value.items()) or [value]:
        for line in item.text.split("\n"):
            bare, _, marker = line.partition(";")
            told = _NAME.match(bare)
            if told is not None:
                ranged = bare[told.end() :].strip().strip("()")
                yield from _made(normal(told[1]), ranged, item, optional=optional or "extra" in marker)


def _made(name: str, text: str, at: Value, *, optional: bool = False) -> Iterator[Requirement]:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        yield Requirement(name, text.strip(), at, SpecifierSet(text.strip()[:200]), optional)
    except InvalidSpecifier:
        return


def _poetry(text: str) -> str:
    """Return a range of Poetry in the spelling of Python: ``^7.1`` is ``>=7.1,<8``."""
    bare = text.strip()
    caret, tilde = _CARET.fullmatch(bare), _TILDE.fullmatch(bare)
    if caret is not None:
        return f">={caret[1]}{caret[2]},<{int(caret[1]) + 1}" if caret[1] != "0" else f">={caret[1]}{caret[2]},<1"
    if tilde is not None:
        lower = bare.lstrip("~ v")
        upper = f"{tilde[1]}.{int(tilde[2]) + 1}" if tilde[2] else str(int(tilde[1]) + 1)
        return f">={lower},<{upper}"
    if bare == "*":
        return ""
    return f"=={bare}" if bare[:1].isdigit() else bare
