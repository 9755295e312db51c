"""SEC048, SEC050, SEC051: text is run as code; it comes from values, from a server, or packed up."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Assign, Binary, Call, Expr, Function, Literal, Member, Name, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import word_set
from reviewer.experts.security.reaching.sinks import Sink, said, shown, sinks, unlimited
from reviewer.experts.security.values.origins import OUTSIDE, Trace
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.security.values.texts import is_text
from reviewer.experts.tooling import is_foreign, is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_SCRIPT: Final = frozenset(
    "eval Function vm.runInNewContext vm.runInThisContext vm.runInContext vm.compileFunction vm.Script "
    "setTimeout setInterval setImmediate execScript".split()
)
_PYTHON: Final = frozenset(
    "eval exec compile builtins.eval builtins.exec code.InteractiveInterpreter.runsource".split()
)
_TIMERS: Final = frozenset({"setTimeout", "setInterval", "setImmediate"})
_ANY_TEXT: Final = frozenset({"eval", "Function", "builtins.eval"})
"""Functions that have no business with a text that isn't known; the others also load modules."""
_ANYWHERE: Final = frozenset({"file", "environment", "argument", "unknown"})
"""Origins of which nobody knows whether anybody but the program has a say in them."""
_OF_PERSON: Final = _ANYWHERE | {"config", "parameter"}
"""Origins of which those whose program it is decide."""
_CONSOLES: Final = word_set("eval exec repl console shell interpreter debug debugger dev inline py python")
"""Words of what runs code because that is what it is there for."""
_IS_CODE: Final = frozenset({("python", "code"), ("js", "code"), ("py", "code"), ("script", "code")})
"""Names of a setting whose value is said to be code."""
_WORDS: Final = frozenset({"eval", "exec", "compile", "function", "vm", "timeout", "interval", "script"})
_UNPACKS: Final = frozenset(
    "atob b64decode b32decode b85decode a85decode decompress inflate inflateSync gunzipSync "
    "brotliDecompressSync unhexlify fromhex fromCharCode fromCodePoint unescape urlsafe_b64decode decodebytes".split()
)
_CODINGS: Final = frozenset({"base64", "hex", "base64url", "rot13", "rot_13"})
_DEEPEST: Final = 6
_OWN_ADDRESSES: Final = ("document.currentScript", "import.meta.url", "runtime.getURL(", "extension.getURL(")


def _texts(module: Module) -> Iterator[tuple[Sink, Expr]]:
    """Yield every text that is run as code, with the call that runs it."""
    for sink in sinks(module, _PYTHON if module.language == "python" else _SCRIPT):
        text = sink.args[-1] if sink.name == "Function" and sink.args else sink.arg(0, "source")
        if text is None:
            continue
        origin = module.scopes.origin(text)
        if _is_compiled(module, text, origin):
            continue
        if sink.name in _TIMERS and not _is_text(module, text):
            continue
        yield sink, text


def _is_compiled(module: Module, text: Expr, origin: object) -> bool:
    """Tell whether what is run was compiled before: the text counts there."""
    given = module.scopes.lookup(text.id, text) if isinstance(text, Name) else []
    made = [origin, *(strip(one.value) for one in given if isinstance(one, Assign) and one.value is not None)]
    if any(isinstance(one, Call) and one.name == "compile" for one in made):
        return True
    return "compiled" in words(module.text_of(text)) and isinstance(strip(text), Name | Member)


def _is_text(module: Module, expr: Expr) -> bool:
    """Tell whether an expression is a text for sure; timers mostly get functions."""
    origin = module.scopes.origin(expr)
    if isinstance(origin, Function | Name):
        return False
    if isinstance(origin, Call):
        return origin.name == "toString" or is_text(module, origin)
    return isinstance(origin, Template) or (isinstance(origin, Binary) and _has_literal(origin))


def _has_literal(node: Node) -> bool:
    return any(isinstance(part, Literal) and isinstance(part.value, str) for part in walk(node))


