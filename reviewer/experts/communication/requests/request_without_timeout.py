"""COM184: code asks a server by what waits for ever, and gives it no limit."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Spread
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.terminal import is_program
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from reviewer.code.module import Module
    from reviewer.code.syntax import Call

_VERBS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "request")
_ROOTS: Final = frozenset({"requests", "requests.Session()", "requests.session()"})
_OPENS: Final = "urllib.request.urlopen"
_MOST: Final = 3
"""Requests of one file that are told: more of the same says nothing new."""
_PLACE: Final = 2
"""Where ``urlopen`` takes its limit: behind the address and what is sent."""


_PAGES: Final = frozenset(
    "window document localStorage sessionStorage useState useEffect frontend web public ui pages components".split()
)
"""What code of a page speaks of, and where it stands: a person waits there, and goes when it takes too long."""
_MADE: Final = "axios.create()"


@module_check("COM184", words={"axios"})
def axios_without_timeout(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each request by a client of JavaScript that waits for ever unless it is told otherwise."""
    if module.is_test or module.language == "python" or is_tooling(module) or is_program(module):
        return
    if not module.identifiers.isdisjoint({"timeout", "signal", "AbortController", "interceptors", "cancelToken"}):
        return
    if not _PAGES.isdisjoint(module.identifiers) or not _PAGES.isdisjoint(module.path.lower().split("/")):
        return
    for call in islice(module.calls(_VERBS), _MOST):
        name = module.resolve(call.callee).rpartition(".")[0]
        if name in ("axios", _MADE) and not any(isinstance(arg, Spread) for arg in call.args):
            yield Match(
                call,
                f"'{short(module.text_of(call.callee))}' has no limit of its own and is given none: a server that "
                "accepts and never answers keeps whoever waits here for ever.",
                fix="Hand over a limit: `{ timeout: 10_000 }`.",
            )


@module_check("COM184", words={"requests", "urlopen"})
def request_without_timeout(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each request by a client that has no limit of its own."""
    if module.is_test or module.language != "python" or is_tooling(module) or is_program(module):
        return
    if "setdefaulttimeout" in module.identifiers or "HTTPAdapter" in module.identifiers:
        return
    for call in islice(_unlimited(module), _MOST):
        yield Match(
            call,
            f"'{short(module.text_of(call.callee))}' has no limit of its own and is given none: a server that accepts "
            "and never answers keeps whoever waits here, and the thread with it, for ever.",
            fix="Hand over a limit: `timeout=10`.",
        )


def _unlimited(module: Module) -> Iterator[Call]:
    for call in module.calls(("urlopen", *_VERBS)):
        if _waits_for_ever(module, call) and "timeout" not in call.keywords and not _hands_on(call):
            yield call


def _waits_for_ever(module: Module, call: Call) -> bool:
    name = module.resolve(call.callee)
    if name == _OPENS:
        return len(call.args) <= _PLACE
    return call.name in _VERBS and name.rpartition(".")[0] in _ROOTS


def _hands_on(call: Call) -> bool:
    """Tell whether a call passes on what it was given by name, a limit perhaps: ``requests.get(url, **options)``."""
    return any(isinstance(one, Spread) for one in call.args)
