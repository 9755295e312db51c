"""Classes that something is called after: ``desk.exportPolicy`` is an ``ExportPolicy``, if nothing says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.syntax import Member, Name, Param, strip
from reviewer.code.text.words import words

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Class, Expr


def class_called_so(module: Module, holder: Expr, *, short: bool = False) -> Class | None:
    """Return the one class of the subject that a member, or a parameter without a type, is called after.

    A member of a single word, such as ``this.yard``, counts only where ``short`` is given: for who knows more of it.
    """
    holder = strip(holder)
    called = words(holder.name.lstrip("#_")) if isinstance(holder, Member) else ()
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    if isinstance(holder, Name) and len(bound) == 1 and isinstance(bound[0], Param) and not bound[0].type:
        called = words(holder.id)
    elif len(called) < 2 and not (short and called):
        return None
    if not called or module.project is None:
        return None
    name = "".join(word.capitalize() for word in called)
    found = [
        cls
        for other in module.project.modules_with_class(name)
        for cls in other.classes
        if cls.name == name and cls.outer is None
    ]
    return found[0] if len(found) == 1 else None
