"""SEC040: a secret stands in the code, in the manifest, or in a file that is shipped with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.form.named_texts import where_written
from reviewer.code.syntax import (
    Array,
    Assign,
    Binary,
    Call,
    ExprStatement,
    Field,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.core.location import Location
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check, subject_check
from reviewer.experts.paths import last_words
from reviewer.experts.security.secret_words import (
    format_of,
    in_address,
    is_placeholder,
    looks_secret,
    masked,
    names_key,
    names_secret,
    signs,
)
from reviewer.experts.security.values.places import kind_of_call, kind_of_path, steps
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Node
    from reviewer.experts.check import Inquiry
    from reviewer.subject.document import Value

_KEYED: Final = {
    "crypto.createHmac": 1,
    "hmac.new": 0,
    "jsonwebtoken.sign": 1,
    "jsonwebtoken.verify": 1,
    "jwt.encode": 1,
    "jwt.decode": 1,
    "crypto.createCipheriv": 1,
    "crypto.createDecipheriv": 1,
    "cryptography.fernet.Fernet": 0,
    "itsdangerous.URLSafeSerializer": 0,
    "itsdangerous.Signer": 0,
}
"""Functions that sign or encrypt, with the position of their key."""
_LETS_IN: Final = frozenset({"login", "HTTPBasicAuth", "BasicAuth", "basicAuth", "signInWithEmailAndPassword"})
"""Calls that are given a user and his password."""
_MOST: Final = 20_000
_SHIPPED: Final = (".env", ".npmrc", ".pypirc", ".netrc")
_SHORTEST_KEY: Final = 64
_CODECS: Final = frozenset({"latin1", "latin-1", "utf8", "utf-8", "ascii", "utf-16", "cp1252", "iso-8859-1", "hex"})
_LONGEST_JOINED: Final = 200
_WRAPS: Final = frozenset(
    "String str encode from SecretStr b64decode b64encode atob unhexlify fromhex bytes TextEncoder".split()
)
"""Calls that give the same secret in another form."""
_LARGEST: Final = 65_536
_PUBLIC: Final = frozenset({"trial_tokens"})
"""Members of manifests that are made to be seen: a browser reads them from the package."""


@module_check("SEC040")
def secret_in_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every text of a module."""
    if module.is_test or is_tooling(module) or "example" in module.path.lower() or _holds_tests(module):
        return
    done: set[str] = set()
    for count, node in enumerate(module.all_nodes):
        if count > _MOST * 10:
            return
        text = _text(node)
        if text is None or text in done:
            continue
        match = _of_literal(module, where_written(module, node) if isinstance(node, Literal) else node, text)
        if match is not None:
            done.add(text)
            yield match
    yield from _keys(module, done)
    yield from _given_as_secrets(module, done)


def _given_as_secrets(module: Module, done: set[str]) -> Iterator[Match]:
    """Yield texts whose own name says nothing, and that are handed over where a secret belongs."""
    for place, given in _places_of_secrets(module):
        value = strip(given)
        if isinstance(value, Template) and len(value.holes) == 1:
            value = strip(value.holes[0])  # `Bearer ${PASS}`
        made = module.scopes.origin(value) if isinstance(value, Name | Member) else value
        text = str(made.value) if isinstance(made, Literal) and isinstance(made.value, str) else None
        said = names_secret(place)
        if isinstance(made, Literal) and text and said and text not in done and looks_secret(text, said, place):
            done.add(text)
            yield Match(
                where_written(module, made),
                f"'{masked(text)}' goes where the secret '{place}' belongs: whoever has this file has it.",
                related=((given, "handed over here"),),
            )


def _places_of_secrets(module: Module) -> Iterator[tuple[str, Expr]]:
    """Yield what is handed over under a name, or to what lets somebody in: ``login(user, phrase)``."""
    for node in module.some(Object, Call):
        if isinstance(node, Object):
            yield from ((str(key.value), value) for key, value in node.entries if isinstance(key, Literal))
        elif isinstance(node, Call):
            yield from node.keywords.items()
            if node.name in _LETS_IN and len(node.args) == 2:
                yield "password", node.args[1]


def _text(node: Node) -> str | None:
    if isinstance(node, Call) and node.name == "join":
        return _put_together(node)
    if isinstance(node, Template) and not node.holes and not isinstance(node.parent, Template):
        return _joined(node)
    if not isinstance(node, Literal) or isinstance(node.parent, Template | ExprStatement):
        return None
    if isinstance(node.value, bytes):
        return node.value.decode("latin-1")
    return node.value if isinstance(node.value, str) and len(node.value) >= 6 else None


