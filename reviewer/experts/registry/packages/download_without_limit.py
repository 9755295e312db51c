"""REG366: all that a server sends as a package is taken in, however much it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import before
from reviewer.code.reach.links import definition, named_type
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Expr,
    For,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Param,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, path_words, said_in, surroundings, word_set
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.verification import PACKAGES, is_fetch
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WHOLE: Final = frozenset({"arrayBuffer", "blob", "buffer", "bytes", "read", "readall", "aread"})
"""Methods of an answer that give all of it at once."""
_MEMBERS: Final = frozenset({"content", "rawBody"})
"""Members of an answer that hold all of it."""
_SAVES: Final = frozenset({"createWriteStream", "copyfileobj"})
_STREAMS: Final = frozenset({"iter_content", "iter_chunked", "iter_bytes", "aiter_bytes", "iter_any", "stream"})
"""Methods of an answer that give its parts one after another."""
_GATHERS: Final = frozenset({"push", "append", "extend", "write"})
_ASKERS: Final = frozenset({"response", "res", "reply", "downstream"})
"""Words of the answer to somebody who asked for what is brought."""
_PARSES: Final = frozenset({"loads", "BeautifulSoup", "fromstring", "safe_load", "XML", "HTML", "parse", "feed"})
"""Calls that read a page or data, which no package is."""
_WRAPS: Final = frozenset({"fromWeb", "from", "BytesIO", "Buffer"})
_ORDER: Final = frozenset({"<", ">", "<=", ">="})
_SIZES: Final = word_set("size length bytelength total received seen bytes loaded written count len sum")
_LIMITS: Final = word_set("limit limits limited most max maximum maxsize cap caps capped largest quota budget")
_DIGESTS: Final = DIGESTS - {"hex", "hash", "hashes"}
_CLIENTS: Final = word_set("client session http https requests axios agent")
_PACKAGES: Final = PACKAGES - {"module", "blob", "payload", "registry"}
_OTHERS: Final = word_set("list json metadata index catalog manifest token config")
"""Words of functions that bring something else."""
_FOLLOWED: Final = 6
"""Names that lead from what is read back to the request."""


@module_check("REG366", words={"fetch", "request", "urlopen", "download", "got"} | _CLIENTS)
def download_without_limit(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at the places where all of an answer is taken in, in functions that bring packages."""
    if module.is_test:
        return
    spoken: set[int] = set()
    for place, answer in (*_read_whole(module), *_saved_whole(module), *_gathered(module)):
        function = _outermost(place)
        if function is None or id(function) in spoken or not _of_packages(module, function):
            continue
        request = _request(module, answer)
        if request is None or _limited(module, function, request):
            continue
        spoken.add(id(function))
        late = _compares_size(function)
        when = "its size is looked at when it is there" if late else "nothing ends it"
        yield Match(
            place,
            f"All that the server sends is taken in here, and {when}: one endless answer uses up what the host has.",
            related=((request, "the request"),),
            confidence=Confidence.POSSIBLE if late and not _meant_to_end(function) else None,
        )


