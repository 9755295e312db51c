"""Finds the interfaces that a subject really has, with the places that show them: the ground of a threat model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Class, Function, Import, Literal, Member, strip
from reviewer.code.text.words import words
from reviewer.core.location import Location
from reviewer.core.review import Interface, Sign
from reviewer.experts.place import locate
from reviewer.experts.tooling import is_tooling
from reviewer.library.threats import surfaces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.project import Project
    from reviewer.core.review import Permissions
    from reviewer.library.threats import Surface
    from reviewer.subject.model import Subject

_SHOWN: Final = 5
"""Signs of an interface that are told; the others are counted."""
_FILES: Final = 500
"""Files of an interface that are told."""
_MOST: Final = 5_000
"""Signs of an interface in one file that are looked at."""
_LONGEST: Final = 100
_READ: Final = frozenset({"env", "environ", "clipboard"})
"""Names of members that are signs without being called."""


def survey(subject: Subject, project: Project, permissions: Permissions) -> tuple[Interface, ...]:
    """Return the interfaces that fit the kind of the subject, those without any sign too."""
    fitting = [surface for surface in surfaces() if subject.kind in surface.kinds]
    found: dict[str, list[Sign]] = {surface.id: [] for surface in fitting}
    for surface in fitting:
        if surface.manifest and subject.manifest is not None:
            found[surface.id].append(Sign("the manifest", Location(subject.manifest_path, 1, 1, 1, 1)))
        for place in permissions.places:
            if place.permission.split(".", 1)[0] in surface.permissions:
                asked = "asked for" if place.declared else "used"
                found[surface.id].append(Sign(f"{place.permission} {asked}", place.location))
    for module in project.modules():
        if not (module.is_test or is_tooling(module.path)):
            _of_module(module, fitting, found)
    return tuple(_interface(surface, found[surface.id]) for surface in fitting)


def _interface(surface: Surface, signs: list[Sign]) -> Interface:
    """Keep of each sort of sign the first, so that a few places show all there is."""
    unique = sorted(set(signs), key=lambda sign: (sign.location, sign.text))
    first: dict[str, Sign] = {}
    for sign in unique:
        first.setdefault(sign.text, sign)
    shown = [*first.values()][:_SHOWN]
    paths = dict.fromkeys(sign.location.path for sign in unique)
    places = len({sign.location for sign in unique})
    return Interface(surface.id, surface.title, tuple(shown), places, tuple(paths)[:_FILES])


def _of_module(module: Module, fitting: Sequence[Surface], found: dict[str, list[Sign]]) -> None:
    for surface in fitting:
        signs = found[surface.id]
        before = len(signs)
        for sign in (*_imported(module, surface), *_called(module, surface), *_defined(module, surface)):
            signs.append(sign)
            if len(signs) - before >= _MOST:
                break


def _imported(module: Module, surface: Surface) -> Iterator[Sign]:
    if not surface.imports:
        return
    for node in module.all(Import):
        if _is_among(node.source, surface, module) and not all(one.type_only for one in node.names):
            yield Sign(f"import of {node.source.removeprefix('node:')}", locate(module, node))


def _is_among(source: str, surface: Surface, module: Module) -> bool:
    """Tell whether an import is of a package of the interface, or of something in one."""
    python = module.language == "python"
    name = source.removeprefix("node:")
    if not python and f"node:{name}" in surface.imports:
        return True
    joint = "." if python else "/"
    parts = name.split(joint)
    return any(joint.join(parts[:end]) in surface.imports for end in range(1, len(parts) + 1))


def _called(module: Module, surface: Surface) -> Iterator[Sign]:
    for call in module.all(Call):
        name = call.name
        if name in surface.calls:
            yield _sign(module, call)
        elif name in surface.dynamic:
            if call.args and not isinstance(strip(call.args[0]), Literal):
                yield _sign(module, call)
        elif name in ("require", "import") and call.args and isinstance(literal := strip(call.args[0]), Literal):
            if _is_among(source := str(literal.value), surface, module):
                yield Sign(f"import of {source.removeprefix('node:')}", locate(module, call))
        elif surface.callees:
            resolved = module.resolve(call.callee)
            # What is called on the value of such a call is another matter.
            if resolved.startswith(surface.callees) and "(" not in resolved:
                yield _sign(module, call)
    if surface.callees and module.identifiers & _READ:
        for member in module.all(Member):
            if member.name in _READ and (resolved := module.resolve(member)).startswith(surface.callees):
                yield Sign(resolved[:_LONGEST], locate(module, member))


def _sign(module: Module, call: Call) -> Sign:
    spelled = module.resolve(call.callee) or call.name
    return Sign(f"{spelled[:_LONGEST]}()", locate(module, call))


def _defined(module: Module, surface: Surface) -> Iterator[Sign]:
    """Yield classes, and functions whose name has at least two of the words: one says too little of a function."""
    if not surface.definitions:
        return
    named: list[Class | Function] = [*module.all(Class), *module.all(Function)]
    for node in named:
        have = frozenset(words(node.name))
        few = 1 if isinstance(node, Class) else 2
        if any(group <= have and len(group) >= few for group in surface.definitions):
            place = locate(module, node)
            head = Location(place.path, place.line, place.column, place.line, place.column)
            yield Sign(f"{'class' if few == 1 else 'function'} {node.name[:_LONGEST]}", head)