def _put_together(call: Call) -> str | None:
    """Return a text that is joined of a list of texts: ``["nh", "prod", "7d1f0c94"].join("_")``."""
    given = strip(call.args[0]) if len(call.args) == 1 else None
    held = strip(call.receiver) if call.receiver is not None else None
    pieces, sign = (held, given) if isinstance(held, Array) else (given, held)
    if not isinstance(pieces, Array) or not isinstance(sign, Literal) or not isinstance(sign.value, str):
        return None
    texts = [one.value for one in map(strip, pieces.items) if isinstance(one, Literal) and isinstance(one.value, str)]
    whole = sign.value.join(texts)
    return whole if 1 < len(texts) == len(pieces.items) and 6 <= len(whole) <= _LONGEST_JOINED else None


def _joined(pieces: Template) -> str | None:
    """Return a text that is written in pieces: ``"qi_" + "5c1e0b8f…"``."""
    whole = "".join(str(one.value) for one in pieces.items if isinstance(one, Literal))
    return whole if 6 <= len(whole) <= _LONGEST_JOINED and len(pieces.items) > 1 else None


def _holds_tests(module: Module) -> bool:
    """Tell whether a file is made of tests, whatever it is called: ``class GpgTestCase(PluginTestCase)``."""
    return any(last_words(base)[-2:] == ("test", "case") for cls in module.classes for base in cls.bases)


def _of_literal(module: Module, node: Node, text: str) -> Match | None:
    kind = format_of(text)
    if kind == "a private key" and len(text) < _SHORTEST_KEY:
        return None  # the line that every key begins with, by which one is known
    if kind:
        return Match(
            node, f"'{masked(text)}' is {kind}: whoever has this file has it.", severity=Severity.CRITICAL,
            confidence=Confidence.CERTAIN,
        )  # fmt: skip
    parameter, value = in_address(text)
    if value:
        return Match(
            node, f"'{parameter}' of the address is the secret '{masked(value)}': whoever has this file has it."
        )
    name = _name_of(module, node)
    said = (names_secret(name) or names_key(name) or ("weak" if words(name)[-1:] == ("pass",) else "")) if name else ""
    if said and looks_secret(text, said, name):
        return Match(node, f"'{name}' is the secret '{masked(text)}' itself: whoever has this file has it.")
    return None


def _name_of(module: Module, node: Node) -> str:
    """Return the name under which a text stands: of a variable, a field, a key, an argument."""
    inner, parent = node, node.parent
    while isinstance(parent, Binary) and parent.op in ("or", "??"):
        inner, parent = parent, parent.parent
    if isinstance(parent, Member) and isinstance(parent.parent, Call) and parent.name in ("encode", "strip", "trim"):
        return _name_of(module, parent.parent)  # PASS = "…".encode()
    if isinstance(parent, Call) and parent.callee is not inner:
        return _argument_name(module, parent, inner)
    if isinstance(parent, Assign):
        return _last(parent.target) if inner is not parent.target else ""
    if isinstance(parent, Field | Param):
        return parent.name
    if isinstance(parent, Object):
        key = module.once(f"keys {id(parent)}", lambda: _keys_of(parent)).get(id(inner))
        return key or ""
    if isinstance(parent, Binary) and parent.op in ("==", "!="):
        return _last(parent.left if inner is parent.right else parent.right)
    return ""


def _keys_of(entries: Object) -> dict[int, str]:
    """Return the written key of each value by its identity; a table of many thousand rows is gone through once."""
    return {id(value): str(key.value) for key, value in reversed(entries.entries) if isinstance(key, Literal)}


def _argument_name(module: Module, call: Call, inner: Node) -> str:
    for name, value in call.keywords.items():
        if value is inner:
            return name
    if call.name == "encode" and isinstance(inner, Literal) and str(inner.value).lower() in _CODECS:
        return ""  # how it is spelled, and not what
    first = call.arg(0)
    if len(call.args) >= 2 and call.args[1] is inner and isinstance(first, Literal) and isinstance(first.value, str):
        return first.value if len(first.value) < 60 else ""
    return _name_of(module, call) if call.name in _WRAPS and call.parent is not None else ""


def _last(expr: Expr) -> str:
    expr = strip(expr)
    if isinstance(expr, Name):
        return expr.id
    if isinstance(expr, Member):
        return expr.name
    if isinstance(expr, Index) and isinstance(expr.key, Literal):
        return str(expr.key.value)
    if isinstance(expr, Call):
        path = steps(expr)
        return path[-1] if path else ""
    return ""