def _read_whole(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield where all of an answer is read, and the answer: ``answer.arrayBuffer()``, ``requests.get(url).content``."""
    for node in module.some(Call, Member):
        if _is_parsed(node):
            continue
        if isinstance(node, Call) and node.name in _WHOLE and node.receiver is not None and not node.args:
            yield node, node.receiver
        elif isinstance(node, Member) and node.name in _MEMBERS and _is_read(node):
            yield node, node.object


def _is_parsed(whole: Node) -> bool:
    """Tell whether what is read is a page or data: ``json.loads(answer.read().decode())``."""
    inner, around = whole, whole.parent
    while isinstance(around, Member | Call) and (isinstance(around, Member) or around.callee is inner):
        inner, around = around, around.parent
    return isinstance(around, Call) and around.name in _PARSES


def _is_read(member: Member) -> bool:
    """Tell whether a member is neither called nor written, nor gives what it holds in parts."""
    around = member.parent
    if isinstance(around, Member) and around.name in _STREAMS:
        return False
    if isinstance(around, Call):
        return around.callee is not member
    return not (isinstance(around, Assign) and around.target is member)


def _saved_whole(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield where an answer runs into a file with nothing between them, with the answer."""
    for call in module.calls(("pipeline", "pipe", "copyfileobj")):
        given = [*([call.receiver] if call.name == "pipe" and call.receiver else []), *call.args]
        if len(given) == 2 and (call.name in _SAVES or _writes_file(module, given[1])):
            yield call, given[0]


def _gathered(module: Module) -> Iterator[tuple[Expr, Expr]]:
    """Yield where the parts of an answer are put together one after another, however many: with the answer."""
    for loop in module.all(For):
        target = strip(loop.target) if loop.target is not None else None
        if not isinstance(target, Name) or loop.iterable is None:
            continue
        over = strip(loop.iterable)
        streams = isinstance(over, Member) and over.name == "body" and loop.asynchronous
        streams = streams or (isinstance(over, Call) and over.name in _STREAMS)
        if not streams or not isinstance(over, Member | Call) or any(map(_is_size, find(loop.body, Binary))):
            continue
        answer = over.object if isinstance(over, Member) else over.receiver
        kept = (
            call
            for call in find(loop.body, Call)
            if call.name in _GATHERS and target.id in names_in(call.args) and not _answers(call)
        )
        place = next(kept, None)
        if place is not None and answer is not None:
            yield place, answer


def _answers(call: Call) -> bool:
    """Tell whether a part only goes on to whoever asked: ``response.write(part)``."""
    return call.name == "write" and call.receiver is not None and bool(set(last_words(call.receiver)) & _ASKERS)


def _writes_file(module: Module, expr: Expr) -> bool:
    origin = module.scopes.origin(expr)
    return isinstance(origin, Call) and origin.name in _SAVES


def _outermost(node: Node) -> Function | None:
    """Return the named function around a node."""
    function = function_of(node)
    while function is not None and not function.name and function.outer is not None:
        function = function.outer
    return function


def _of_packages(module: Module, function: Function) -> bool:
    """Tell whether a function brings packages, by its name, its class, its parameters or what it speaks of."""
    said = said_in(function.body)
    if any(not call.args for call in find(function.body, Call) if call.name == "release"):
        said = said - {"release"}  # of a connection
    around = surroundings(function) | said | _of_params(function)
    asking = [function, *_callers(module, function)]
    named = bool(around & _PACKAGES) or any(_has_digest(module, param) for one in asking for param in one.params)
    return named and not set(words(function.name)) & _OTHERS


def _callers(module: Module, function: Function) -> Iterator[Function]:
    """Yield the functions of the file that have something fetched by this one."""
    for call in module.calls((function.name,)) if function.name else ():
        around = function_of(call)
        if around is not None and definition(module, call.callee) is function:
            yield around


def _has_digest(module: Module, param: Param) -> bool:
    """Tell whether a parameter is a record of something whose digest is known: what is fetched for it is a package."""
    record = named_type(module, param.type) if param.type else None
    return record is not None and any(set(words(field.name)) & _DIGESTS for field in record.fields)


def _of_params(function: Function) -> set[str]:
    return {word for param in function.params for word in (*words(param.name), *words(param.type))}


def _request(module: Module, answer: Expr) -> Call | None:
    """Return the call over the network that gave an answer."""
    value: Expr | None = strip(answer)
    for _ in range(_FOLLOWED):
        if isinstance(value, Call):
            if value.name in _WRAPS and value.args:
                value = strip(value.args[0])
                continue
            if _asks(module, value):
                return value
            value = value.receiver
        elif isinstance(value, Member):
            value = value.object
        elif value is not None:
            value = _made(module, value)
        value = strip(value) if value is not None else None
    return None


def _asks(module: Module, call: Call) -> bool:
    """Tell whether a call asks a server: by what it is, what it is called, or by the client that it is made with."""
    if is_fetch(module, call):
        return True
    by_client = call.receiver is not None and bool(path_words(call.receiver) & _CLIENTS)
    return call.name in ("get", "request", "send", "stream") and by_client


def _made(module: Module, expr: Expr) -> Expr | None:
    """Return what a name was given, by an assignment or a ``with``."""
    origin = module.scopes.origin(expr)
    if isinstance(origin, Expr) and origin is not expr:
        return origin
    name = getattr(expr, "id", "")
    for binding in module.scopes.lookup(name, expr) if name else ():
        if isinstance(binding, With):
            return next((value for value, target in binding.items if getattr(target, "id", "") == name), None)
    return None


def _limited(module: Module, function: Function, request: Call) -> bool:
    """Tell whether something ends what is too large before all of it is there, or asks how large it is said to be."""
    if (said_in(request) | _of_params(function)) & _LIMITS:
        return True
    if any(set(words(one.name)) & _LIMITS or _compares_size(one) for one in reached(module, function)[1:]):
        return True
    if any(isinstance(node, Binary) and _is_size(node) for node in before(request)):
        return True
    texts = (one.value for one in find(function.body, Literal))
    return any(isinstance(text, str) and text.lower() == "content-length" for text in texts)


def _compares_size(function: Function) -> bool:
    return any(_is_size(node) for node in find(function.body, Binary))


def _meant_to_end(function: Function) -> bool:
    """Tell whether a size is held against a limit that the program sets: it is meant to end what is too large."""
    return any(
        _is_size(node) and bool({*last_words(node.left), *last_words(node.right)} & _LIMITS)
        for node in find(function.body, Binary)
    )


def _is_size(node: Binary) -> bool:
    """Tell whether a comparison holds a size against something."""
    return node.op in _ORDER and bool({*last_words(node.left), *last_words(node.right)} & _SIZES)
