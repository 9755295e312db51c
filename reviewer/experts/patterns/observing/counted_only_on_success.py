"""PAT017: how long each run took is always recorded, and that there was one only where it went well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Await, Call, Index, Literal, Member, Name, Return, Try, strip
from reviewer.code.walk import find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry

_CLOCKS: Final = frozenset({"perf_counter", "monotonic", "now", "time", "hrtime", "process_time", "bigint"})
_COUNTS: Final = frozenset({"inc", "increment", "incr", "count", "add"})
_FAILS: Final = frozenset({"error", "errors", "failed", "failures", "fail", "failure"})


@module_check("PAT017", words={"perf", "monotonic", "performance", "hrtime", "now"})
def counted_only_on_success(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``try`` whose end records a time, for a count of runs that stands before it."""
    if module.is_test:
        return
    for tried in module.all(Try):
        if not tried.final or function_of(tried) is None or not _asks_clock(tried.final):
            continue
        work = next((one for one in find(tried.body, Await, into_functions=False)), None) or next(
            (one for one in find(tried.body, Call, into_functions=False)), None
        )
        elsewhere = {
            name
            for part in (*tried.handlers, *tried.final)
            for one in walk(part)
            if (name := _counted(one)) is not None
        }
        for node in walk(tried.body, into_functions=False):
            counted = _counted(node)
            if counted is None or work is None or node.start < work.stop or counted in elsewhere:
                continue
            if _told_by_handlers(tried) or not _after_all(tried, node):
                continue
            yield Match(
                node,
                f"'{short(module.text_of(node))}' counts a run only when it went well, while its time is always "
                "recorded: runs that fail or are cancelled are in no figure, and nobody can see how many.",
                related=((work, "may fail here"),),
            )
            break


def _asks_clock(final: Sequence[Node]) -> bool:
    return any(call.name in _CLOCKS and not call.args for call in find(list(final), Call))


def _counted(node: Node) -> str | None:
    """Return the first name of what a node counts up by one, as a member or under a key; None for anything else."""
    target: Expr | None = None
    if isinstance(node, Assign) and node.op == "+=" and node.value is not None:
        one = strip(node.value)
        target = strip(node.target) if isinstance(one, Literal) and one.value == 1 else None
    elif isinstance(node, Call) and node.name in _COUNTS and node.receiver is not None and len(node.args) < 3:
        target = node.receiver
    if isinstance(node, Assign) and not isinstance(target, Index | Member):
        return None
    while isinstance(target, Index | Member | Call):
        if isinstance(target, Member) and isinstance(target.object, Name) and target.object.id == "this":
            return target.name
        inner = target.receiver if isinstance(target, Call) else target.object
        if inner is None:
            return None
        target = strip(inner)
    return target.id if isinstance(target, Name) else None


def _told_by_handlers(tried: Try) -> bool:
    """Tell whether some handler counts, or tells of failures, by whatever name."""
    return any(
        _counted(one) is not None or (isinstance(one, Name) and one.id in _FAILS)
        for handler in tried.handlers
        for one in walk(handler)
    )


def _after_all(tried: Try, node: Node) -> bool:
    """Tell whether a count is one of the last things that are done where all went well."""
    rest = [one for one in tried.body if one.start > node.start]
    return all(isinstance(one, Return) for one in rest)
