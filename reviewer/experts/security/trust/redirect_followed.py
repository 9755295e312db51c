"""SEC037: a host is checked, and then a redirect leads somewhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before, conditions
from reviewer.code.reach.links import definition
from reviewer.code.reach.made import values_of
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Param,
    Spread,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in, word_set
from reviewer.experts.security.deciding.asked_to_refuse import answer_uses
from reviewer.experts.security.reaching.network_calls import NETWORK_WORDS, fetches
from reviewer.experts.security.values.guards import asks_of_host, limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HOSTS: Final = word_set("host hostname hosts domain domains origin origins netloc address allowlist")
_ALLOWS: Final = word_set(
    "allow allowed allows allowlist hosts domains origins permitted trusted granted grants has includes private public "
    "internal some any in ensure assert check require may can"
)
_SURE_HOSTS: Final = word_set("host hostname netloc domain origin")
"""Words of the part of an address that a list of hosts is about."""
_DEMANDS: Final = frozenset("require demand ensure assert check enforce verify guard permit must insist".split())
"""First words of a call that throws where the answer is no."""
_PARSES: Final = frozenset({"url", "urlparse", "urlsplit"})
"""Calls that take an address apart."""
_OPTIONS: Final = frozenset(
    "redirect redirects allow_redirects follow_redirects maxRedirects max_redirects followRedirect followRedirects "
    "beforeRedirect maxRedirections event_hooks".split()
)
"""What says how redirects are treated."""
_STAYS: Final = ("httpx.", "undici.request", "http.get", "https.get", "http.request", "https.request", "net.")
"""Clients that follow no redirect unless they are told to."""


@module_check("SEC037", words=NETWORK_WORDS)
def redirect_followed(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every request whose host was checked before."""
    if module.is_test:
        return
    for made, address in fetches(module):
        call = _sent(made)
        client = client_of(module, call)
        if _says_how(module, call) or not _follows(module, call, client):
            continue
        if _host_checked(module, made, address):
            # Who hands options over is a plugin, where a host asks on its behalf: it may have redirects followed.
            open_to_caller = _is_completed(module, call) and inquiry.subject.kind != "host"
            yield Match(
                _asked_for(module, call) or _asked_of_client(module, client) or call,
                f"The host of '{short(module.text_of(address))}' was checked, and the answer may be a redirect to any "
                "other, which is followed: the list of hosts ends at the first of them.",
                confidence=Confidence.POSSIBLE if open_to_caller else None,
            )


def _sent(made: Call) -> Call:
    """Return the call that sends a request which was only made: ``urlopen(request)`` of ``request = Request(url)``."""
    kept = made.parent
    if made.name != "Request" or not isinstance(kept, Assign):
        return made
    return next(
        (use.parent for use in answer_uses(kept) if isinstance(use.parent, Call) and use in use.parent.args), made
    )


def _follows(module: Module, call: Call, client: Call | None) -> bool:
    """Tell whether a client follows redirects by itself, or was made to."""
    name = module.resolve(call.callee)
    if not name.startswith(_STAYS) and "httpx" not in name and not _is_httpx(module, call):
        return True
    if client is not None:
        return _says_yes(client.keywords.get("follow_redirects")) or _says_yes(call.keywords.get("follow_redirects"))
    function = function_of(call)
    scope: list[Node] = list(function.body) if function is not None else list(module.body)
    return any(
        _says_yes(node.keywords.get("follow_redirects"))
        for node in (part for one in scope for part in walk(one))
        if isinstance(node, Call)
    )


def client_of(module: Module, call: Call) -> Call | None:
    """Return the call that makes the client with which a request is sent, wherever the file keeps that client."""
    if call.receiver is None:
        return None
    made = (one for where, one in values_of(module, call.receiver) if where is module)
    return next((one for one in made if isinstance(one, Call)), None)


def _says_yes(given: Expr | None) -> bool:
    return isinstance(given, Literal) and given.value is True


def _asked_of_client(module: Module, client: Call | None) -> Expr | None:
    """Return the option by which a client was made to follow redirects, where its file says so."""
    return _asked_for(module, client) if client is not None else None


def _is_httpx(module: Module, call: Call) -> bool:
    return b"httpx" in module.source and call.receiver is not None


def _says_how(module: Module, call: Call) -> bool:
    """Tell whether a request, its client, or the options that it is given, says how redirects are treated."""
    client = client_of(module, call)
    if client is not None and client.name != "build_opener" and _limited_client(module, client):
        return True
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
            return client is None or _asked_for(module, client) is None
        options = module.scopes.origin(argument)
        if isinstance(options, Object) and (_limits_redirects(options) or _spread_says(module, options)):
            return True
        placed = argument is not call.args[0] and module.language != "python"  # there options have names
        if placed and not isinstance(options, Object | Literal):
            return True  # the options come from elsewhere
    return False


def _limited_client(module: Module, client: Call) -> bool:
    """Tell whether the options with which a client is made treat redirects otherwise than to follow them."""
    if any(not _wants_them(client.keywords[name]) for name in set(client.keywords) & _OPTIONS):
        return True
    options = [made for arg in client.args if isinstance(made := module.scopes.origin(arg), Object)]
    return any(_limits_redirects(one) for one in options)


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


