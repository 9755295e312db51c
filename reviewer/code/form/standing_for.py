"""Public functions whose whole work stands in a private one: ``run(job) { return this.doRun(job); }``.

Where nothing else calls the private one, the two are one function, that has the name and the place of the first and the
body of the second. Whoever asks what ``run`` does need not know that it was written in two pieces.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Class, Export, Function, Statement
from reviewer.core.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tree_sitter import Node as RawNode

    from reviewer.code.module import Module

_LONGEST: Final = 200
"""Bytes of a body that does nothing but call; also a bound for the patterns."""
_CALL: Final = rb"(?P<waits>await\s+)?(?P<of>(?:this|self)\s*\.\s*)?(?P<name>#?[\w$]+)\s*\((?P<given>[\w$,\s]*)\)"
_SCRIPT: Final = regex(rb"\{\s*(?P<gives>return\s+)?" + _CALL + rb"\s*;?\s*\}")
_PYTHON: Final = regex(rb"(?P<gives>return\s+)?" + _CALL)
_NAME: Final = regex(rb"[\w$]+")


def join_pieces(module: Module, body: list[Statement]) -> None:
    """Make one function of each pair in the statements of a module and in its classes."""
    functions = {f.name: f for f in body if isinstance(f, Function)}
    shown = [f for one in body if isinstance(one, Export) for f in one.body if isinstance(f, Function)]
    for function in [*functions.values(), *shown]:
        name = _hands_on_to(module, function)
        worker = functions.get(name)
        if worker is not None and _is_its_own(module, function, worker):
            body.remove(worker)
            _take_place(module, function, worker, body)
            functions.pop(name, None)
    for cls in [one for one in module.definitions.values() if isinstance(one, Class) and one.kind == "class"]:
        _join_methods(module, cls)


def hand_over(module: Module, method: Function) -> RawNode | None:
    """Return the statement by which a method handed its work to the private one that now stands for it."""
    home = method.owner.raw.child_by_field_name("body") if method.owner is not None else None
    for raw in home.named_children if home is not None else ():
        if raw.id != method.raw.id and module.definitions.get(raw.id) is method:
            body = raw.child_by_field_name("body")
            return next(iter(body.named_children), None) if body is not None else None
    return None


def _join_methods(module: Module, cls: Class) -> None:
    for method in list(cls.methods):
        name = _hands_on_to(module, method)
        worker = cls.method(name) if name else None
        if worker is not None and _is_its_own(module, method, worker):
            cls.methods.remove(worker)
            _become(module, method, worker)
            cls.methods[cls.methods.index(method)] = worker


def _hands_on_to(module: Module, function: Function) -> str:
    """Return the name of the function that is called with the same parameters and does all the work; else nothing."""
    raw = function.raw
    body = raw.child_by_field_name("body")
    if body is None or body.end_byte - body.start_byte > _LONGEST or not _is_plain(function):
        return ""
    python = module.language == "python"
    hit = (_PYTHON if python else _SCRIPT).fullmatch(module.source[body.start_byte : body.end_byte])
    if hit is None or (hit["of"] is None) is (function.owner is not None):
        return ""
    if not hit["gives"] and not hit["waits"]:
        return ""  # what the other one gives is dropped here, and that says something
    given = _NAME.findall(hit["given"])
    taken = _params(raw)
    if python and function.owner is not None:
        taken = taken[1:]
    same = len(given) == len(taken) and all(_NAME.match(module.source, p.start_byte) for p in taken)
    if not same or any(not _takes(module, part, name) for part, name in zip(taken, given, strict=True)):
        return ""
    return hit["name"].decode()


def _takes(module: Module, part: RawNode, name: bytes) -> bool:
    hit = _NAME.match(module.source, part.start_byte)
    return hit is not None and hit.group() == name


def _params(raw: RawNode) -> list[RawNode]:
    listed = raw.child_by_field_name("parameters")
    return [one for one in listed.named_children if one.type != "comment"] if listed is not None else []


def _is_plain(function: Function) -> bool:
    kinds = ("function", "method")
    return (
        function.kind in kinds
        and not function.static
        and not function.decorators
        and not function.generator
        and function.outer is None
    )


def _is_its_own(module: Module, function: Function, worker: Function) -> bool:
    """Tell whether a function is there for one other only, which gives it all that it takes."""
    if worker is function or not _is_plain(worker) or worker.signature_only or worker.owner is not function.owner:
        return False
    if module.language == "python" and not worker.name.startswith("_"):
        return False
    if len(_params(worker.raw)) != len(_params(function.raw)):
        return False
    name = re.escape(worker.name.removeprefix("#").encode())
    return len(re.findall(rb"(?<![\w$])" + name + rb"(?![\w$])", module.source)) == 2


def _take_place(module: Module, function: Function, worker: Function, body: list[Statement]) -> None:
    """Let a function of a module stand for another, where its own text is."""
    _become(module, function, worker)
    place: Statement = function
    for statement in body:
        if isinstance(statement, Export) and function in statement.body:
            statement.body[statement.body.index(function)] = worker
            statement.raw, worker.parent = worker.raw, statement
            place = statement
    body.remove(place)
    moved = worker if place is function else place
    before: Iterable[int] = (i for i, one in enumerate(body) if one.raw.start_byte > moved.raw.start_byte)
    body.insert(next(iter(before), len(body)), moved)


def _become(module: Module, function: Function, worker: Function) -> None:
    """Let a function be what another one is to everybody else."""
    worker.name, worker.private, worker.kind = function.name, function.private, function.kind
    worker.asynchronous = worker.asynchronous or function.asynchronous
    worker.returns = worker.returns or function.returns
    worker.parent = function.parent
    module.definitions[function.raw.id] = worker
