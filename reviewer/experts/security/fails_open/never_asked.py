"""What an object is handed that says whom the host trusts, and that it keeps without ever looking into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Member, Name
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find
from reviewer.experts.paths import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.syntax import Class, Node

_TRUST: Final = word_set(
    "shipped builtin builtins bundled trusted trust official internal firstparty own approved approvals approval "
    "consent consents consented signed vouched allowed allowlist granted grants confirm confirmation"
)
"""Words of what says whom the host, or a person, trusts with something."""


def never_asked(at: Node) -> str:
    """Return the field of the object around a place that says whom to trust and is read nowhere; else nothing."""
    cls = class_of(at)
    if cls is None:
        return ""
    read = {
        part.name
        for part in find(cls, Member)
        if is_this_member(part) and not (isinstance(part.parent, Assign) and part.parent.target is part)
    }
    return next((name for name in _kept(cls) if name not in read and set(words(name)) & _TRUST), "")


def _kept(cls: Class) -> Iterator[str]:
    """Yield the private fields in which an object keeps what its maker was handed."""
    for method in cls.methods:
        if method.kind != "constructor" and method.name != "__init__":
            continue
        yield from (param.name for param in method.params if param.access and "private" in param.access)
        given = {param.name for param in method.params}
        for assign in find(method.body, Assign):
            value, target = assign.value, assign.target
            if not isinstance(target, Member) or not is_this_member(target) or not isinstance(value, Name):
                continue
            hidden = target.name[:1] in "_#" or any(one.private for one in cls.fields if one.name == target.name)
            if hidden and value.id in given:
                yield target.name
