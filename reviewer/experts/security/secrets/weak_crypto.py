"""SEC064: a secret is made of predictable numbers; SEC065: a password or signature of a weak digest."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.reach.onward import onward
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    Class,
    Field,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Object,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, function_of, walk
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, surroundings, word_set
from reviewer.experts.security.reaching.sinks import sinks
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.reaching.sinks import Sink

_RANDOM: Final = frozenset(
    "Math.random random.random random.randint random.choice random.choices random.getrandbits random.randrange "
    "random.sample random.randbytes uuid.uuid1".split()
)
_SECRETS: Final = word_set(
    "token secret secrets password passphrase nonce otp apikey credential credentials session csrf "
    "jwt signature pin ticket invite license licence auth handshake challenge capability"
)
_NOT: Final = word_set(
    "count color colour index delay jitter retry sample test demo mock estimate max limit usage kind position"
)
_CODES: Final = word_set("pair pairing pairings otp verification verify login invite activation confirmation recovery")
"""Words of what hands out codes that let somebody in."""
_SPELLS: Final = frozenset(
    "from toString join slice substring hex encode decode digest hexdigest update String str map padStart btoa "
    "b64encode concat fromCharCode bytes bytearray Uint8Array".split()
)
"""Calls that give the same value in another spelling."""
_SIGN_INS: Final = (b"redirect_uri", b"code_challenge", b"/authorize")
"""Parts of a module in which a state is the proof that an answer belongs to a question."""
_MOST_CALLS: Final = 6
"""Calls of a function that makes random values which are looked at."""
_VERIFIERS: Final = frozenset("crypto.createVerify crypto.createSign crypto.sign crypto.verify".split())
_DIGESTS: Final = frozenset(
    "crypto.createHash hashlib.md5 hashlib.sha1 hashlib.new hashlib.sha256 hashlib.sha512 hashlib.sha224 md5 "
    "sha1".split()
)
_WEAK: Final = frozenset({"md5", "sha1", "md4", "sha-1", "rsa-md5", "ripemd160"})
_PASSWORDS: Final = word_set("password passwords passwd passphrase pwd pin")
_SIGNED: Final = word_set(
    "signature signatures sign signed signing token mac hmac credential secret license licence certificate"
)
_FEW: Final = 8
"""Signs of a digest that nobody takes for proof of anything."""
_FRESH: Final = word_set("uuid uuid4 urandom randbytes")
"""Words of what is new each time: its digest is a name, and no guard of anything."""
_COMPARES: Final = word_set("compare equal equals same match matches verify check digest")
"""Words of functions that hold one thing against another."""
_SAFE: Final = word_set(
    "etag cache cached fingerprint legacy websocket gravatar accept short color avatar bucket realm ha"
)


@module_check("SEC064", words={"random", "uuid"})
def predictable_secret(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what random numbers become."""
    if module.is_test or is_tooling(module):
        return
    done: set[int] = set()
    for sink in sinks(module, _RANDOM):
        named = next(
            (name for name in _becomes_in_the_end(module, sink.call) if _is_secret(module, name, sink.call)), ""
        )
        said = set(words(named))
        if not named or sink.call.line in done:
            continue
        done.add(sink.call.line)
        yield Match(
            sink.call,
            f"'{named}' is made with '{sink.name}', whose numbers can be worked out from a few of them.",
            confidence=Confidence.POSSIBLE if "nonce" in said and "webview" in module.words else None,
        )


def _is_secret(module: Module, name: str, made: Call) -> bool:
    """Tell whether a name is one of a secret, by itself or by what the code around is about."""
    said = set(words(name))
    if said & _NOT:
        return False
    about = surroundings(function_of(made))
    owner = class_of(made)
    if isinstance(owner, Class):
        about |= set(words(owner.name))
    return bool(
        said & _SECRETS
        or (said == {"code"} and about & _CODES)
        or (said == {"state"} and any(mark in module.source for mark in _SIGN_INS))
    )


