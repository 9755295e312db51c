"""SEC037: a host is checked, and then a redirect leads somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Literal, Member, Name, Node, Object, Param, Spread, Unary, strip
from reviewer.code.text.words import words
from reviewer.code.walk import function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.security.guards import asks_of_host, limited
from reviewer.experts.security.network_calls import NETWORK_WORDS, fetches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HOSTS: Final = word_set("host hostname hosts domain domains origin origins netloc address allowlist")
_ALLOWS: Final = word_set(
    "allow allowed allows allowlist hosts domains origins permitted trusted granted grants has includes private public "
    "internal some any in ensure assert check require may can"
)
_OPTIONS: Final = frozenset(
    "redirect redirects allow_redirects follow_redirects maxRedirects max_redirects followRedirect followRedirects "
    "beforeRedirect maxRedirections event_hooks".split()
)
"""What says how redirects are treated."""
_STAYS: Final = ("httpx.", "undici.request", "http.get", "https.get", "http.request", "https.request", "net.")
"""Clients that follow no redirect unless they are told to."""


@module_check("SEC037", words=NETWORK_WORDS)
def redirect_followed(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every request whose host was checked before."""
    if module.is_test:
        return
    for call, address in fetches(module):
        if _says_how(module, call) or not _follows(module, call):
            continue
        if _host_checked(module, call, address):
            yield Match(
                _asked_for(module, call) or call,
                f"The host of '{short(module.text_of(address))}' was checked, and the answer may be a redirect to any "
                "other, which is followed: the list of hosts ends at the first of them.",
                confidence=Confidence.POSSIBLE if _is_completed(module, call) else None,
            )


def _follows(module: Module, call: Call) -> bool:
    """Tell whether a client follows redirects by itself, or was made to."""
    name = module.resolve(call.callee)
    if not name.startswith(_STAYS) and "httpx" not in name and not _is_httpx(module, call):
        return True
    function = function_of(call)
    scope: list[Node] = list(function.body) if function is not None else list(module.body)
    return any(
        isinstance(given, Literal) and given.value is True
        for node in (part for one in scope for part in walk(one))
        if isinstance(node, Call)
        for given in [node.keywords.get("follow_redirects")]
    )


def _is_httpx(module: Module, call: Call) -> bool:
    return b"httpx" in module.source and call.receiver is not None


def _says_how(module: Module, call: Call) -> bool:
    """Tell whether a request, or the options that it is given, says how redirects are treated."""
    if any(not _wants_them(call.keywords[name]) for name in set(call.keywords) & (_OPTIONS - {"follow_redirects"})):
        return True
    opener = module.scopes.origin(call.receiver) if call.receiver is not None else None
    if isinstance(opener, Call) and opener.name == "build_opener" and opener.args:
        return True  # one with a handler of its own
    given = call.keywords.get("follow_redirects")
    if given is not None and not (isinstance(given, Literal) and given.value is True):
        return True
    for argument in call.args:
        if isinstance(argument, Spread):
            return True
        options = module.scopes.origin(argument)
        if isinstance(options, Object) and (_limits_redirects(options) or _spread_says(module, options)):
            return True
        if argument is not call.args[0] and not isinstance(options, Object | Literal):
            return True  # the options come from elsewhere
    return False


def _limits_redirects(options: Object) -> bool:
    """Tell whether options speak of redirects otherwise than to have them followed."""
    return any(not _wants_them(options.get(name)) for name in set(options.keys) & _OPTIONS)


def _asked_for(module: Module, call: Call) -> Expr | None:
    """Return the option by which a request asks for redirects to be followed, or None where it says nothing."""
    options = [made for argument in call.args if isinstance(made := module.scopes.origin(argument), Object)]
    given = [one.get(name) for one in options for name in one.keys if name in _OPTIONS]
    given += [call.keywords[name] for name in call.keywords if name in _OPTIONS]
    return next((value for value in given if value is not None and _wants_them(value)), None)


def _wants_them(value: Expr | None) -> bool:
    """Tell whether a value of such an option is a plain yes: ``"follow"``, ``true``, a number of them."""
    if not isinstance(value, Literal) or value.value is None:
        return False
    return value.value == "follow" or (isinstance(value.value, bool | int) and bool(value.value))


def _spread_says(module: Module, options: Object) -> bool:
    return any(not isinstance(module.scopes.origin(one), Object | Param) for one in options.spreads)


def _is_completed(module: Module, call: Call) -> bool:
    """Tell whether what callers hand over is part of the options, in which they may turn redirects off."""
    made = [module.scopes.origin(argument) for argument in call.args]
    return any(isinstance(options, Object) and options.spreads for options in made)


def _said_by_helper(module: Module, asked: Expr) -> set[str]:
    """Return the words of the function that a check asks, where it is one of the same file."""
    asked = strip(asked)
    helper = definition(module, asked.callee) if isinstance(asked, Call) else None
    return said_in(helper.body) if isinstance(helper, Function) and helper.module is module else set()


def _host_checked(module: Module, call: Call, address: Expr) -> bool:
    """Tell whether a check before the request is about the host of its address."""
    if not limited(module, [address], call):
        return False
    for condition in conditions(call):
        said = said_in(condition.test)
        for name in [node for node in walk(condition.test) if isinstance(node, Name)]:
            origin = module.scopes.origin(name)
            if isinstance(origin, Expr) and origin is not name and not isinstance(origin, Literal):
                said = said | said_in(origin) | _said_by_helper(module, origin)
        calls = (node for node in walk(condition.test) if isinstance(node, Call))
        asked = said & _ALLOWS or any(asks_of_host(module, node) for node in calls)
        if said & _HOSTS and asked and not isinstance(condition.test, Unary):
            return True
    for earlier in before(call):
        if isinstance(earlier, Call) and set(words(earlier.name)) & _HOSTS and set(words(earlier.name)) & _ALLOWS:
            return any(isinstance(part, Name | Member) for argument in earlier.args for part in walk(argument))
    return False
