"""REG060, REG061: a registry file that is written over in place, or changed by two at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from reviewer.code.reach.elsewhere import handed_call
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import (
    Await,
    Binary,
    Call,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Template,
    With,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, last_words, said_in, surroundings
from reviewer.experts.registry.entering import reached
from reviewer.experts.registry.storing.changed_outside_lock import locked_stretches
from reviewer.experts.registry.storing.kept_state import emptied_at, is_first, keeps_state, opened_as, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_WRITES: Final = (
    "writeFile",
    "writeFileSync",
    "write_text",
    "write_bytes",
    "dump",
    "outputJson",
    "writeJson",
    "writeJSON",
)
_REGISTRY: Final = frozenset(
    "registry registries catalog catalogue index installed plugins extensions addons addins packages modules "
    "entries manifest lock lockfile store shelf inventory marketplace grants grant consents consent permissions "
    "ledger".split()
)
"""Words of files that a host can't do without."""
_OF_ANYTHING: Final = frozenset({"store", "entries", "shelf", "inventory", "ledger", "index", "lock", "modules"})
"""Those of them that say nothing of plugins."""
_READS: Final = frozenset({"readFile", "readFileSync", "read_text", "readJson", "readJSON"})
_WHOLE: Final = frozenset(
    "rename renamesync atomic atomically tmp temp temporary mkstemp transaction journal wal "
    "writefileatomic atomicwrites stage staged".split()
)
"""Words of code that writes a file as a whole or not at all."""
_MOVES: Final = frozenset({"rename", "renameSync", "replace", "move", "moveSync"})
_MAY_REPLACE: Final = frozenset({"replace", "swap"})
"""Words that say so where they are calls of a library."""
_SERIAL: Final = frozenset(
    "lock locked locks lockfile flock mutex semaphore queue serial serialize serialise chain exclusive acquire "
    "transaction sequential tail pending writing rlock filelock portalocker single once runexclusive".split()
)
"""Words of code that lets one writer at a time."""
_JSON: Final = frozenset({"stringify", "dumps", "dump", "safe_dump", "encode"})


_CODECS: Final = frozenset("json encoder msgpack msgspec codec yaml toml cbor".split())
_TO_STREAMS: Final = frozenset({"dump", "write"})
"""Calls that write to what was opened before."""


_TELLS: Final = frozenset("info warn warning error debug log note exception trace".split())


class Written(Struct, frozen=True):
    """A write of structured data into a file."""

    call: Call
    function: Function


def _written(module: Module) -> Iterator[Written]:
    """Yield the writes of whole registry files."""
    for call in module.calls((*_WRITES, "write", "end")):
        if call.name in ("write", "end") and not _opened(module, call.receiver, call):
            continue
        outer = _named(function_of(call))
        for path, texts, around in _ways(module, call, outer) if outer is not None else ():
            if _is_whole(module, call, texts) and _is_registry(module, call, around, path, texts):
                yield Written(call, around)
                break


def _ways(module: Module, call: Call, outer: Function) -> Iterator[tuple[Expr | None, list[Expr], Function]]:
    """Yield the path and the text of a write, and the function that gives the text: this, or one that hands it in."""
    path = _in_the_end(module, outer, path_of(module, call))
    yield path, call.args, outer
    given = {param.name: param for param in outer.params}
    text = next((given[one.id] for one in map(strip, call.args) if isinstance(one, Name) and one.id in given), None)
    if text is None or call.name == "dump":
        return
    held = strip(path) if path is not None else None
    place = given.get(held.id) if isinstance(held, Name) else None
    for site in module.calls((outer.name,)) if outer.name else ():
        around = _named(function_of(site))
        handed = site.arg(outer.params.index(text), text.name)
        if around is None or around is outer or handed is None or definition(module, site.callee) is not outer:
            continue
        yield site.arg(outer.params.index(place), place.name) if place is not None else path, [handed], around


