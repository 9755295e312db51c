"""SEC015: a right to look gives the thing itself: under a narrower type alone, or by the right of a narrower view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import callee, class_of_value, declared_member, lineage, named_type
from reviewer.code.syntax import Call, Class, Function, Index, Literal, Member, Object, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.deciding.decisions import is_check
from reviewer.experts.security.reaching.changing import READS, WRITES
from reviewer.experts.security.vocabulary import ANSWERING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Return
    from reviewer.experts.check import Inquiry

_CHANGES: Final = word_set(
    "write put set delete remove update edit replace save insert create patch rename move append clear destroy "
    "overwrite modify change amend rewrite add push dig use take drop purge upsert truncate fill spend store"
)
"""First words of what changes a thing."""
_ASKED_AND_GIVEN: Final = 2
"""Statements of a member that asks for a right and gives something."""


@module_check("SEC015", words=ANSWERING | {"throw", "raise"})
def narrower_in_name(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what each member that asks for a right gives out."""
    if module.is_test:
        return
    for members in _faces(module):
        asked = [(member, right) for member in members if (right := _right(module, member)) is not None]
        spoken: set[int] = set()
        for reader, writer, answer in _given_alike(module, asked):
            spoken.add(id(answer))
            yield Match(
                answer,
                f"'{reader.name}' asks for a right to look, and gives the very thing that '{writer.name}' gives to "
                "those who may change it.",
                related=((writer, "the same thing, for another right"),),
            )
        narrow: dict[str, Function] = {}
        for member, right in asked:
            shape = _declared(module, member)
            if shape is None or _changing(shape):
                continue
            narrow.setdefault(right, member)
            for answer in returns_of(member):
                act = _beyond(module, answer, shape) if id(answer) not in spoken else ""
                if act:
                    yield Match(
                        answer,
                        f"'{member.name}' gives out the thing itself as '{shape.name}': the type has no '{act}', and "
                        "what is given has, so a right to look is one to change.",
                    )
                    break
        for member, right in asked:
            other = narrow.get(right)
            wide = _declared(module, member) if other is not None and other is not member else None
            act = _changing(wide) if wide is not None else ""
            if act and other is not None and right and _rights(module, member) == {right}:
                yield Match(
                    member.body[0] if member.body else member,
                    f"'{member.name}' asks for '{right}', by which '{other.name}' gives a view that changes nothing, "
                    f"and gives what has '{act}': whoever may look may change.",
                    related=((other, "the view that the same right gives"),),
                )


def _given_alike(module: Module, asked: list[tuple[Function, str]]) -> Iterator[tuple[Function, Function, Return]]:
    """Yield (reader, writer, answer) for two that only ask and give the same: for a right to read, and one to write."""
    given = [
        (member, _verbs(right), answer, module.text_of(answer.value))
        for member, right in asked
        for answer in returns_of(member)
        if isinstance(answer.value, Call | Member | Index) and len(member.body) <= _ASKED_AND_GIVEN
    ]
    for reader, verbs, answer, text in given:
        if verbs & READS and not verbs & WRITES:
            writer = next((other for other, may, _at, same in given if same == text and may & WRITES), None)
            if writer is not None:
                yield reader, writer, answer


def _verbs(right: str) -> set[str]:
    return set(words(right)) & (READS | WRITES)


def _faces(module: Module) -> Iterator[list[Function]]:
    """Yield the members of each class and of each object that is made of functions."""
    for cls in module.classes:
        if cls.kind == "class":
            yield [one for one in cls.methods if one.kind in ("method", "getter") and not one.signature_only]
    for made in module.all(Object):
        members = [value for _key, value in made.entries if isinstance(value, Function)]
        if len(members) > 1:
            yield members


def _right(module: Module, member: Function) -> str | None:
    """Return the right that a member asks for, empty where it is not written out, or None where it asks for none."""
    return next(_asked_for(module, member), None)


def _rights(module: Module, member: Function) -> set[str]:
    """Return all the rights that a member asks for, one after the other."""
    return set(_asked_for(module, member))


def _asked_for(module: Module, member: Function) -> Iterator[str]:
    for call in calls_in(member.body, into_functions=False):
        if is_check(module, call) or _refuses_itself(module, call):
            texts = [strip(arg) for arg in (*call.args, *call.keywords.values())]
            yield next((one.value for one in texts if isinstance(one, Literal) and isinstance(one.value, str)), "")


def _refuses_itself(module: Module, call: Call) -> bool:
    """Tell whether a call reaches a helper of the file that asks for whom the object was made: ``can("pantry")``."""
    target = callee(module, call)
    return target is not None and any(is_check(target.module, one) for one in calls_in(target.body))


def _declared(module: Module, member: Function) -> Class | None:
    """Return the type of the subject that a member says it gives."""
    if member.returns:
        return named_type(module, member.returns)
    promised = _promised(module, member)
    return named_type(module, promised) if promised else None


def _promised(module: Module, member: Function) -> str:
    """Return what the type of an object says that a member of it gives: ``larder(): Larder`` of ``Kit``."""
    maker = member.outer
    shape = named_type(module, maker.returns) if maker is not None and maker.returns else None
    found = declared_member(shape, member.name) if shape is not None else None
    return found.returns if found is not None else ""


def _changing(shape: Class) -> str:
    """Return a public member of a type, or of one that it extends, that changes things; empty for none."""
    for cls in lineage(shape):
        for method in cls.methods:
            if method.kind == "method" and not method.private and set(words(method.name)[:1]) & _CHANGES:
                return method.name
    return ""


def _beyond(module: Module, answer: Return, shape: Class) -> str:
    """Return a member by which what is given changes things, though its declared type has none."""
    given: Expr | None = strip(answer.value) if answer.value is not None else None
    cls = class_of_value(module, given) if given is not None else None
    if cls is None or cls is shape:
        return ""
    act = _changing(cls)
    return act if act and declared_member(shape, act) is None else ""
