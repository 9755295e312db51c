"""Whether an archive is measured before it is handed to what unpacks it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.reach.call_sites import call_sites
from reviewer.code.syntax import Function, If, Throw
from reviewer.code.walk import ancestors, find, inside
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call

_MOST_SITES: Final = 20


def limited_by_callers(module: Module, function: Function, limits: frozenset[str]) -> bool:
    """Tell whether every call of a function stands behind a test of a size that refuses the archive."""
    found = [call for _where, call in islice(call_sites(module, function) or (), _MOST_SITES)]
    calls = [call for call in found if not inside(call, function)]
    return bool(calls) and all(_measured_before(call, limits) for call in calls)


def _measured_before(call: Call, limits: frozenset[str]) -> bool:
    outer = next((one for one in ancestors(call) if isinstance(one, Function)), None)
    return outer is not None and any(
        look.start < call.start and said_in(look.test) & limits and next(find(look.body, Throw), None) is not None
        for look in find(outer.body, If)
    )
