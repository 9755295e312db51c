"""How code verifies packages: what it hashes, what it compares, where it fetches and where it loads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.flow import returns_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Assign,
    Binary,
    Call,
    Class,
    Expr,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Param,
    With,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUESTS
from reviewer.code.text.words import words
from reviewer.code.walk import calls_in, walk
from reviewer.experts.paths import last_words, said_in
from reviewer.experts.registry.vocabulary import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

SIGNED: Final = (DIGESTS - {"fingerprint"}) | frozenset("signature signatures signed attestation provenance".split())
"""Words for what a package is verified against."""
PACKAGES: Final = PLAIN_GUESTS | frozenset(
    "package packages pkg bundle bundles archive archives artifact artifacts tarball tgz zip module "
    "modules release releases download downloads installer marketplace registry wheel skill skills theme "
    "themes pack packs mod mods widget widgets blob payload".split()
)
"""Words for the packages themselves."""
_PERSONS: Final = frozenset("jwt token tokens password credentials otp totp captcha session login user cookie".split())
"""Words of calls that verify who asks, and no package."""
_IDENTITY: Final = frozenset("id name version url path filename title key publisher".split())
"""Words of what says which thing is meant."""
_VERIFY: Final = frozenset("verify validate check ensure assert confirm expect require compare matches match".split())
_HASHES: Final = frozenset(
    "sha1 sha256 sha384 sha512 sha hash digest checksum hexdigest md5 blake2b blake3 integrity".split()
)
_OF_CODE: Final = frozenset("property method call construct index function type parameter getter setter".split())
"""Words of signatures that are no proof: what a declaration in code takes and gives."""
_KINDS: Final = frozenset("type types algo algorithm name kind function method size length".split())
"""Last words of what says which digest is meant, and is none."""
_MAKES: Final = (b"hashlib", b"createHash", b".digest(")
"""Texts of files in which a function of its own may give a digest."""
_EQUALS: Final = frozenset({"timingSafeEqual", "compare_digest", "equals", "constant_time_compare", "safeEqual"})
_SAMENESS: Final = frozenset("equal equals same safe secure constant matches match compare eq".split())
"""Words of functions that hold two things against each other."""
_FETCHES: Final = frozenset("fetch download pull retrieve urlopen urlretrieve got axios request".split())
_FETCH_NAMES: Final = frozenset(
    "fetch got axios axios.get urllib.request.urlopen urllib.request.urlretrieve requests.get httpx.get "
    "http.get https.get node-fetch undici.fetch undici.request wget.download aiohttp.request httpx.stream".split()
)
_CARRIERS: Final = frozenset("fetcher http https client remote transport downloader net network".split())
"""What things are called that bring something over the network."""
_LOADS: Final = frozenset(
    "importlib.import_module runpy.run_path runpy.run_module vm.runInContext vm.runInNewContext "
    "vm.runInThisContext zipimport.zipimporter tar.x tar.extract tar-fs.extract extract-zip decompress "
    "unzipper.Extract".split()
)
_LOAD_METHODS: Final = frozenset("exec_module extractall unpack_archive activate instantiate".split())
_LOAD_WORDS: Final = frozenset("import load extract unpack unzip untar instantiate activate execute".split())


class Comparison(Struct, frozen=True):
    """A digest that is compared: ``actual`` is computed here where that is known, ``expected`` is the other one.

    ``same`` tells whether the expression is true for equal digests; ``partly`` names the way in
    which only a part is compared.
    """

    node: Expr
    actual: Expr
    expected: Expr
    same: bool
    partly: str = ""


def comparisons(module: Module) -> tuple[Comparison, ...]:
    """Return where a module compares a digest with another one."""
    return module.once("comparisons of digests", lambda: tuple(_compared(module)))


def _compared(module: Module) -> Iterator[Comparison]:
    for node in module.some(Binary, Call):
        if isinstance(node, Binary) and node.op in ("==", "!="):
            yield from _pair(module, node, node.left, node.right, same=node.op == "==")
        elif isinstance(node, Call) and node.name in _EQUALS:
            given = [*([node.receiver] if node.name == "equals" and node.receiver else []), *node.args]
            if len(given) == 2:
                yield from _pair(module, node, given[0], given[1], same=True)
        elif isinstance(node, Call) and len(node.args) == 2 and _is_own_equality(module, node):
            yield from _pair(module, node, node.args[0], node.args[1], same=True)


def _is_own_equality(module: Module, call: Call) -> bool:
    """Tell whether a function of the subject compares the two things that it is given, in constant time."""
    if _SAMENESS.isdisjoint(words(call.name)):
        return False
    target = definition(module, call.callee)
    if not isinstance(target, Function) or target.module.identifiers.isdisjoint(_EQUALS):
        return False
    names = {param.name for param in target.params}
    return len(target.params) == 2 and any(
        one.name in _EQUALS and names <= {name.id for arg in one.args for name in walk(arg) if isinstance(name, Name)}
        for one in calls_in(target.body)
    )


def _pair(module: Module, node: Expr, left: Expr, right: Expr, *, same: bool) -> Iterator[Comparison]:
    """Yield a comparison with the computed side first, where both sides are digests."""
    if isinstance(strip(left), Literal) or isinstance(strip(right), Literal):
        return
    first, second = bool(hashed(module, left)), bool(hashed(module, right))
    if first and not second:
        yield Comparison(node, left, right, same)
    elif second and not first:
        yield Comparison(node, right, left, same)
    elif first or (_is_digest(left) and _is_digest(right)):
        yield Comparison(node, left, right, same)


def _is_digest(expr: Expr) -> bool:
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name in (
        "from",
        "get",
        "toLowerCase",
        "lower",
        "trim",
        "strip",
        "fromhex",
        "encode",
    ):
        return bool(DIGESTS & said_in(expr))
    said = last_words(expr)
    return bool(DIGESTS & set(said)) and said[-1] not in _KINDS


def hashed(module: Module, expr: Expr | None, depth: int = 6) -> list[Expr]:
    """Return what an expression is the hash of, names and own functions followed; empty where it is no hash."""
    if expr is None or depth == 0:
        return []
    expr = strip(expr)
    if isinstance(expr, Name):
        bindings = module.scopes.lookup(expr.id, expr)
        if len(bindings) == 1 and isinstance(bindings[0], Assign):
            return _of_hasher(module, expr, bindings[0]) or hashed(module, bindings[0].value, depth - 1)
        return []
    if isinstance(expr, Call):
        return _of_call(module, expr, depth)
    if isinstance(expr, Member | Index):
        return hashed(module, expr.object, depth - 1) if isinstance(strip(expr.object), Call) else []
    if isinstance(expr, Binary) and expr.op == "+":
        return hashed(module, expr.left, depth - 1) or hashed(module, expr.right, depth - 1)
    for hole in getattr(expr, "holes", ()):
        found = hashed(module, hole, depth - 1)
        if found:
            return found
    return []


def _of_hasher(module: Module, name: Name, made: Assign) -> list[Expr]:
    """Return what a hash object was fed: ``h = hashlib.sha256(); h.update(data)``."""
    if made.value is None or not _makes_hasher(module, made.value):
        return []
    fed = [call.args[0] for call in module.calls(("update", "write")) if call.args and _on(call, name.id)]
    value = strip(made.value)
    return fed or (list(value.args[:1]) if isinstance(value, Call) else [])


def _on(call: Call, name: str) -> bool:
    return isinstance(call.receiver, Name) and call.receiver.id == name


def _makes_hasher(module: Module, expr: Expr) -> bool:
    value = strip(expr)
    if not isinstance(value, Call):
        return False
    name = module.resolve(value.callee)
    return name.startswith("hashlib.") or name.endswith("createHash")


def _of_call(module: Module, call: Call, depth: int) -> list[Expr]:
    name = module.resolve(call.callee)
    if call.name in ("digest", "hexdigest") and call.receiver is not None and not name.endswith("subtle.digest"):
        return _chain(module, call.receiver)
    if name.startswith(("hashlib.", "zlib.crc", "zlib.adler", "binascii.crc")):
        return [arg for arg in call.args if not isinstance(arg, Literal)][-1:]
    if name.endswith("subtle.digest"):
        return call.args[1:2]
    if name.endswith("crypto.hash"):
        return call.args[1:2]
    if call.name in ("digest", "hexdigest") and call.receiver is not None:
        return _chain(module, call.receiver)
    if call.name in (
        "toString",
        "from",
        "Uint8Array",
        "hex",
        "decode",
        "encode",
        "b64encode",
        "lower",
        "toLowerCase",
        "upper",
        "slice",
    ):
        inner = call.receiver if call.receiver is not None and call.name != "from" else None
        return hashed(module, inner, depth - 1) or (hashed(module, call.args[0], depth - 1) if call.args else [])
    if call.name == "hash" and call.receiver is None and module.language == "python":
        return []  # the built-in one tells values apart while the process runs
    if _HASHES & set(words(call.name)) and call.args and not set(words(call.name)) & (_VERIFY | {"expected"}):
        return list(call.args[:1])
    makes = call.args and any(word in module.source for word in _MAKES)
    target = definition(module, call.callee) if makes else None
    if isinstance(target, Function) and target.module is module:
        answers = [one.value for one in returns_of(target) if one.value is not None]
        if len(answers) == 1 and hashed(module, answers[0], min(depth - 1, 2)):
            return list(call.args[:1])
    return []


def _chain(module: Module, expr: Expr) -> list[Expr]:
    """Return what is fed to a hash in a chain: ``createHash("sha256").update(bytes)``."""
    expr = strip(expr)
    if isinstance(expr, Call) and expr.name == "update" and expr.args:
        return [expr.args[0]]
    if isinstance(expr, Name):
        bindings = module.scopes.lookup(expr.id, expr)
        if len(bindings) == 1 and isinstance(bindings[0], Assign):
            return _of_hasher(module, expr, bindings[0]) or _chain(module, bindings[0].value or expr)
        return []
    return hashed(module, expr, 2) if isinstance(expr, Call) else []


def roots(module: Module, expr: Node, depth: int = 5, *, names_asked: bool = True) -> set[tuple[int, str]]:
    """Return what an expression is made from: (identity, name) of the variables on all ways back.

    Without ``names_asked``, what only says whose entry is looked up is left out: ``card`` of ``index.find(card.id)``.
    """
    found: set[tuple[int, str]] = set()
    for node in walk(expr):
        if not isinstance(node, Name) or depth == 0 or not (names_asked or not _only_asked_by(node)):
            continue
        for binding in module.scopes.lookup(node.id, node):
            if isinstance(binding, Param):
                found.add((id(binding), node.id))
            elif isinstance(binding, Assign) and (id(binding), node.id) not in found:
                found.add((id(binding), node.id))
                if binding.value is not None:
                    found |= roots(module, binding.value, depth - 1, names_asked=names_asked)
            elif isinstance(binding, With):
                for value, target in binding.items:
                    if isinstance(target, Name) and target.id == node.id:
                        found |= roots(module, value, depth - 1, names_asked=names_asked)
    return found


def _only_asked_by(name: Name) -> bool:
    """Tell whether of a thing only its name is given to something else, to look up what that has under it."""
    member = name.parent
    if not isinstance(member, Member) or not set(words(member.name)) & _IDENTITY:
        return False
    asked = member.parent
    if isinstance(asked, Call):
        return asked.receiver is not None and member in asked.args
    return isinstance(asked, Index) and asked.key is member


def compares(module: Module) -> bool:
    """Tell whether a module compares digests at all, and doesn't only write them down."""
    kept = module.memory.get("registry.compares")
    if not isinstance(kept, bool):
        kept = any(True for _ in comparisons(module)) or any(is_verification(call) for call in module.all(Call))
        module.memory["registry.compares"] = kept
    return kept


