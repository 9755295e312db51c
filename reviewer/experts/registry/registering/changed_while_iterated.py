"""REG026: entries are taken out of a collection while a loop goes over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop
from reviewer.code.reach.links import callee, definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Call,
    Class,
    Delete,
    Expr,
    For,
    Function,
    Index,
    Member,
    Name,
    Node,
    strip,
)
from reviewer.code.tables import kind_of
from reviewer.code.text.words import words
from reviewer.code.walk import inside, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.shrinking import leaves_after, skips

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_VIEWS: Final = frozenset({"items", "keys", "values"})
_GIVE_DICTS: Final = frozenset("load loads safe_load get pop setdefault copy deepcopy items groupby asdict".split())
"""Calls on a library that give a dict, if they give something with keys."""
_COPIED: Final = frozenset({"os.environ", "os.environb"})
"""Mappings that list their keys before they give the first one."""
_LETTERS: Final = frozenset("msg message mail email letter inner part headers".split())
"""What a mail, or a part of one, is called."""
_TAKES_OUT: Final = frozenset({"pop", "remove", "discard", "popitem", "clear", "insert"})


@module_check("REG026", words={"del", "pop", "remove", "discard", "splice", "clear", "popitem"})
def changed_while_iterated(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every loop over a collection that its body, or a method called there, makes smaller."""
    if module.is_test:
        return
    if module.language == "python":
        for loop in module.all(For):
            yield from _of_python(module, loop)
        return
    if "splice" not in module.identifiers:
        return
    for loop in module.all(For):
        if loop.style == "of":
            yield from _by_call(module, loop)
    for call in module.calls(("splice",)):
        place = skips(module, call)
        if place is not None:
            yield Match(
                call,
                f"'{short(module.text_of(call))}' moves the rest up while the loop counts on: the entry behind each "
                "that is taken out is skipped.",
                related=((place, "the loop"),),
            )


def _of_python(module: Module, loop: For) -> Iterator[Match]:
    over = _gone_over(loop)
    if over is None or module.resolve(over) in _COPIED:
        return
    text = module.text_of(over)
    for node in walk(loop.body, into_functions=False):
        changed = _changes(module, node, text) or _changes_by_call(module, node, over)
        if changed and enclosing_loop(node) is loop and not leaves_after(node, loop):
            yield Match(
                loop,
                f"'{short(text)}' is changed while the loop goes over it: a dict or set ends the loop with a "
                "RuntimeError, a list skips the entry after each that is taken out.",
                related=((node, "changed here"),),
                confidence=Confidence.POSSIBLE
                if _of_strangers(module, loop, over) or _is_letter(module, over)
                else None,
            )
            return


def _of_strangers(module: Module, loop: For, over: Expr) -> bool:
    """Tell whether the keys are asked of an object of some library, which may answer with a list of its own.

    ``box = mailbox.mbox(path)`` and the tags of a song do; a dict gives a view.
    """
    asked = strip(loop.iterable) if loop.iterable is not None else None
    made = module.scopes.origin(over)
    if not isinstance(asked, Call) or asked.name not in _VIEWS or not isinstance(made, Call):
        return False
    builds = made.name[:1].isupper() or made.name in ("cls", "klass") or made.receiver is not None
    known = kind_of(module, made) or made.name in _GIVE_DICTS
    return builds and not known and not isinstance(definition(module, made.callee), Function | Class)


def _is_letter(module: Module, over: Expr) -> bool:
    """Tell whether the headers of a mail are gone through, which a mail gives as a list of their own."""
    said = set(last_words(over)[-1:])
    return bool(said & _LETTERS) and any(
        one.source.partition(".")[0] in ("email", "mailbox") or _says_mail(one.source) for one in module.imports
    )


def _says_mail(source: str) -> bool:
    """Tell whether a module that is imported deals with mail, by its name."""
    return bool(set(words(source)) & {"email", "mail", "mailman", "smtplib", "mime"})


def _by_call(module: Module, loop: For) -> Iterator[Match]:
    """Find what a loop calls that moves the list up which the loop goes over."""
    over = _gone_over(loop)
    if over is None:
        return
    for node in walk(loop.body, into_functions=False):
        if not isinstance(node, Call) or not _changes_by_call(module, node, over):
            continue
        if enclosing_loop(node) is loop and not leaves_after(node, loop):
            yield Match(
                loop,
                f"'{short(module.text_of(node))}' takes entries out of '{short(module.text_of(over))}' while the loop "
                "goes over it: the entry behind each that is taken out is skipped.",
                related=((node, "taken out here"),),
            )
            return


def _gone_over(loop: For) -> Expr | None:
    """Return the collection itself that a loop goes over; None for a copy of it."""
    over = strip(loop.iterable) if loop.iterable is not None else None
    if isinstance(over, Call) and over.name in _VIEWS and not over.args and over.receiver is not None:
        over = strip(over.receiver)
    return over if isinstance(over, Name | Member) else None


def _changes(module: Module, node: Node, text: str) -> bool:
    if isinstance(node, Delete):
        return any(isinstance(t, Index) and module.text_of(t.object) == text for t in node.targets)
    takes = _TAKES_OUT if module.language == "python" else {"splice"}
    if isinstance(node, Call) and node.name in takes and node.receiver is not None:
        return module.text_of(node.receiver) == text
    return False


def _changes_by_call(module: Module, node: Node, over: Expr) -> bool:
    """Tell whether a call reaches a function of the file that takes something out of what the loop goes over."""
    if not isinstance(node, Call):
        return False
    target = callee(module, node)
    if target is None or target.module is not module or not _same_inside(module, node, over, target):
        return False
    return any(_changes(module, part, module.text_of(over)) for part in walk(target.body, into_functions=False))


def _same_inside(module: Module, call: Call, over: Expr, target: Function) -> bool:
    """Tell whether a collection goes by the same name in a function that is called: a field, or a shared variable."""
    if is_this_member(over):
        return isinstance(call.receiver, Name) and call.receiver.id == "this"
    if not isinstance(over, Name) or call.receiver is not None or not target.body or inside(call, target):
        return False  # a function that calls itself has variables of its own each time
    here, there = module.scopes.lookup(over.id, over), module.scopes.lookup(over.id, target.body[0])
    return bool(here) and [id(one) for one in here] == [id(one) for one in there]