@module_check("SEC048", words=_WORDS)
def code_from_text(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every text that is run as code for values in it."""
    if module.is_test or is_tooling(module):
        return
    foreign = is_foreign(module.path)  # by its name, which is easily given: what surely comes from outside counts
    for sink, text in _texts(module):
        found = unlimited(module, text, sink.call)
        if found is None or "remote" in found.kinds() or _unpacked(module, text) is not None:
            continue
        if foreign and not found.outside:
            continue
        origin = found.worst()
        if not found.outside and (_is_handed_function(module, sink, text) or _is_of_timer(sink)):
            continue
        # Who types a command may run what he likes: it is his own machine.
        own = {"argument", "manifest"} if inquiry.subject.kind == "plugin" else {"argument"}
        outside = bool(found.kinds() & (OUTSIDE - own))
        sure = outside or (sink.name in _ANY_TEXT and not found.kinds() <= _ANYWHERE)
        if not found.kinds() & {"request", "plugin"} and _runs_on_purpose(module, sink, text, found):
            sure = False
        name = sink.name.rsplit(".", 1)[-1]
        yield Match(
            sink.call,
            f"'{name}' runs a text that comes from {said(origin)} ('{shown(module, text, 40)}') as code.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
            severity=Severity.CRITICAL if outside and not found.kinds() <= _OF_PERSON else Severity.HIGH,
        )


def _is_of_timer(sink: Sink) -> bool:
    """Tell whether a file brings a timer of its own, which takes a text as those of browsers do: ``setImmediate``."""
    function = function_of(sink.call)
    return function is not None and function.name in _TIMERS


def _is_handed_function(module: Module, sink: Sink, text: Expr) -> bool:
    """Tell whether a function comes as its text, to where none can be handed over: it is called by its name after.

    ``page.evaluate((find) => { eval(find); return find(document) }, find.toString())``
    """
    function, given = function_of(sink.call), strip(text)
    while isinstance(given, Template | Binary) and isinstance(sink.call.parent, Call | Assign):
        holes = given.holes if isinstance(given, Template) else [given.left, given.right]
        inner = [strip(hole) for hole in holes if not isinstance(strip(hole), Literal)]
        if len(inner) != 1:
            return False
        given = inner[0]
    if function is None or not isinstance(given, Name):
        return False
    calls = [call for call in find(function.body, Call) if isinstance(call.callee, Name)]
    called = any(call.callee.id == given.id for call in calls if isinstance(call.callee, Name))
    return called and f"{given.id}.toString()".encode() in module.source


def _runs_on_purpose(module: Module, sink: Sink, text: Expr, found: Trace) -> bool:
    """Tell whether code is run where that is what a command, a class or a file is there for, or a setting is code."""
    if found.kinds() <= {"config", "parameter"} and any(
        words(name)[-2:] in _IS_CODE for name in (module.text_of(part) for part in find(text, Name))
    ):
        return True
    said = set(words(PurePosixPath(module.path).stem))
    function = function_of(sink.call)
    while function is not None:
        said |= set(words(function.name))
        if function.owner is not None:
            said |= set(words(function.owner.name))
        function = function.outer
    return bool(said & _CONSOLES)


@module_check("SEC050", words=_WORDS | {"import", "scripts"})
def remote_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for code that a server sends."""
    if module.is_test:
        return
    for sink, text in _texts(module):
        if "remote" in trace(module, text).kinds():
            yield Match(
                sink.call, f"What a server sent ('{shown(module, text, 40)}') is run as code: nobody ever reviewed it."
            )
    if module.language == "python":
        return
    for sink in sinks(module, frozenset({"import", "importScripts", "require"})):
        source = sink.arg(0)
        if source is not None and _starts_remote(module.scopes.origin(source)):
            yield Match(sink.call, f"'{shown(module, sink.call)}' loads code from a server: nobody ever reviewed it.")
    yield from _script_elements(inquiry, module)


def _starts_remote(origin: object) -> bool:
    if isinstance(origin, Template) and origin.items:
        origin = origin.items[0]
    return (
        isinstance(origin, Literal)
        and isinstance(origin.value, str)
        and origin.value.startswith(("http:", "https:", "//"))
    )


def _script_elements(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Yield scripts that are put into the page from an address; a loader of scripts is told by its file's name."""
    foreign = is_foreign(module.path)
    for node in module.all_nodes:
        target = node.target if isinstance(node, Assign) else None
        if target is None or getattr(target, "name", "") != "src" or not hasattr(target, "object"):
            continue
        made = module.scopes.origin(target.object)
        if (
            not isinstance(made, Call)
            or made.name != "createElement"
            or not isinstance(node, Assign)
            or node.value is None
        ):
            continue
        tag = made.arg(0)
        if not isinstance(tag, Literal) or str(tag.value).lower() != "script":
            continue
        origin = module.scopes.origin(node.value)
        if _starts_remote(origin) or (
            not foreign and not _beside(module, node.value) and unlimited(module, node.value, node) is not None
        ):
            told = set() if _starts_remote(origin) else trace(module, node.value).kinds()
            own = inquiry.subject.kind == "host" and bool(told) and told <= {"parameter", "unknown"}
            yield Match(
                node,
                f"A script from '{shown(module, node.value)}' is put into the page: nobody ever reviewed it.",
                confidence=Confidence.POSSIBLE if own else None,  # a host that puts in what its own code names
            )


def _beside(module: Module, address: Expr) -> bool:
    """Tell whether an address is made of that of the script itself, or of one that the browser gives its extension."""
    made: list[Node] = [address]
    for name in find(address, Name):
        origin = module.scopes.origin(name)
        if isinstance(origin, Expr):
            made.append(origin)
    return any(own in module.text_of(node) for node in made for own in _OWN_ADDRESSES)


@module_check("SEC051", words=_WORDS)
def packed_code(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look for code that is unpacked and run."""
    if module.is_test:
        return
    for sink, text in _texts(module):
        unpacks = _unpacked(module, text)
        if unpacks is not None and "remote" not in trace(module, text).kinds():
            yield Match(
                sink.call,
                f"'{shown(module, unpacks, 50)}' unpacks a text, and it is run as code: what it does can't be read.",
                related=((unpacks, "unpacked here"),) if unpacks.line != sink.call.line else (),
            )


def _unpacked(module: Module, text: Expr) -> Call | None:
    """Return the call that unpacks a text, if one does."""
    pending: list[tuple[Node, int]] = [(text, 0)]
    while pending:
        expr, depth = pending.pop()
        for node in walk(expr):
            if isinstance(node, Call) and (node.name in _UNPACKS or _decodes(node)):
                return node
            if isinstance(node, Name) and depth < _DEEPEST:
                origin = module.scopes.origin(node)
                if origin is not None and origin is not node and isinstance(origin, Call | Template):
                    pending.append((strip(origin), depth + 1))
    return None


def _decodes(call: Call) -> bool:
    return call.name in ("from", "toString", "decode") and any(
        isinstance(argument, Literal) and argument.value in _CODINGS for argument in call.args
    )