def is_verification(call: Call) -> bool:
    """Tell whether a call verifies bytes by its name: ``verifyDigest``, ``check_signature``, ``verify``."""
    name = words(call.name)
    if not name or name[0] in ("set", "add", "on", "create", "make", "skip") or set(name) & _PERSONS:
        return False
    if "signature" in name and set(name) & _OF_CODE:
        return False
    told = set(name) & SIGNED if set(name) & _VERIFY else set(name) & SIGNED - {"hex"}  # isHexColor is about colours
    if (set(name) & _VERIFY or name[0] in ("is", "has")) and told and name[-1] not in ("field", "key"):
        return True
    if name[0] == "verify" and set(name) & (PACKAGES | {"bytes"}):
        return True
    if call.name in ("verify", "checkData"):
        return bool(
            (SIGNED | PACKAGES | {"bytes", "data", "publickey", "key", "sig"}) & said_in([call.callee, *call.args])
        )
    return False


def is_fetch(module: Module, call: Call) -> bool:
    """Tell whether a call brings something over the network, by what it is or what it is called."""
    if module.resolve(call.callee) in _FETCH_NAMES:
        return True
    if call.name in ("get", "bytes", "read", "load", "open") and call.args and call.receiver is not None:
        return bool(set(last_words(call.receiver)) & _CARRIERS)
    name = words(call.name)
    if call.new or isinstance(definition(module, call.callee), Class):
        return False  # what will bring something is only made: ``new FetchHandler(given)``
    return (
        bool(name) and name[0] in _FETCHES and name[-1] not in ("count", "log", "all", "metadata", "manifest", "index")
    )


