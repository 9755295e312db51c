"""COM033: a peer decides how much memory the reader of its messages takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import enclosing_loop, exits
from reviewer.code.syntax import Assign, Binary, Call, Expr, If, Index, Literal, Member, Name, Node, With, strip
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, find, function_of, names_in, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.incoming import Incoming, incoming
from reviewer.experts.paths import name_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Function
    from reviewer.experts.check import Inquiry

_BUFFERS: Final = frozenset(
    "buffer buf pending rest remainder partial data chunks body text tail acc input line raw".split()
)
_READS: Final = frozenset({"recv", "read", "readexactly", "read1", "recv_bytes", "receive"})
_WITH_PLACE: Final = 2
"""Arguments of a read that says where in something it reads, and how much."""
_ORDER: Final = frozenset({">", ">=", "<", "<="})
_REQUESTS: Final = frozenset({"req", "request"})
_ANSWERS: Final = frozenset({"res", "response", "answer"})
_HOSTS: Final = frozenset({"hostname", "host", "origin"})
_LIMITS: Final = frozenset("max limit cap maximum size too bytes maxsize budget ceiling".split())


@module_check("COM033", words={"buffer", "buf", "chunk", "data", "recv", "readexactly", "unpack", "reader"})
def size_unlimited(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each buffer that grows with what a peer sends, and at each length that a peer announces."""
    if module.is_test:
        return
    if module.language == "python":
        yield from _read_loops(module)
        yield from _announced(module)
        return
    seen: set[int] = set()
    for found in incoming(module):
        if found.event != "data" or id(found.function) in seen:
            continue
        if "setRawMode" in module.identifiers and found.place is not None and "stdin" in module.text_of(found.place):
            continue  # what a person types, key by key
        seen.add(id(found.function))
        for node in walk(found.function.body):
            if (
                isinstance(node, Assign)
                and (_grows(node) or _takes_in(node, found.function))
                and not _measured(module, node.target, found.function)
            ):
                sure = _is_framed(found) and not _only_heard(module, found)
                yield _grown(module, node, None if sure else Confidence.POSSIBLE)
                break
        else:
            yield from _gathered(module, found)


def _gathered(module: Module, found: Incoming) -> Iterator[Match]:
    """Yield where what comes is put on a list that is joined in the end, however much it is."""
    came = {param.name for param in found.function.params}
    for call in calls_in(found.function.body):
        held = strip(call.receiver) if call.receiver is not None else None
        if call.name != "push" or not isinstance(held, Name) or not names_in(call.args) & came:
            continue
        if any(isinstance(one, Binary) and one.op in _ORDER for one in walk(found.function.body)):
            return
        joined = any(held.id in names_in(one.args) for one in module.calls(("concat",)))
        if joined and not _says_limit(found.function):
            sure = _is_of(found, _REQUESTS) or (_is_of(found, _ANSWERS) and _asks_which_host(module))
            yield _grown(module, call, None if sure else Confidence.POSSIBLE)
        return


def _says_limit(function: Function) -> bool:
    return bool({word for name in names_in(function.body) for word in words(name)} & {"max", "limit", "maximum", "cap"})


def _is_of(found: Incoming, said: frozenset[str]) -> bool:
    """Tell whether it is a request that comes in pieces, or an answer, by the name of what is listened to."""
    receiver = found.place.receiver if isinstance(found.place, Call) else None
    return bool(set(name_words(receiver)) & said)


def _asks_which_host(module: Module) -> bool:
    """Tell whether the file refuses addresses by their host: then those who are asked are strangers."""
    return any(
        exits(test.body) and any(one.name in _HOSTS for one in find(test.test, Member)) for test in module.all(If)
    )


def _is_framed(found: Incoming) -> bool:
    """Tell whether messages are cut out of the buffer while it grows, or a client sends what is in it.

    What is read to its end and then used may be the output of a program that the host trusts.
    """
    cuts = {"indexOf", "split", "slice", "subarray", "readUInt32BE", "readUInt32LE", "match", "parse"}
    if any(call.name in cuts for call in calls_in(found.function.body)):
        return True
    receiver = found.place.receiver if isinstance(found.place, Call) else None
    return bool(
        set(name_words(receiver)) & {"req", "request", "socket", "sock", "conn", "connection", "client", "peer"}
    )


def _only_heard(module: Module, found: Incoming) -> bool:
    """Tell whether it is what a tool prints, to which this file never speaks."""
    receiver = strip(found.place.receiver) if isinstance(found.place, Call) and found.place.receiver else None
    heard = isinstance(receiver, Member) and receiver.name in ("stdout", "stderr")
    return heard and "stdin" not in module.identifiers


def _grown(module: Module, node: Assign | Call, confidence: Confidence | None = None) -> Match:
    held = node.target if isinstance(node, Assign) else node.receiver
    text = module.text_of(held) if held is not None else ""
    return Match(
        node,
        f"'{text}' grows with everything that the peer sends, and nothing looks at how long it is: a message without "
        "an end fills the memory of this process.",
        confidence=confidence,
    )


def _grows(node: Assign) -> bool:
    """Tell whether an assignment adds what came to what is there: ``b += chunk``, ``b = Buffer.concat([b, chunk])``."""
    name = _last(node.target)
    if not set(words(name)) & _BUFFERS or node.value is None:
        return False
    if isinstance(node.value, Literal):
        return False
    if node.op == "+=":
        return True
    value = strip(node.value)
    if isinstance(value, Binary) and value.op == "+":
        return _last(value.left) == name
    return isinstance(value, Call) and value.name == "concat" and any(_last(n) == name for n in walk(value.args))


