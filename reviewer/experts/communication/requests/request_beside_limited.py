"""COM184: one request of a file has no limit, where the others are given one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Name, Object, strip
from reviewer.code.walk import ancestors, function_of
from reviewer.experts.check import Inquiry, Match, module_check
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from reviewer.code.module import Module

_LIMITERS: Final = frozenset("race within withtimeout timeout limited deadline abort signal settimeout".split())
_NETWORKS: Final = frozenset({"network", "net", "http", "web", "fetcher"})
_MOST: Final = 2
"""Arguments of ``fetch``: what is asked, and how."""


@module_check("COM184", words={"fetch"})
def request_beside_limited(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each ``fetch`` of a file in which another one is handed a signal."""
    if module.is_test or module.language == "python" or is_tooling(module):
        return
    asked = [call for call in module.calls(("fetch",)) if _is_plain(module, call) or _is_of_network(call)]
    with_limit = {module.text_of(call.callee): call for call in asked if _signal(call)}
    for call in asked:
        function, limited = function_of(call), with_limit.get(module.text_of(call.callee))
        if limited is None:
            continue
        bounded = function is not None and said_in(function.body) & _LIMITERS
        if bounded or not _says_all(call) or any(isinstance(a, Call) and a.name in _LIMITERS for a in ancestors(call)):
            continue
        yield Match(
            call,
            "This request is given no limit, as another of this file is: a server that accepts and never answers "
            "keeps whoever waits here waiting for ever.",
            related=((limited, "this one has a limit"),),
            fix="Hand over a limit: `{ signal: AbortSignal.timeout(5_000) }`.",
        )


def _is_plain(module: Module, call: Call) -> bool:
    """Tell whether a call is of the ``fetch`` that every host has."""
    return isinstance(strip(call.callee), Name) and module.resolve(call.callee) == "fetch" and bool(call.args)


def _is_of_network(call: Call) -> bool:
    """Tell whether a call is of the network that a host lends: ``context.network.fetch(url, options)``."""
    return bool(call.args) and call.receiver is not None and bool(set(last_words(call.receiver)[-1:]) & _NETWORKS)


def _options(call: Call) -> Object | None:
    given = strip(call.args[1]) if len(call.args) == _MOST else None
    return given if isinstance(given, Object) else None


def _signal(call: Call) -> bool:
    options = _options(call)
    return options is not None and options.get("signal") is not None


def _says_all(call: Call) -> bool:
    """Tell whether a call shows all that it asks with, and a signal is not among it."""
    options = _options(call)
    return len(call.args) == 1 or (options is not None and not options.spreads and not _signal(call))
