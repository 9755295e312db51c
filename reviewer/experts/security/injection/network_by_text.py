"""SEC056: addresses of the inner network are kept out by how they are written, and nobody looks where a name leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import Binary, Call, Expr, Function, If, Literal, Member, Name, Node, Unary
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, walk
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import path_words
from reviewer.experts.security.deciding.refusals import refuses
from reviewer.experts.security.reaching.network_calls import NETWORK_WORDS, fetches
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_INNER: Final = frozenset(
    "localhost 127.0.0.1 127. 0.0.0.0 ::1 [::1] 169.254.169.254 169.254. 10. 192.168. 172.16. "
    "metadata.google.internal".split()
)
"""How hosts and networks that nobody outside may reach are written."""
_RESOLVES: Final = frozenset(
    "lookup resolve resolve4 resolve6 getaddrinfo gethostbyname gethostbyname_ex ip_address ip_network BlockList check "
    "isPrivate is_private isIP isIPv4 isIPv6 parse_ip inet_aton inet_pton".split()
)
"""Calls that look where a name leads, or what network an address lies in."""
_HOSTS: Final = frozenset({"host", "hostname", "netloc", "url", "address", "target", "origin", "domain", "ip"})
_TURNED: Final = frozenset({"!=", "not in"})


@module_check("SEC056", words=NETWORK_WORDS)
def network_by_text(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each refusal of a host that is on a written list of inner ones."""
    if module.is_test or inquiry.subject.kind != "host" or is_tooling(module):
        return
    asking: set[int] | None = None
    for test in module.all(If):
        function = function_of(test)
        if function is None or not refuses(test.body) or _is_turned(test.test) or not _is_inner(module, test.test):
            continue
        if asking is None:
            asking = {id(one) for call, _address in fetches(module) if (one := function_of(call)) is not None}
        users = [function, *_callers(module, function)]
        if not any(id(one) in asking for one in users) or any(_knows_better(module, one, test) for one in users):
            continue
        yield Match(
            test.test,
            f"'{short(module.text_of(test.test))}' knows inner hosts by how they are written: any name that "
            "leads to one, and every spelling that is not on the list, goes through.",
        )


def _is_turned(test: Expr) -> bool:
    """Tell whether a test asks for what is not on the list: a host of one's own is wanted then."""
    return any(
        (isinstance(part, Unary) and part.op == "not") or (isinstance(part, Binary) and part.op in _TURNED)
        for part in walk(test, into_functions=False)
    )


def _is_inner(module: Module, test: Expr) -> bool:
    """Tell whether a test holds a host against texts of the inner network, here or in a helper of the file."""
    about = {word for part in find(test, Expr) for word in path_words(part)}
    if not about & _HOSTS:
        return False
    if _texts(module, test) & _INNER:
        return True
    for call in find(test, Call):
        helper = callee(module, call)
        if helper is not None and helper.module is module and not _resolves(helper):
            return any(_texts(module, part) & _INNER for part in helper.body)
    return False


def _texts(module: Module, node: Node) -> set[str]:
    """Return the texts of an expression, and of the lists that are named in it."""
    found: set[str] = set()
    for part in walk(node):
        if isinstance(part, Literal):
            found.add(str(part.value).lower())
        elif isinstance(part, Name) and part.id.isupper():
            made = module.scopes.origin(part)
            if isinstance(made, Expr):
                found |= {str(one.value).lower() for one in find(made, Literal)}
    return found


def _callers(module: Module, function: Function) -> list[Function]:
    """Return the functions of the file that ask a helper before they go on."""
    calls = module.calls((function.name,)) if function.name else ()
    return [one for call in calls if (one := function_of(call)) is not None and callee(module, call) is function]


def _knows_better(module: Module, function: Function, test: If) -> bool:
    """Tell whether a function also looks where a name leads, or lets only some hosts through."""
    if _resolves(function):
        return True
    for other in find(function.body, If):
        about = {word for part in find(other.test, Expr) for word in path_words(part)}
        if other is not test and refuses(other.body) and about & _HOSTS and _names_list(other.test):
            return True
    for call in calls_in(function.body):
        helper = callee(module, call)
        if helper is not None and _resolves(helper):
            return True
    return False


def _names_list(test: Expr) -> bool:
    """Tell whether a test refuses what is on no list: ``!allowed.has(host)``, ``host not in hosts``."""
    for part in walk(test):
        if isinstance(part, Binary) and part.op == "not in":
            return True
        if isinstance(part, Unary) and part.op == "not":
            return any(one.name in ("has", "includes", "some", "any", "test", "match") for one in find(part, Call))
    return False


def _resolves(function: Function) -> bool:
    for part in walk(function.body):
        if isinstance(part, Call) and (part.name in _RESOLVES or {"resolve", "lookup"} & set(words(part.name))):
            return True
        if isinstance(part, Member) and part.name in ("is_private", "is_global", "is_loopback", "is_link_local"):
            return True
    return False
