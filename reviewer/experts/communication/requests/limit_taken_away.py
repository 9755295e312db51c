"""COM184: a client of the network that would end its waiting by itself is told never to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Literal, strip
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.terminal import is_program
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call

_VERBS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_WITH_LIMIT: Final = frozenset(
    {"httpx.Client", "httpx.AsyncClient", *(f"{root}.{verb}" for root in ("httpx", "requests") for verb in _VERBS)}
)
_TOTAL: Final = "aiohttp.ClientTimeout"
_LONG: Final = frozenset(
    "stream streaming sse poll polling websocket ws chunks download completion completions".split()
)
"""Words of files in which an answer may come for hours."""


@module_check("COM184", words={"httpx", "requests", "aiohttp"})
def limit_taken_away(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each client and request whose limit is ``None``."""
    if module.is_test or module.language != "python" or is_tooling(module) or is_program(module):
        return
    if module.words & _LONG:
        return
    for call in module.calls(("Client", "AsyncClient", "ClientTimeout", *_VERBS)):
        if _without_limit(module, call) and not _given_elsewhere(module):
            yield Match(
                call,
                f"'{short(module.text_of(call.callee))}' is told to wait without a limit: a server that accepts and "
                "never answers keeps whoever waits here for ever.",
                fix="Give it a limit: `timeout=10`.",
            )


def _without_limit(module: Module, call: Call) -> bool:
    name = module.resolve(call.callee)
    given = call.keywords.get("total" if name == _TOTAL else "timeout")
    value = strip(given) if given is not None else None
    if not isinstance(value, Literal) or value.value is not None:
        return False
    return name in _WITH_LIMIT or (name == _TOTAL and len(call.keywords) == 1)


def _given_elsewhere(module: Module) -> bool:
    """Tell whether a file waits with limits of its own: around a request, or at it."""
    if {"wait_for", "fail_after", "move_on_after"} & module.identifiers or any(module.calls(("timeout",))):
        return True
    return any(
        not (isinstance(given := strip(call.keywords["timeout"]), Literal) and given.value is None)
        for call in module.calls((*_VERBS, "stream", "send"))
        if "timeout" in call.keywords
    )
