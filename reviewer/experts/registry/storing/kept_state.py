"""Files in which code keeps its tables: written from them, and read into them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Array, Assign, Call, Expr, Index, Literal, Member, Name, Object, With, strip
from reviewer.code.tables import tables
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, class_of, find, function_of, names_in
from reviewer.experts.registry.vocabulary import PASSING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node

_READS: Final = (
    "readFile",
    "readFileSync",
    "read_text",
    "read_bytes",
    "open",
    "readJson",
    "readJSON",
    "createReadStream",
)
_ON_PATHS: Final = frozenset({"write_text", "write_bytes"})
_IS_THERE: Final = frozenset({"existsSync", "pathExists", "pathExistsSync", "exists", "is_file"})
_ENCODES: Final = frozenset({"stringify", "dumps"})
_DECODES: Final = frozenset({"parse", "load", "loads", "readJson", "readJSON", "safe_load"})


def keeps_state(module: Module, call: Call, path: Expr | None, texts: list[Expr]) -> bool:
    """Tell whether a write fills a file, which the module also reads, with a table or a document of collections."""
    if path is None or not _is_read(module, path, call):
        return False
    data = [call.args[0]] if call.name == "dump" and call.args else []
    data += [one.args[0] for text in texts for one in _encoded(module, text)]
    return any(
        _is_collection(module, strip(one)) or _is_changed_table(module, strip(one)) or _is_loaded(module, strip(one))
        for one in data
    )


def _is_loaded(module: Module, data: Expr) -> bool:
    """Tell whether data is a field that the object fills from a file when it begins: ``self.rows = json.loads(…)``."""
    cls = class_of(data) if is_this_member(data) else None
    if cls is None or not is_this_member(data):
        return False
    given = (one for one in module.scopes.field_values(cls, data.name) if isinstance(one, Expr))
    return any(call.name in _DECODES for one in given for call in find(one, Call))


def _is_changed_table(module: Module, data: Expr) -> bool:
    """Tell whether data was read, and is given an entry under a key that is not written out: ``known[name] = …``."""
    made = module.scopes.origin(data) if isinstance(data, Name) else None
    function = function_of(data)
    if not isinstance(made, Call) or made.name not in _DECODES or function is None or not isinstance(data, Name):
        return False
    return any(
        isinstance(target := strip(one.target), Index)
        and isinstance(strip(target.object), Name)
        and data.id in names_in(target.object)
        and not isinstance(strip(target.key), Literal)
        for one in find(function.body, Assign)
    )


def _encoded(module: Module, arg: Expr) -> Iterator[Call]:
    for node in (arg, module.scopes.origin(arg)):
        if isinstance(node, Expr):
            yield from (one for one in find(node, Call) if one.name in _ENCODES and one.args)


def path_of(module: Module, call: Call) -> Expr | None:
    """Return the path that a write goes to: of the stream that it is given, of its receiver, or its first argument."""
    if call.name in _ON_PATHS:
        return call.receiver
    stream = call.arg(1, "fp") if call.name == "dump" else call.receiver
    opened = opened_as(module, stream, call)
    if opened is not None:
        return _opened_path(opened)
    return None if call.name in ("dump", "write", "end") else call.arg(0)


def opened_as(module: Module, stream: Expr | None, at: Node) -> Call | None:
    """Return the call that opened the file behind a name, in a ``with`` around a node or before it."""
    if not isinstance(stream, Name):
        return None
    for around in ancestors(at):
        for value, target in around.items if isinstance(around, With) else ():
            if isinstance(target, Name) and target.id == stream.id:
                opened = strip(value)
                return opened if isinstance(opened, Call) else None
    made = module.scopes.origin(stream)
    return made if isinstance(made, Call) and made.name in ("open", "openSync", "createWriteStream") else None


def _opened_path(opened: Call) -> Expr | None:
    """Return ``path`` of ``path.open("w")`` and of ``open(path, "w")``."""
    return opened.receiver if opened.receiver is not None else opened.arg(0)


def _is_read(module: Module, path: Expr, write: Call) -> bool:
    """Tell whether the module reads what stands under the same path."""
    text = module.text_of(strip(path))
    for read in module.calls(_READS):
        given = read.receiver if read.name in ("read_text", "read_bytes") else _opened_path(read)
        if read.name in ("readFile", "readFileSync", "readJson", "readJSON"):
            given = read.arg(0)
        if (
            given is None
            or text not in (module.text_of(strip(given)), _kept_as(module, given))
            or _writes(module, read)
        ):
            continue
        if read is not write:
            return True
    return False


def _kept_as(module: Module, given: Expr) -> str:
    """Return how the field is spelled in which a constructor keeps a path that it is handed: ``self.path = path``."""
    function, handed = function_of(given), strip(given)
    if function is None or not isinstance(handed, Name) or not any(one.name == handed.id for one in function.params):
        return ""
    kept = (
        one
        for one in find(function.body, Assign)
        if one.value is not None and handed.id in names_in(one.value) and is_this_member(one.target)
    )
    return next((module.text_of(one.target) for one in kept), "")


def _writes(module: Module, opened: Call) -> bool:
    """Tell whether a file is opened to be written."""
    return opened.name == "open" and any(sign in module.text_of(one) for one in opened.args for sign in ("'w", '"w'))


def _is_collection(module: Module, data: Expr) -> bool:
    """Tell whether data is a table of the module, made of one, or a document that begins with empty collections."""
    origin = module.scopes.origin(data)
    known = {table.name for table in tables(module) if not set(words(table.name)) & PASSING}
    parts = [one for one in (data, origin) if isinstance(one, Expr)]
    for part in parts:
        named = names_in(part) | {member.name for member in find(part, Member) if is_this_member(member)}
        if named & known:
            return True
    begun = origin if isinstance(origin, Expr) and origin is not data else None
    return begun is not None and any(
        isinstance(strip(value), Object | Array) for inner in find(begun, Object) for _key, value in inner.entries
    )


def is_first(module: Module, call: Call) -> bool:
    """Tell whether a file is written only where there is none yet: ``if (!existsSync(file)) writeFileSync(file)``."""
    path = path_of(module, call)
    asked = [one.test for one in conditions(call) if not one.holds and isinstance(one.test, Call)]
    files = [one.args[0] if one.args else one.receiver for one in asked if one.name in _IS_THERE]
    return path is not None and any(module.text_of(path) == module.text_of(file) for file in files if file is not None)


def emptied_at(module: Module, call: Call) -> Call | None:
    """Return where the file is opened, and so emptied, to which a handle of it writes: ``open(file, "w")``."""
    made = module.scopes.origin(call.receiver) if isinstance(call.receiver, Name) else None
    return made if isinstance(made, Call) and made.name == "open" and len(made.args) > 1 else None