def _keys(module: Module, done: set[str]) -> Iterator[Match]:
    """Yield the keys of signatures that are written out, and what stands in for a secret of the environment."""
    for node in module.all_nodes:
        if isinstance(node, Call):
            name = module.resolve(node.callee)
            key = node.arg(_KEYED[name], "key") if name in _KEYED else None
            while isinstance(key, Call) and key.name in ("encode", "from", "bytes") and (key.args or key.receiver):
                key = key.receiver if key.name == "encode" else key.args[0]
            yield from _written(module, key, name, done)
            default = node.arg(1, "default")
            if default is not None and kind_of_call(module, node) == "environment":
                yield from _fallback(default, _variable(node), done)
        elif isinstance(node, Binary) and node.op in ("or", "??") and kind_of_path(module, node.left) == "environment":
            yield from _fallback(node.right, _last(node.left), done)


def _variable(call: Call) -> str:
    first = call.arg(0)
    return first.value if isinstance(first, Literal) and isinstance(first.value, str) else ""


def _fallback(default: Expr, name: str, done: set[str]) -> Iterator[Match]:
    text, said = _text(default), names_secret(name)
    if not said or not text or text in done or " " in text:
        return
    if signs(name) or looks_secret(text, said, name):
        done.add(text)
        yield Match(
            default,
            f"Where the variable isn't set, the secret is '{masked(text)}', which everybody can read here.",
        )


def _written(module: Module, key: Expr | None, by: str, done: set[str]) -> Iterator[Match]:
    origin = module.scopes.origin(key) if key is not None else None
    if isinstance(origin, Call) and origin.name in ("encode", "from") and (origin.args or origin.receiver):
        origin = origin.receiver if origin.name == "encode" else origin.args[0]
    text = _text(origin) if isinstance(origin, Literal) else None
    if isinstance(origin, Literal) and text and text not in done and not isinstance(origin.parent, Function):
        done.add(text)
        yield Match(
            where_written(module, origin),
            f"The key of '{by.rsplit('.', maxsplit=1)[-1]}' is '{masked(text)}': whoever has this file has it.",
        )


@subject_check("SEC040")
def secret_in_data(inquiry: Inquiry) -> Iterator[Match]:
    """Look at the manifest, at other data files, and at files that hold secrets by their name."""
    documents = [inquiry.manifest, *inquiry.subject.other_documents.values()]
    for document in documents:
        if document is not None and not document.path.lower().endswith(("lock.json", ".lock", "lock.yaml")):
            yield from _of_value(document.root, "")
    for path in inquiry.subject.files:
        name = path.rsplit("/", 1)[-1]
        plain = name in _SHIPPED or name.startswith(".env.") or name.endswith((".pem", ".key"))
        if plain and not any(word in path.lower() for word in ("example", "sample", "template", "test", "dist.env")):
            yield from _of_file(inquiry, path)


def _of_value(root: Value, name: str) -> Iterator[Match]:
    pending = [(name, root)]
    for _ in range(_MOST):
        if not pending:
            return
        key, value = pending.pop()
        if value.text:
            match = _of_text(value, key)
            if match is not None:
                yield match
            continue
        children = list(value.members()) + [(key, item) for item in value.items()]
        pending.extend(reversed(children))


def _of_text(value: Value, key: str) -> Match | None:
    kind = format_of(value.text)
    if kind:
        return Match(
            value, f"'{masked(value.text)}' is {kind}: whoever gets the plugin gets it.", severity=Severity.CRITICAL
        )
    said = names_secret(key)
    if said and key not in _PUBLIC and "/" not in key and looks_secret(value.text, said, key):
        return Match(value, f"'{key}' is the secret '{masked(value.text)}' itself: whoever gets the plugin gets it.")
    return None


def _of_file(inquiry: Inquiry, path: str) -> Iterator[Match]:
    try:
        text = inquiry.subject.read(path)[:_LARGEST].decode("utf-8", "replace")
    except (OSError, LookupError, ValueError):
        return
    for number, line in enumerate(text.split("\n")[:500], 1):
        name, _, value = line.partition("=")
        said = names_secret(name.strip().rsplit(":", 1)[-1].lstrip("_"))
        secret = value.strip().strip("'\"")
        if format_of(line) or (said and secret and not is_placeholder(secret) and looks_secret(secret, said, name)):
            place = Location(path, number, 1, number, len(line) + 1)
            yield Match(
                place,
                f"'{path}' is shipped with a secret in it: '{masked(secret or line)}'.",
                severity=Severity.CRITICAL,
            )
            return
