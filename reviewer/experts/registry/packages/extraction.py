"""REG050, REG051: archives whose entries climb out of their folder."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions, enclosing_loop
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.elsewhere import handed_calls
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Binary,
    Call,
    Comprehension,
    Expr,
    For,
    Function,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Param,
    Template,
    With,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, inside
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_words, said_in, surroundings
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.packages.archive_words import (
    ARCHIVES,
    FOLDERS,
    archive_words,
    goes_over_folder,
    of_archives,
    outermost,
)
from reviewer.experts.registry.packages.held_inside import held_inside, named_anew

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_NAMES: Final = frozenset("name path filename file entryname relpath relative member key".split())
_WRITES: Final = frozenset(
    "writeFile writeFileSync createWriteStream outputFile outputFileSync write_bytes write_text open "
    "copyfileobj write mkdir mkdirSync makedirs pipe pipeline".split()
)
_ENTRIES: Final = ARCHIVES | {"entries", "files", "headers"}
_LINKS: Final = frozenset({"issym", "islnk", "isreg", "isfile", "isdir", "linkname", "type"})
"""Words of members of an entry that say what kind it is, or where it leads."""
_CLEANS: Final = frozenset({"normalize", "normpath", "trim", "strip", "String", "str", "toString", "decode"})
"""Calls that spell a path otherwise, and leave it leading where it led."""
_MOST_SITES: Final = 6
"""Calls of one function that are looked at."""
_AS_IT_SAYS: Final = "takes what the archive says for where its entries go"
_TAR: Final = ("extractall", "unpack_archive")


@module_check("REG050", words=ARCHIVES | {"entries", "files"})
def entry_climbs_out(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find paths made of an entry's own name that nobody holds inside the target folder."""
    if module.is_test:
        return
    for node in module.all_nodes:
        part = _joined(module, node)
        if part is None or not isinstance(node, Expr):
            continue
        if not _of_entry(module, part):
            continue
        function = _unpacker(module, node)
        if function is None or not _writes(module, function):
            continue
        if held_inside(module, function, _nearest(node)) or _made_harmless(module) or named_anew(module, part):
            continue
        yield Match(
            node,
            f"'{module.text_of(part)[:60]}' comes from the archive and becomes a path as it is: an entry named "
            "'../../x' is written outside the folder.",
        )


def _made_harmless(module: Module) -> bool:
    """Tell whether the library gives names that stay inside: JSZip does since 3.8, and keeps the other one apart."""
    reads = any(one.source == "jszip" for one in module.imports) or b'require("jszip")' in module.source.replace(
        b"'", b'"'
    )
    return reads and "unsafeOriginalName" not in module.identifiers


def _joined(module: Module, node: object) -> Expr | None:
    """Return the last part of a path that is put together."""
    if isinstance(node, Call) and node.name in ("join", "resolve", "joinpath") and node.args:
        name = module.resolve(node.callee)
        known = name.startswith(("path.", "os.path.", "posixpath.", "path/posix")) or node.name == "joinpath"
        return strip(node.args[-1]) if known and len(node.args) + (node.name == "joinpath") > 1 else None
    if isinstance(node, Binary) and node.op == "/":
        return strip(node.right)
    if isinstance(node, Binary) and node.op == "+" and isinstance(node.left, Binary) and _is_slash(node.left.right):
        return strip(node.right)
    if isinstance(node, Template) and len(node.items) > 2 and _is_slash(node.items[-2]):
        return node.items[-1]
    return None


def _is_slash(expr: Expr) -> bool:
    return (isinstance(expr, Literal) and expr.value == "/") or (isinstance(expr, Member) and expr.name == "sep")


def _unpacker(module: Module, node: Expr) -> Function | None:
    """Return the outermost function around a node where it takes archives apart, or is handed what one held."""
    outer = outermost(node)
    if outer is None:
        return None
    around = surroundings(function_of(node)) | archive_words(outer) | _said_by_source(module, node)
    around |= {word for param in outer.params for word in words(param.type.replace(".", "_"))}
    return outer if of_archives(around) or _handed_contents(module, outer) else None


def _said_by_source(module: Module, node: Node) -> set[str]:
    """Return the words of the helper whose answer the loop around a node goes over: ``for x in entries_of(crate)``."""
    loop = enclosing_loop(node)
    over = strip(loop.iterable) if isinstance(loop, For) and loop.iterable is not None else None
    helper = definition(module, over.callee) if isinstance(over, Call) else None
    return said_in(helper) if isinstance(helper, Function) else set()


def _nearest(node: Node) -> Function | None:
    """Return the function around a node that is no argument of a call: what it does, it does with what it is handed."""
    function = function_of(node)
    while function is not None and isinstance(function.parent, Call) and function.outer is not None:
        function = function.outer
    return function


def _handed_contents(module: Module, function: Function) -> bool:
    """Tell whether a function is handed what came out of an archive: ``writeAll(folder, await unpack(bytes))``."""
    if not function.name or not function.params:
        return False
    sites = islice(call_sites(module, function) or (), _MOST_SITES)
    return any(
        of_archives(said_in(outermost(call) or call))
        or any(of_archives(_said_of(where, given)) for given in (*call.args, *call.keywords.values()))
        for where, call in sites
        if not inside(call, function)
    )