def is_load(module: Module, call: Call, depth: int = 3) -> bool:
    """Tell whether a call runs or unpacks a package; loaders that call one another are followed for ``depth`` steps."""
    if call.name in ("import", "require", "__import__"):
        return bool(call.args) and not isinstance(call.args[0], Literal) and not is_data(module, call)
    made = module.scopes.origin(call.callee) if isinstance(call.callee, Name | Member) else None
    if isinstance(made, Call) and made.name == "createRequire" and not call.new:
        return bool(call.args) and not isinstance(call.args[0], Literal) and not is_data(module, call)
    if call.name in _LOAD_METHODS or module.resolve(call.callee) in _LOADS:
        return True
    name = words(call.name)
    if (
        not name
        or name[0] not in _LOAD_WORDS
        or set(name) & {"json", "config", "settings", "manifest", "state", "yaml", "yml", "toml", "lock", "text"}
    ):
        return False
    target = definition(module, call.callee)
    if name[0] == "load" and isinstance(target, Function) and not _loads_something(target, depth - 1):
        return False
    return isinstance(target, Function | Class) or bool(set(name[1:]) & PACKAGES)


def _loads_something(function: Function, depth: int) -> bool:
    """Tell whether a function named for loading does so, and does not only bring something here."""
    return depth <= 0 or any(
        call.name != function.name and is_load(function.module, call, depth) for call in calls_in(function.body)
    )


def is_data(module: Module, call: Call) -> bool:
    """Tell whether what is required is a JSON file."""
    origin = module.scopes.origin(call.args[0])
    spelled = [call.args[0], *([origin] if isinstance(origin, Expr) else [])]
    return "json" in last_words(call.args[0]) or any(".json" in module.text_of(one) for one in spelled)