def _takes_in(node: Assign, function: Function) -> bool:
    """Tell whether what came is added, whatever the buffer is called: ``held = Buffer.concat([held, part])``."""
    came, value = {param.name for param in function.params}, node.value
    if isinstance(value, Call):
        return (
            value.name == "concat"
            and bool(names_in(value.args) & came)
            and _last(node.target) in {_last(part) for part in walk(value.args)}
        )
    return node.op == "+=" and isinstance(value, Name) and value.id in came


def _measured(module: Module, target: Expr, function: Function) -> bool:
    """Tell whether the file compares the length of a buffer with a limit, or speaks of one for it."""
    name = _last(target)
    for node in module.all(Binary):
        if node.op in (">", ">=", "<", "<=") and name in {_last(n) for n in walk(node)} and _of_length(node):
            other = node.right if name in {_last(n) for n in walk(node.left)} else node.left
            if not (isinstance(other, Literal) and other.value in (0, 1, 4)) and not _is_header(module, other):
                return True
        if node.op in (">", ">=") and isinstance(node.left, Name) and _is_header(module, node.left):
            return True
    return bool({w for n in names_in(function.body) for w in words(n)} & {"max", "limit", "maximum", "cap"})


def _of_length(node: Node) -> bool:
    return any(
        (isinstance(n, Member) and n.name in ("length", "byteLength", "size"))
        or (isinstance(n, Call) and n.name == "len")
        for n in walk(node)
    )


def _is_header(module: Module, expr: Expr) -> bool:
    """Tell whether a side of a comparison is the length that the peer itself announced."""
    for name in find(expr, Name):
        made = module.scopes.origin(name)
        if isinstance(made, Call) and made.name.startswith(("read", "getUint", "getInt", "unpack", "from_bytes")):
            return True
    said = {w for n in walk(expr) for w in words(_last(n))}
    return bool(said & {"expected", "length", "header", "needed"}) and not said & _LIMITS


def _read_loops(module: Module) -> Iterator[Match]:
    for node in module.all(Assign):
        if not _grows(node) or enclosing_loop(node) is None or node.value is None:
            continue
        reads = any(isinstance(n, Call) and _is_read(n) for n in walk(node.value)) or _from_read(module, node.value)
        function = function_of(node)
        if not reads or function is None or _made_anew(module, node):
            continue
        if not _measured(module, node.target, function):
            yield _grown(module, node)


def _from_read(module: Module, value: Expr) -> bool:
    value = strip(value)
    origin = module.scopes.origin(value) if isinstance(value, Name) else None
    made = strip(origin) if isinstance(origin, Expr) else None
    return isinstance(made, Call) and _is_read(made)


def _is_read(call: Call) -> bool:
    """Tell whether a call takes the next bytes of what somebody sends; who says where to read has all of it already."""
    if call.name not in _READS or "offset" in call.keywords or "address" in call.keywords:
        return False
    of_system = isinstance(call.callee, Member) and _last(call.callee.object) == "os"
    return call.name != "read" or of_system or len(call.args) + len(call.keywords) < _WITH_PLACE


def _made_anew(module: Module, node: Assign) -> bool:
    """Tell whether each round of the loop begins with a buffer of its own: ``line = read(1)``, ``line += read(80)``."""
    loop, name = enclosing_loop(node), module.text_of(node.target)
    return any(
        one is not node
        and one.op == "="
        and enclosing_loop(one) is loop
        and one.raw.start_byte < node.raw.start_byte
        and module.text_of(one.target) == name
        and name not in {module.text_of(part) for part in walk(one.value or ()) if isinstance(part, Name | Member)}
        for one in find(loop, Assign)
    ) if loop is not None else False  # fmt: skip


def _announced(module: Module) -> Iterator[Match]:
    """Find reads of as many bytes as the peer says, where nothing holds that number against a limit."""
    for call in module.calls({"readexactly", "read", "recv"}):
        given = strip(call.args[0]) if call.args else None
        if not isinstance(given, Name) or len(call.args) > 1:
            continue
        origin = module.scopes.origin(given)
        made = strip(origin) if isinstance(origin, Expr) else None
        if isinstance(made, Index):
            made = strip(made.object)
        if not isinstance(made, Call) or made.name not in ("unpack", "from_bytes", "unpack_from"):
            continue
        function = function_of(call)
        if function is None or _compared(function, given.id) or _is_opened(module, call.receiver):
            continue
        yield Match(
            call,
            f"The peer says how many bytes to read ('{given.id}', up to 4 GB), and nothing holds that against a limit.",
            # Who started this process speaks on its standard input, and could end it as well.
            confidence=Confidence.POSSIBLE if "stdin" in module.text_of(call.callee) else None,
        )


def _is_opened(module: Module, source: Expr | None) -> bool:
    """Tell whether a file is read that was opened here: it is as long as it is."""
    if isinstance(source, Name) and source.id in ("fd", "fp", "fh", "file"):
        return True
    bound = module.scopes.lookup(source.id, source) if isinstance(source, Name) else ()
    made = [value for one in bound if isinstance(one, With) for value, _target in one.items]
    made += [one.value for one in bound if isinstance(one, Assign) and one.value is not None]
    return any(isinstance(one := strip(value), Call) and one.name == "open" for value in made)


def _compared(function: Function, name: str) -> bool:
    return any(
        isinstance(node, Binary) and node.op in (">", ">=", "<", "<=") and name in names_in([node.left, node.right])
        for node in walk(function.body)
    )


def _last(expr: Node | None) -> str:
    if isinstance(expr, Member):
        return expr.name
    return expr.id if isinstance(expr, Name) else ""