def _becomes_in_the_end(module: Module, call: Call) -> Iterator[str]:
    """Yield the name of what a random value becomes, then of what becomes of the answer of its function."""
    if _picks_or_none(call) or _is_salt(call):
        return
    yield _becomes(call)
    made = next((one for one in ancestors(call) if isinstance(one, Assign)), None)
    if made is not None and made.value is not None and not _only_picks(module, call):
        yield from (place.id for place in onward(module, made.value, _SPELLS) if isinstance(place, Name))
    function = function_of(call)
    several = function is not None and any(isinstance(one.value, Array) for one in returns_of(function))
    if function is not None and function.name and not several and not _only_picks(module, call):
        for again in islice(module.calls((function.name,)), _MOST_CALLS):
            handed = isinstance(again.parent, Object) or (
                isinstance(again.parent, Call) and again.parent.callee is not again
            )
            if definition(module, again.callee) is function and not handed:
                yield _becomes(again)


def _picks_or_none(call: Call) -> bool:
    """Tell whether one of several objects is picked, or none: ``random.choice([*secrets, None])`` makes no secret."""
    pool = strip(call.args[0]) if call.name in ("choice", "choices", "sample") and call.args else None
    return isinstance(pool, Array) and any(
        isinstance(item := strip(one), Literal) and item.value is None for one in pool.items
    )


def _is_salt(call: Call) -> bool:
    """Tell whether a value is named a salt where it is made: it has to be another each time, and is no secret."""
    made = next((one for one in ancestors(call) if isinstance(one, Assign)), None)
    place = strip(made.target) if made is not None else None
    name = place.id if isinstance(place, Name) else place.name if isinstance(place, Member) else ""
    return bool({"salt", "cachebuster", "buster"} & set(words(name)))


def _only_picks(module: Module, call: Call) -> bool:
    """Tell whether a random value chooses among things that are there, and none is made of it."""
    if call.name in ("choice", "choices", "sample"):
        pool = module.scopes.origin(call.args[0]) if call.args else None
        return not isinstance(pool, Literal | Binary) and not module.resolve(
            call.args[0] if call.args else None
        ).startswith("string.")
    for around in ancestors(call):
        if isinstance(around, Index):
            pool = module.scopes.origin(around.object)
            return not (isinstance(pool, Literal) and isinstance(pool.value, str))
        if isinstance(around, Function):
            break
    return False


def _becomes(node: Node) -> str:
    """Return the name of what a value becomes: a variable, a field, a key; else the function that returns it."""
    for around in ancestors(node):
        if isinstance(around, Assign) and isinstance(around.target, Name | Member):
            name = around.target.id if isinstance(around.target, Name) else around.target.name
            said = words(name)
            if set(said) & _SECRETS or len(said) > 1 or said in (("code",), ("state",)):
                return name
        elif isinstance(around, Field):
            return around.name
        elif isinstance(around, Object):
            for key, value in around.entries:
                inside = value.raw.start_byte <= node.raw.start_byte < value.raw.end_byte
                if inside and isinstance(key, Literal) and set(words(str(key.value))) & _SECRETS:
                    return str(key.value)
        elif isinstance(around, Function) and around.name and not _makes_default(around):
            return around.name
    return ""


def _makes_default(function: Function) -> bool:
    """Tell whether a function only makes the value of a field: ``field(default_factory=lambda: …)``."""
    return isinstance(function.parent, Call) and function.parent.name in ("field", "Field")


