"""REG131: stored packages are swept away without a look at who still uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.standing import Standing
from reviewer.code.syntax import Binary, Call, Expr, For, Function, If, Literal, Name, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.registry.entering import reached

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_REMOVES: Final = frozenset({"unlink", "rmtree", "rm", "rmSync", "unlinkSync", "rmdir", "remove"})
_LISTS: Final = frozenset("glob rglob iterdir listdir scandir readdir readdirSync walk".split())
_USERS: Final = word_set(
    "lease leases leased holder holders refcount refcounts refs pinned pins pin claims borrowed borrowers inuse usedby "
    "referenced tenants"
)
"""Words for who holds on to a package that is stored."""
USED: Final = _USERS | word_set(
    "active running loaded use used uses using busy mounted live current opened instances sessions"
)
"""Words by which a sweep may ask for them."""


@module_check("REG131", words={"glob", "iterdir", "listdir", "scandir", "readdir", "walk"})
def swept_in_use(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each loop that removes stored files, where the subject keeps a record of who uses them."""
    if module.is_test:
        return
    for loop in module.all(For):
        function = function_of(loop)
        if function is None or loop.iterable is None or not _lists(module, loop.iterable):
            continue
        listed = names_in(loop.target) if loop.target is not None else set()
        gone = next(
            (call for call in find(loop.body, Call) if call.name in _REMOVES and not _of_list(call, listed)), None
        )
        if gone is None or not _compares(loop) or _asks(module, function) or not _keeps_record(inquiry):
            continue
        yield Match(
            loop,
            f"'{function.name}' removes what is stored by what is offered alone, and the record of who still holds it "
            "is not asked: the version that somebody runs is deleted under them.",
            related=((gone, "removed here"),),
        )


def _of_list(call: Call, listed: set[str]) -> bool:
    """Tell whether only the list that ``os.walk`` goes through becomes shorter: ``folders.remove(".git")``."""
    on = strip(call.receiver) if call.receiver is not None else None
    return isinstance(on, Name) and on.id in listed and bool(call.args)


def _compares(loop: For) -> bool:
    """Tell whether what is stored is held against what is offered, and not against its age or the end of its name."""
    parts = [loop.iterable, *loop.body] if loop.iterable is not None else loop.body
    left = loop.iterable is not None and any(node.op == "-" for node in find(loop.iterable, Binary))
    if left or any(node.op in ("in", "not in") for node in find(parts, Binary)):
        return True
    each = names_in([loop.target]) if loop.target is not None else set()
    if any(_same(one.test, each) for one in find(loop.body, If)):
        return True
    asked = (call for test in find(loop.body, If) for call in find(test.test, Call))
    return any(names_in([*call.args]) & each for call in asked) or any(
        call.name in ("has", "includes", "get", "difference", "some", "find") for call in find(parts, Call)
    )


def _same(test: Expr, each: set[str]) -> bool:
    """Tell whether a test asks if a stored name is a certain one: ``version === newest``."""
    parts = [one for one in find(test, Binary) if one.op in ("==", "!=")]
    return any(
        names_in(one) & each and not any(isinstance(strip(side), Literal) for side in (one.left, one.right))
        for one in parts
    )


def _lists(module: Module, iterable: Expr) -> bool:
    made = module.scopes.origin(iterable)
    return any(call.name in _LISTS for expr in (iterable, made) if isinstance(expr, Expr) for call in find(expr, Call))


def _asks(module: Module, function: Function) -> bool:
    """Tell whether the sweep, or what it calls, speaks of those who use what is stored."""
    return any(USED & (said_in(one) | set(words(one.name))) for one in reached(module, function, 2))


def _keeps_record(inquiry: Inquiry) -> bool:
    """Tell whether the subject has a function that takes hold of a stored package, or a table of who does."""
    return any(_RECORDING.of(inquiry.project))


def _records(module: Module) -> bool:
    """Tell whether a file has such a function or such a table."""
    return any(
        _USERS & set(words(function.name)) and not function.signature_only for function in module.functions
    ) or any(_USERS & set(words(table.name)) or words(table.name)[-2:] == ("in", "use") for table in tables(module))


_RECORDING: Final = Standing("registry.users", _records, _USERS | {"use"})