def _in_the_end(module: Module, function: Function, path: Expr | None) -> Expr | None:
    """Return where a file lies in the end that is written elsewhere first: ``rename(fresh, this.path)``."""
    said = module.text_of(path) if path is not None else ""
    for call in find(function.body, Call) if said else ():
        if call.name not in _MOVES or not call.args:
            continue
        moved, target = (call.args[0], call.args[1]) if len(call.args) == 2 else (call.receiver, call.args[0])
        if moved is not None and module.text_of(moved) == said:
            return target
    return path


def _named(function: Function | None) -> Function | None:
    while function is not None and not function.name and function.outer is not None:
        function = function.outer
    return function


def _is_whole(module: Module, call: Call, texts: list[Expr]) -> bool:
    """Tell whether a call writes one data structure over a file."""
    if call.name == "dump":
        name = module.resolve(call.callee)
        dumps = ("json.dump", "yaml.dump", "yaml.safe_dump", "tomli_w.dump", "pickle.dump")
        return name in dumps and _opened(module, call.arg(1, "fp"), call)
    if call.name in ("outputJson", "writeJson", "writeJSON"):
        return len(call.args) > 1  # alone it is no path, but what a reporter writes
    for text in texts:
        for node in (text, module.scopes.origin(text)):
            if isinstance(node, Expr) and any(map(_gives_text, find(node, Call))):
                return not any(isinstance(one, Literal) and one.value == "a" for one in call.args)
    return False


def _gives_text(call: Call) -> bool:
    """Tell whether a call gives the text of a structure; ``text.encode()`` only gives the bytes of one."""
    return call.name in _JSON and (
        call.name != "encode" or bool(call.args and set(last_words(call.receiver)) & _CODECS)
    )


def _opened(module: Module, stream: Expr | None, call: Call) -> bool:
    """Tell whether the stream that a call writes to is a file that was opened for writing in place."""
    opened = opened_as(module, stream, call)
    if opened is None or opened.name == "createWriteStream":
        return opened is not None and "flags" not in module.text_of(opened)
    modes = [one.value for one in find(opened, Literal) if isinstance(one.value, str)]
    return any(mode in ("w", "wt", "w+", "wb") for mode in modes)


_OF_CODE: Final = (".js", ".mjs", ".cjs", ".ts", ".py", ".css", ".html", ".md")
"""Ends of the names of files that hold no table."""


def _is_registry(module: Module, call: Call, outer: Function, path: Expr | None, texts: list[Expr]) -> bool:
    """Tell whether names say that the file is a registry, not a log, a report or a setting of one plugin."""
    said = said_in(path) if path is not None and call.name not in _TO_STREAMS else set()
    origin = module.scopes.origin(path) if path is not None else None
    if path is not None and any(word in module.text_of(path) for word in ("package.json", "tsconfig")):
        return False
    if isinstance(origin, Expr):
        said |= said_in(origin)
        if any(str(text.value).endswith(_OF_CODE) for text in find(origin, Literal)):
            return False  # a module that is made, and no table
    if said & {"report", "log", "output", "out", "dist", "cache", "tmp", "temp", "generated", "build", "snapshot"}:
        return False
    if set(words(outer.name)) & {"report", "log", "export", "metrics", "init", "scaffold", "generate", "build", "dump"}:
        return False
    around = surroundings(outer) | said
    cls = class_of(outer)
    around |= set(words(cls.name)) if cls is not None else set()
    for text in texts:
        around |= said_in(text)
        if outer is not _named(function_of(call)) and isinstance(made := module.scopes.origin(text), Expr):
            around |= said_in(made)
    stem = module.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    around |= set(words(stem)) if stem not in ("index", "__init__") else set()  # every folder has one
    return bool(around & _REGISTRY) or _is_read_back(module, call, outer) or keeps_state(module, call, path, texts)