def _of_entry(module: Module, part: Expr, depth: int = 8) -> bool:
    """Tell whether a part is the name of something that is gone over: a loop's or callback's variable, or of it."""
    while isinstance(part, Call) and part.name in _CLEANS and (part.args or part.receiver is not None):
        part = strip(part.args[0] if part.args else part.receiver)  # type: ignore[arg-type]  # one of them is there
    base = part
    while isinstance(base, Member | Index):
        base = strip(base.object)
    if not isinstance(base, Name):
        return False
    if base is not part and not set(last_words(part)) & _NAMES:
        return False
    bindings = module.scopes.lookup(base.id, base)
    for binding in bindings:
        if isinstance(binding, For | Comprehension):
            over = binding.iterable if isinstance(binding, For) else binding.clauses[0][1]
            said = _said_of(module, over) if over is not None else set()
            return bool(said & _ENTRIES or _brings_content(module, binding, part)) and not said & FOLDERS
        if isinstance(binding, Param):
            function = binding.parent
            called = isinstance(function, Function) and isinstance(function.parent, Call)
            if called and isinstance(function, Function) and goes_over_folder(function):
                return False
            return (
                called
                or _handed_name(module, binding, depth)
                or bool(set(words(base.id)) & {"entry", "member", "header", "info", "item"})
            )
        value = getattr(binding, "value", None)
        if isinstance(value, Expr) and value is not part:
            value = strip(value)
            if (
                isinstance(value, Call)
                and value.receiver is not None
                and value.name in ("replace", "normalize", "lstrip")
            ):
                value = strip(value.receiver)
            if isinstance(value, Member | Name) and depth:
                return _of_entry(module, value, depth - 1)
    return False


def _handed_name(module: Module, param: Param, depth: int) -> bool:
    """Tell whether a helper of the file is handed the name of an entry: ``this.place(id, file.path, file.bytes)``."""
    function = param.parent
    if not isinstance(function, Function) or not function.name or depth <= 0 or not param.name:
        return False
    place = function.params.index(param)
    given = [call.arg(place, param.name) for call in islice(module.calls((function.name,)), _MOST_SITES)]
    return any(isinstance(one := strip(arg), Member) and _of_entry(module, one, 0) for arg in given if arg is not None)


def _brings_content(module: Module, loop: Node, part: Expr) -> bool:
    """Tell whether each item of a loop has a name and the content that is written there: ``{path, bytes}``."""
    writes = (call for call in find(loop.body, Call) if call.name in _WRITES) if isinstance(loop, For) else ()
    return any(
        module.text_of(name.parent if isinstance(name.parent, Member) else name) != module.text_of(part)
        and any(one is loop for one in module.scopes.lookup(name.id, name))
        for call in writes
        for given in (*call.args, *call.keywords.values())
        for name in find(given, Name)
    )


def _said_of(module: Module, expr: Expr, depth: int = 4) -> set[str]:
    """Return the words of an expression and of what its names stand for."""
    said = archive_words(expr)
    for name in find(expr, Name) if depth else ():
        for binding in module.scopes.lookup(name.id, name):
            value = getattr(binding, "value", None) or getattr(binding, "iterable", None)
            if isinstance(value, Expr) and not inside(name, value):
                said |= _said_of(module, value, depth - 1)
            elif isinstance(binding, With):
                said |= {word for value, _target in binding.items for word in said_in(value)}
    return said


def _writes(module: Module, function: Function) -> bool:
    """Tell whether a function writes files, by itself or in what it calls."""
    return any(call.name in _WRITES for one in reached(module, function, 1) for call in find(one.body, Call))


@module_check("REG051", words={"extractall", "unpack", "tar", "extract"})
def extracted_as_it_comes(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find whole archives that are unpacked without a filter."""
    if module.is_test:
        return
    for call in module.calls((*_TAR, "extract", "x")):
        why = _unfiltered(module, call)
        if not why or any("data_filter" in module.text_of(condition.test) for condition in conditions(call)):
            continue  # it is filtered wherever the language can
        function = function_of(call)
        if function is not None and held_inside(module, function) and not _links_pass(call, function):
            continue
        yield Match(call, f"'{call.name}' {why}.")
    for handed in handed_calls(module):
        plain = module.resolve(handed.callee) == "shutil.unpack_archive" and "filter" not in handed.keywords
        if plain:
            yield Match(handed.call, f"'unpack_archive' {_AS_IT_SAYS}.")


def _links_pass(call: Call, function: Function) -> bool:
    """Tell whether links are taken as they come, where only the names of the entries are looked at."""
    given = call.keywords.get("filter")
    trusted = isinstance(given, Literal) and given.value == "fully_trusted"
    return trusted and not any(_LINKS & set(words(one.name)) for one in find(function.body, Member))


def _unfiltered(module: Module, call: Call) -> str:
    name = module.resolve(call.callee)
    given = call.keywords.get("filter")
    if call.name == "unpack_archive" and name in ("shutil.unpack_archive", "unpack_archive"):
        return "" if given is not None else _AS_IT_SAYS
    if call.name == "extractall":
        tar = name.startswith("tarfile.") or "tar" in last_words(call.receiver)
        if not tar:
            return ""
        if given is None:
            return (
                ""
                if "members" in call.keywords
                else "without a filter writes absolute paths, links and devices of the archive"
            )
        trusted = isinstance(given, Literal) and given.value in ("fully_trusted", None)
        return "with this filter trusts every path and link of the archive" if trusted else ""
    if call.name == "extract" and name.startswith("tarfile.") and given is None and _of_loop(module, call):
        return "without a filter writes each member to the path, or makes the link, that the archive names"
    options = call.args[0] if call.args else None
    if name.startswith("tar.") and isinstance(options, Object):
        kept = options.get("preservePaths") or options.get("P")
        if isinstance(kept, Literal) and kept.value is True:
            return "with 'preservePaths' writes absolute and climbing paths of the archive"
    return ""


def _of_loop(module: Module, call: Call) -> bool:
    """Tell whether a call takes one thing after the other of a loop, as it comes."""
    first = strip(call.args[0]) if call.args else None
    return isinstance(first, Name) and any(isinstance(one, For) for one in module.scopes.lookup(first.id, first))