@module_check("SEC065", words={"hash", "md5", "sha1", "hashlib", "sha256", "sha512", "verify", "sign"})
def weak_digest(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what digests are used for."""
    if module.is_test or is_tooling(module):
        return
    unsure = Confidence.POSSIBLE if _speaks_to_service(module) else None
    for sink in sinks(module, _DIGESTS | _VERIFIERS):
        algorithm = _algorithm(sink)
        if sink.name in _VERIFIERS:
            if algorithm.removeprefix("rsa-").removeprefix("ecdsa-with-") in _WEAK:
                yield _guarded_weakly(sink, algorithm)
            continue
        said = _purpose(sink.call) | _purpose_of_calls(module, sink.call)
        if said & _SAFE or _not_for_security(sink) or said & _FRESH or not algorithm or _only_tells(sink.call):
            continue
        if said & _PASSWORDS:
            yield Match(
                sink.call,
                f"A password goes through plain '{algorithm}' alone: thousand million guesses a second can be tried.",
                fix="Use a function that is made slow: scrypt, argon2, bcrypt or PBKDF2, with a salt of its own each.",
                confidence=unsure,
            )
        elif algorithm in _WEAK and said & _SIGNED:
            yield _guarded_weakly(sink, algorithm, unsure)


def _only_tells(call: Call) -> bool:
    """Tell whether so few signs of a digest are taken that they can only tell things apart: ``.slice(0, 6)``."""
    node: Node | None = call
    while isinstance(node, Call | Member):
        if isinstance(node, Call) and node.name in ("slice", "substring", "substr") and len(node.args) == 2:
            end = strip(node.args[1])
            return isinstance(end, Literal) and isinstance(end.value, int) and end.value <= _FEW
        inner, node = node, node.parent
        if isinstance(node, Call) and node.callee is not inner:
            return False
    return False


def _speaks_to_service(module: Module) -> bool:
    """Tell whether a file asks a service at an address that it spells, and keeps no password of its own.

    Which digest is sent there that service says.
    """
    asked = any(
        isinstance(one.value, str) and one.value.startswith(("https://", "http://")) for one in module.all(Literal)
    )
    keeps = any(
        one.op in ("==", "!=") and any(set(last_words(side)) & _PASSWORDS for side in (one.left, one.right))
        for one in module.all(Binary)
    )
    compares = any(True for _ in module.calls(("compare_digest", "timingSafeEqual")))
    return asked and not keeps and not compares


def _guarded_weakly(sink: Sink, algorithm: str, unsure: Confidence | None = None) -> Match:
    return Match(
        sink.call,
        f"'{algorithm}' guards a signature or a secret here: two texts with the same digest can be made.",
        severity=Severity.MEDIUM,
        confidence=unsure,
    )


def _algorithm(sink: Sink) -> str:
    last = sink.name.rsplit(".", 1)[-1].lower()
    if last in ("createhash", "new") or sink.name in _VERIFIERS:
        given = sink.arg(0, "name")
        return str(given.value).lower() if isinstance(given, Literal) else ""
    return last


def _not_for_security(sink: Sink) -> bool:
    given = sink.call.keywords.get("usedforsecurity")
    return isinstance(given, Literal) and given.value is False


def _holds(outer: Node, inner: Node) -> bool:
    return outer.raw.start_byte <= inner.raw.start_byte and inner.raw.end_byte <= outer.raw.end_byte


def _purpose_of_calls(module: Module, call: Call) -> set[str]:
    """Return the words around the calls of a function that only takes the digest and answers with it."""
    function = function_of(call)
    answers = list(returns_of(function)) if function is not None else []
    if function is None or not function.name or len(function.body) != 1 or len(answers) != 1:
        return set()
    again = [one for one in islice(module.calls((function.name,)), _MOST_CALLS) if one.receiver is None]
    return {word for one in again if definition(module, one.callee) is function for word in _purpose(one)}


def _purpose(call: Call) -> set[str]:
    """Return the words of the statement that a digest is taken in, and of the function around it.

    What another function takes beside the digest says nothing of it: ``log_in(password, sha1(uuid4().bytes))``.
    """
    said: set[str] = set()
    last: Node = call
    beside: set[int] = set()
    for around in ancestors(call):
        if isinstance(around, Function):
            said.update(words(around.name))
            break
        if isinstance(around, Call) and not set(words(around.name)) & _COMPARES:
            others = [one for one in (*around.args, *around.keywords.values()) if not _holds(one, call)]
            beside.update(id(node) for one in others for node in walk(one, into_functions=False))
        last = around
    for node in walk(last, into_functions=False):
        if id(node) in beside:
            continue
        if isinstance(node, Name):
            said.update(words(node.id))
        elif isinstance(node, Member):
            said.update(words(node.name))
    return said