def _is_read_back(module: Module, call: Call, outer: Function) -> bool:
    """Tell whether a class writes all that it is given over a file of its own, and reads it from there again."""
    cls = class_of(outer)
    streams = [value for around in ancestors(call) if isinstance(around, With) for value, _target in around.items]
    opened = next((one.receiver or one.arg(0) for value in streams for one in find(value, Call)), None)
    path = (
        opened
        if call.name in _TO_STREAMS
        else call.receiver
        if call.name in ("write_text", "write_bytes")
        else call.arg(0)
    )
    data = call.arg(0) if call.name == "dump" else next((one for arg in call.args for one in find(arg, Call)), None)
    given = {param.name for param in outer.params}
    if cls is None or path is None or data is None or not given & names_in(data):
        return False
    reads = [one for method in cls.methods for one in find(method.body, Call) if one.name in _READS]
    if is_this_member(path):
        return any(path.name in {member.name for member in find(one, Member)} for one in reads)
    maker = _made_by_own(module, path)
    return bool(maker) and any(
        _made_by_own(module, where) == maker
        for one in reads
        if (where := one.receiver if one.name == "read_text" else one.arg(0)) is not None
    )


def _made_by_own(module: Module, path: Expr) -> str:
    """Return the name of the method of its own object that gives a path: ``self.file_of(pack)``."""
    made = module.scopes.origin(path)
    callee = strip(made.callee) if isinstance(made, Call) and made.callee is not None else None
    return callee.name if callee is not None and is_this_member(callee) else ""


def _told(function: Function) -> set[str]:
    """Return the words of what a function tells things to: ``journal.info(…)`` is a log, and no journal of writes."""
    calls = (call for call in find(function.body, Call) if call.name in _TELLS and call.receiver is not None)
    return {word for call in calls for word in last_words(call.receiver)}


def _puts_in_place(function: Function) -> bool:
    """Tell whether a function puts another file in the place of one: ``os.replace(part, file)``.

    A function of the subject that is called so may write in place all the same, and texts are replaced as well.
    """
    return any(
        call.name in _MAY_REPLACE
        and not isinstance(definition(function.module, call.callee), Function)
        and (len(call.args) == 1 or function.module.resolve(call.callee) in ("os.replace", "shutil.move"))
        for call in find(function.body, Call)
    )


def _of_plugins(one: Written) -> bool:
    """Tell whether what is written is a table of plugins, by the words around: else it is a state that is kept."""
    cls = class_of(one.function)
    around = surroundings(one.function) | said_in(one.function) | set(words(cls.name) if cls is not None else ())
    stem = one.function.module.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return bool((around | set(words(stem))) & (_REGISTRY - _OF_ANYTHING | PLAIN_GUEST))


def _what(one: Written) -> str:
    return "the registry" if _of_plugins(one) else "the file"