def _is_among(test: Expr) -> bool:
    """Tell whether something named for a host is sought among others: ``host not in self._table[plugin]``."""
    return any(
        isinstance(node, Binary) and node.op in ("in", "not in") and said_in(node.left) & _SURE_HOSTS
        for node in walk(test)
    )


def _is_compared(test: Expr) -> bool:
    """Tell whether the host of an address is held against one that is written out: ``url.hostname !== HOST``."""
    test = strip(test)
    if not isinstance(test, Binary) or test.op not in ("==", "!="):
        return False
    sides = (strip(test.left), strip(test.right))
    named = [side for side in sides if isinstance(side, Member) and set(words(side.name)) & _SURE_HOSTS]
    return len(named) == 1 and any(isinstance(side, Literal) or _is_constant(side) for side in sides)


def _is_constant(side: Expr) -> bool:
    return isinstance(side, Name) and side.id.isupper()


def _said_by_helper(module: Module, asked: Expr) -> set[str]:
    """Return the words of the function that a check asks, where it is one of the same file."""
    asked = strip(asked)
    helper = definition(module, asked.callee) if isinstance(asked, Call) else None
    return said_in(helper.body) if isinstance(helper, Function) else set()


def _checked_by_call(module: Module, call: Call, address: Expr) -> bool:
    """Tell whether a function that was called before throws unless the host of the very address is one of some."""
    names = names_in(address) | {name for made in _makings(module, address) for name in names_in(made)}
    for earlier in before(call):
        if not isinstance(earlier, Call) or not any(names_in(arg) & names for arg in earlier.args):
            continue
        if _demands_host(earlier, names):
            return True
        helper = definition(module, earlier.callee)
        if helper is None and earlier.receiver is not None and earlier.name in _refusing_hosts(module):
            return True  # of an object of which nothing says the class
        if isinstance(helper, Function) and _refuses_hosts(helper):
            return True
    return False


def _demands_host(asked: Call, names: set[str]) -> bool:
    """Tell whether a call by its name throws for some hosts, and is told that of the very address.

    ``await gate.require(plugin, "web.get", url.hostname)``
    """
    told = [strip(arg) for arg in asked.args]
    of_host = any(isinstance(arg, Member) and arg.name in _SURE_HOSTS and names_in(arg.object) & names for arg in told)
    return of_host and bool(set(words(asked.name)[:1]) & _DEMANDS)


def _refuses_hosts(helper: Function) -> bool:
    """Tell whether a function throws, and speaks of the host of an address."""
    if not any(True for _ in find(helper.body, Throw)):
        return False
    said = said_in(helper.body)
    return bool(said & _SURE_HOSTS and said & (_ALLOWS | {"not"}))


def _refusing_hosts(module: Module) -> frozenset[str]:
    """Return the names of the methods of the subject that throw for some hosts of an address."""
    project = module.project
    if project is None:
        return _refusing(module)
    return frozenset().union(*project.answers("security.refuse hosts", _refusing, _SURE_HOSTS | _PARSES, tests=False))


def _refusing(module: Module) -> frozenset[str]:
    """Return the names of the methods of a file that throw, take an address apart, and look at its host."""
    return frozenset(
        method.name
        for cls in module.classes
        for method in cls.methods
        if _refuses_hosts(method) and any(call.name.lower() in _PARSES for call in find(method.body, Call))
    )


def _makings(module: Module, address: Expr) -> list[Expr]:
    made = module.scopes.origin(address)
    return [made] if isinstance(made, Expr) else []


def _host_checked(module: Module, call: Call, address: Expr) -> bool:
    """Tell whether a check before the request is about the host of its address; a file has none."""
    if any(call.name == "pathToFileURL" for call in find(address, Call)):
        return False
    if _checked_by_call(module, call, address):
        return True
    if not limited(module, [address], call):
        return False
    for condition in conditions(call):
        said = said_in(condition.test)
        for asked_call in [node for node in walk(condition.test) if isinstance(node, Call)]:
            said = said | _said_by_helper(module, asked_call)
        for name in [node for node in walk(condition.test) if isinstance(node, Name)]:
            origin = module.scopes.origin(name)
            if isinstance(origin, Expr) and origin is not name and not isinstance(origin, Literal):
                said = said | said_in(origin) | _said_by_helper(module, origin)
        calls = (node for node in walk(condition.test) if isinstance(node, Call))
        asked = said & _ALLOWS or any(asks_of_host(module, node) for node in calls) or _is_among(condition.test)
        asked = asked or _is_compared(condition.test)
        if said & _HOSTS and asked and not isinstance(condition.test, Unary):
            return True
    for earlier in before(call):
        if isinstance(earlier, Call) and set(words(earlier.name)) & _HOSTS and set(words(earlier.name)) & _ALLOWS:
            return any(isinstance(part, Name | Member) for argument in earlier.args for part in walk(argument))
    return False
