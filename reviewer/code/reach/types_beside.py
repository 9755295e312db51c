"""Types that a file never names itself, and that the members of those which it imports are declared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Class

if TYPE_CHECKING:
    from reviewer.code.module import Module

_MOST: Final = 24
"""Files from which one file imports types that are looked into."""


def type_beside(module: Module, name: str) -> Class | None:
    """Return the interface of this name in the one file from which the module imports others, or None.

    ``index.latest(slug)`` gives a ``Release`` where only ``Index`` was imported, which says so in its own file.
    """
    if module.language != "typescript" or module.project is None or not name[:1].isupper():
        return None
    known: dict[str, Class | None] = module.once("code.types beside", dict)
    if name not in known:
        known[name] = _found(module, name)
    return known[name]


def _found(module: Module, name: str) -> Class | None:
    project = module.project
    if project is None or module.scopes.table(None).get(name):
        return None
    sources = {one.source for one in module.imports if one.source.startswith(".") and one.local[:1].isupper()}
    paths = sorted({path for source in sources if (path := project.target(module.path, source))})[:_MOST]
    found: list[Class] = []
    for path in paths:
        other = project.module(path)
        bound = other.scopes.table(None).get(name, ()) if other is not None else ()
        found.extend(one for one in bound if isinstance(one, Class))
    return found[0] if len(found) == 1 else None