@module_check("REG060", words={"write", "dump", "output"})
def written_in_place(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find registry files that are written over without a temporary file."""
    if module.is_test:
        return
    for one in _written(module):
        said = said_in(one.function) | set(words(one.function.name))
        for target in reached(module, one.function, 1):
            said |= said_in(target)
        said -= _told(one.function) | _MAY_REPLACE
        if (
            said & _WHOLE
            or is_first(module, one.call)
            or any(_puts_in_place(each) for each in reached(module, one.function, 1))
        ):
            continue
        yield Match(
            emptied_at(module, one.call) or one.call,
            f"'{one.call.name}' writes {_what(one)} in place: a crash or a full disk half-way leaves a file that can't "
            f"be read, and {'every plugin' if _of_plugins(one) else 'all that it kept'} is gone.",
        )


@module_check("REG061", words={"write", "dump", "output", "save", "persist"})
def changed_by_two(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Find functions that read a registry file, change it and write it back without a lock."""
    if module.is_test or _SERIAL & module.words or any(True for _ in locked_stretches(module)):
        return
    spoken: set[int] = set()
    writers = {id(one.function): one for one in _written(module)}
    for function in module.functions:
        if id(function) in spoken or not function.name:
            continue
        write = _write_in(module, function, writers)
        read = _read_in(module, function, _file_written(module, write, writers))
        if read is None or write is None or read.raw.start_byte >= write.raw.start_byte:
            continue
        if write.name in ("load", "loads", "parse") or not (function.asynchronous or module.language == "python"):
            continue
        waits = any(
            isinstance(node, Await) and read.raw.start_byte <= node.raw.end_byte <= write.raw.end_byte
            for node in find(function.body, Await)
        )
        spoken.add(id(function))
        yield Match(
            read,
            f"'{function.name}' reads the registry here and writes it back on line {write.line} without a lock: of two "
            "changes at the same time one is lost.",
            related=((write, "the write that takes the other change back"),),
            confidence=None if waits else Confidence.POSSIBLE,
        )


def _own_calls(function: Function) -> Iterator[Call]:
    """Yield the calls of a function and of the nameless ones inside it."""
    for call in find(function.body, Call):
        if _named(function_of(call)) is function:
            yield call


def _read_in(module: Module, function: Function, written: str) -> Call | None:
    """Return the call that reads what may be the written file, by itself or in a function of the subject."""
    for call in _own_calls(function):
        if _reads(module, call):
            if _may_be(module, call, written):
                return call
            continue
        target = definition(module, call.callee)
        if not isinstance(target, Function) or target is function:
            continue
        inner = (one for one in find(target.body, Call) if _reads(target.module, one))
        if any(_may_be(target.module, one, written) for one in inner):
            return call
    return None


def _file_written(module: Module, write: Call | None, writers: dict[int, Written]) -> str:
    """Return how the file is called that a call writes, by itself or in a function of the subject."""
    target = definition(module, write.callee) if write is not None else None
    inner = writers.get(id(target)) if target is not None else None
    made = inner.call if inner is not None else write
    return _file_name(module, path_of(module, made)) if made is not None else ""


def _may_be(module: Module, read: Call, written: str) -> bool:
    """Tell whether a read may be of the file that is written: one that is called otherwise, a manifest, is not."""
    name = _file_name(module, path_of(module, read)) if written else ""
    return not name or name == written


def _file_name(module: Module, path: Expr | None) -> str:
    """Return the last part of a path, where it is spelled out: ``catalog.json`` of ``join(root, "catalog.json")``."""
    made = module.scopes.origin(path) if isinstance(path, Name) else path
    if isinstance(made, Template) and made.items and isinstance(made.items[0], Name):
        made = module.scopes.origin(made.items[0])  # `${file}.part` is put in its place
    while isinstance(made, Call) and made.name in ("join", "resolve", "Path") and made.args:
        made = strip(made.args[-1])
    made = made.right if isinstance(made, Binary) and made.op == "/" else made
    text = made.value if isinstance(made, Literal) else ""
    return text.rsplit("/", 1)[-1] if isinstance(text, str) else ""


def _reads(module: Module, call: Call) -> bool:
    handed = handed_call(call)
    if handed is not None:
        return last_name(handed.callee) in _READS
    if call.name in _READS:
        return True
    return call.name in ("load", "loads") and module.resolve(call.callee) in (
        "json.load",
        "yaml.safe_load",
        "tomllib.load",
    )


def _write_in(module: Module, function: Function, writers: dict[int, Written]) -> Call | None:
    for call in _own_calls(function):
        if any(one.call is call for one in writers.values()):
            return call
        handed = handed_call(call)
        target = definition(module, handed.callee if handed is not None else call.callee)
        if not isinstance(target, Function) or target is function:
            continue
        if id(target) in writers or _writes_text_of(module, call, target):
            return call
    return None


def _writes_text_of(module: Module, call: Call, target: Function) -> bool:
    """Tell whether a function writes the text over a registry file that a call hands it: ``replace(dumps(rows))``."""
    made = any(one.name in _JSON for arg in call.args for one in find(arg, Call))
    return made and any(
        inner.name in _WRITES and _is_registry(target.module, inner, target, path_of(target.module, inner), inner.args)
        for inner in find(target.body, Call)
    )
