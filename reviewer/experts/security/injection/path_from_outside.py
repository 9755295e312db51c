"""SEC055: a value from outside is part of a path, and nothing keeps the path in its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import returns_of
from reviewer.code.reach.elsewhere import RUNNERS, handed_call
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Await,
    Call,
    Cast,
    Class,
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
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, class_of, function_of
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.security.handing.given_to_guests import reaches_guests
from reviewer.experts.security.injection.folder_of_one import in_folder_of_one
from reviewer.experts.security.injection.made_checked import made_checked
from reviewer.experts.security.injection.schema_keeps import kept_by_schema
from reviewer.experts.security.reaching.file_calls import READS, WRITES, appended, file_calls, near
from reviewer.experts.security.reaching.sinks import said, shown
from reviewer.experts.security.values.guarded_beside import guarded_beside
from reviewer.experts.security.values.guards import limited
from reviewer.experts.security.values.origins import Trace
from reviewer.experts.security.values.provenance import trace
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Node
    from reviewer.experts.check import Inquiry

_SURE: Final = frozenset({"request", "message", "argument_of_plugin"})
_CHOSEN: Final = word_set(
    "key name filename file path relative rel entry asset resource slug document page template attachment"
)
"""Names of a parameter by which a caller, in a host mostly a plugin, names a file."""
_FILE_FIELDS: Final = word_set(
    "icon icons readme main entry file path template stylesheet css style preview logo image thumbnail script bin "
    "locale changelog license schema asset banner screenshot page worker"
)
"""Last words of a field in which a manifest names a file of the plugin."""
_SERVICES: Final = word_set(
    "storage store stores files file filesystem fs disk vault assets asset resources workspace sandbox api context "
    "host plugin plugins service services bridge registry cache uploads documents templates themes"
)
"""Words of a class, or of a function that makes one, whose methods plugins call."""
_TO_NAMES: Final = frozenset(
    {("to", "file", "name"), ("to", "filename"), ("safe", "name"), ("safe", "filename"), ("to", "slug"), ("to", "id")}
)
"""Last words of a call that makes a name of a file, without folders."""
_MOST: Final = 40
"""Calls of one function that are looked at."""
_ENDS: Final = word_set("dir directory folder root base home cwd")


@module_check("SEC055", words={w for name in READS | WRITES for w in words(name)})
def path_from_outside(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every path that reaches a file for parts that somebody else chose."""
    if module.is_test or is_tooling(module.path):
        return
    spoken: set[int] = set()
    for call, path in file_calls(module):
        for given in (path, *_handed(module, path)):
            told = [_of_part(inquiry, module, call, part, given) for part in appended(module, given)]
            found = [match for match in told if match is not None]
            # the part that somebody surely chose, wherever it stands among the others
            match = next((one for one in found if one.confidence is Confidence.LIKELY), next(iter(found), None))
            if match is not None and id(match.at) not in spoken:
                spoken.add(id(match.at))
                yield match


def _handed(module: Module, path: Expr) -> Iterator[Expr]:
    """Yield what the calls of a function of the file hand to it, where it takes the path as a parameter."""
    bindings = module.scopes.lookup(path.id, path) if isinstance(path, Name) else []
    param = bindings[0] if len(bindings) == 1 else None
    function = param.parent if isinstance(param, Param) else None
    if not isinstance(param, Param) or not isinstance(function, Function) or not function.name:
        return
    position = function.params.index(param)
    for count, call in enumerate(module.calls((function.name, *RUNNERS))):
        if count >= _MOST:
            break
        handed = handed_call(call) if call.name in RUNNERS else None
        called = handed.callee if handed is not None else call.callee
        argument = call.arg(RUNNERS.get(call.name, -1) + 1 + position, param.name)
        if argument is not None and definition(module, called) is function:
            yield argument


def _joined(module: Module, call: Call, path: Expr) -> Expr:
    """Return where a path is joined: where a variable of the function holds it, the expression that made it."""
    for _ in range(_MOST_STEPS):
        beside = near(module.scopes.origin(path))
        if beside is None or function_of(beside) is not function_of(path):
            break
        path = beside
    origin = module.scopes.origin(path) if isinstance(path, Name) else None
    if isinstance(origin, Expr) and origin is not path and function_of(origin) is function_of(path):
        return origin
    before = path.raw.end_byte <= call.raw.start_byte  # the line above gives it a name
    return call if function_of(path) is function_of(call) and not before else path


def _of_part(inquiry: Inquiry, module: Module, call: Call, part: Expr, path: Expr) -> Match | None:
    if _is_last_name(module, part):
        return None
    found = _chosen_by_others(trace(module, part))
    kinds = found.kinds() - {"environment", "file", "unknown", "argument"}
    # A check of the joined path is one of each part, and a check of one part none of another.
    known = [part, path] if isinstance(path, Name) else [part]
    elsewhere = function_of(part) is not function_of(path)  # a function of the file joins the path
    places: set[Node] = {path, call, part} if elsewhere else {path, call}
    joins = function_of(part) if elsewhere else None
    if joins is not None:
        places |= set(returns_of(joins))
    if not kinds or any(limited(module, known, place, found.names) for place in places):
        return None
    if made_checked(module, part) or kept_by_schema(module, part) or (kinds == {"parameter"} and _is_of_worker(found)):
        return None
    origin = found.worst()
    if kinds & {"request", "message", "remote", "plugin"} or (
        (
            inquiry.subject.kind == "host"
            and (
                _handed_to_plugins(found)
                or _given_to_guests(module, found)
                or _of_manifest_read_here(module, part)
                or _is_file_of_manifest(found)
                or _called_by_prefix(module, found)
                or in_folder_of_one(module, part, path)
            )
        )
        or (_does(call) in WRITES and _is_named_by_sender(module, part))
    ):
        confidence = Confidence.LIKELY
    else:
        confidence = Confidence.POSSIBLE
    guarded = None
    if confidence is Confidence.POSSIBLE and inquiry.subject.kind == "host":
        guarded = guarded_beside(module, part)
        confidence = Confidence.POSSIBLE if guarded is None else Confidence.LIKELY
    at = part if elsewhere else _joined(module, call, path)
    return Match(
        at,
        f"'{shown(module, part, 40)}', which comes from {said(origin)}, is part of the path: with '../' in it "
        f"'{_does(call)}' reaches any file.",
        related=(
            *(() if at is call else ((call, "reaches the file"),)),
            *(() if guarded is None else ((guarded, "is tested before it becomes a part of the path"),)),
        ),
        confidence=confidence,
        severity=Severity.HIGH if _does(call) in WRITES or kinds & {"request", "message"} else Severity.MEDIUM,
    )


def _chosen_by_others(found: Trace) -> Trace:
    """Return a trace without what a call made a name of a file of, and without what a bundler found itself."""
    kept = [one for one in found.origins if not _is_made_a_name(one.node) and not _of_bundler(one.node)]
    return Trace(kept, found.names)


def _is_made_a_name(node: Node) -> bool:
    """Tell whether a value only goes into a call that makes a name of it: ``testToFileName(test)``, ``to_slug(…)``."""
    said = (words(around.name) for around in ancestors(node) if isinstance(around, Call))
    return any(name[-3:] in _TO_NAMES or name[-2:] in _TO_NAMES for name in said)


def _of_bundler(node: Node) -> bool:
    """Tell whether a value is what a bundler hands to what loads a file for it: the path comes from an import."""
    function = function_of(node)
    around = function.parent if function is not None else None
    return isinstance(around, Call) and around.name in ("onLoad", "onResolve") and node is not around


def _does(call: Call) -> str:
    """Return what reaches the file: the call, or what it hands to a thread: ``to_thread(path.read_bytes)``."""
    handed = handed_call(call)
    return handed.callee.name if handed is not None and isinstance(handed.callee, Member) else call.name


def _is_of_worker(found: Trace) -> bool:
    """Tell whether a value is what a queue hands to a worker that a function makes for itself: nobody else calls it."""
    functions = [function_of(origin.node) for origin in found.origins if origin.kind == "parameter"]
    return bool(functions) and all(
        function is not None
        and function.outer is not None
        and bool(function.name)
        and any(
            isinstance(given, Name) and given.id == function.name
            for call in calls_in(function.outer.body)
            for given in call.args
        )
        for function in functions
    )


def _of_manifest_read_here(module: Module, part: Expr) -> bool:
    """Tell whether a name comes out of a document that the function itself has just read, and nothing checked."""
    made: object = module.scopes.origin(part)
    for _ in range(_MOST_STEPS):
        if isinstance(made, Member | Index):
            made = module.scopes.origin(made.object)
        elif isinstance(made, Call) and made.name == "get" and made.receiver is not None:
            made = module.scopes.origin(made.receiver)
        elif isinstance(made, Await | Cast):
            made = made.value
        else:
            break
    read = isinstance(made, Call) and made.name in ("loads", "parse", "load", "safe_load") and not made.new
    return read and isinstance(made, Expr) and function_of(made) is function_of(part)


def _is_file_of_manifest(found: Trace) -> bool:
    """Tell whether a part is the file that a manifest names in a field for one: ``manifest.icon``."""
    return any(one.kind == "manifest" and set(words(last_name(one.node))[-1:]) & _FILE_FIELDS for one in found.origins)


def _is_last_name(module: Module, part: Expr) -> bool:
    """Tell whether a part is the last name of a path alone, which leaves no folder: ``Path(given).name``."""
    made = module.scopes.origin(part)
    path = module.scopes.origin(made.object) if isinstance(made, Member) and made.name in ("name", "stem") else None
    return isinstance(path, Call) and path.name in _SAME_NAME


def _is_named_by_sender(module: Module, part: Expr) -> bool:
    """Tell whether a name is that of an attachment, an upload or a member of an archive, each of which a loop takes."""
    made = module.scopes.origin(part)
    for _ in range(_MOST_STEPS):
        if isinstance(made, Call) and len(made.args) == 1 and made.name in _SAME_NAME:
            made = module.scopes.origin(made.args[0])
    if not isinstance(made, Member) or made.name.lower().replace("_", "") not in _SENT_NAMES:
        return False
    holder = made.object
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    return bool(bound) and all(isinstance(one, For) for one in bound)


_SAME_NAME: Final = frozenset({"Path", "PurePath", "PurePosixPath", "PureWindowsPath", "str", "String"})
"""Calls that leave what climbs out of a folder in a name as it is."""
_SENT_NAMES: Final = frozenset({"filename", "originalname", "originalfilename"})
"""Fields with the name that a sender gave a file."""
_MOST_STEPS: Final = 6


def _serves(function: Function) -> bool:
    """Tell whether a function belongs to what plugins are given: a service of files or storage, or their context."""
    owner = class_of(function)
    said_words = set(words(owner.name)) if owner is not None else set()
    outer = function.outer
    while outer is not None:
        said_words.update(words(outer.name))
        outer = outer.outer
    return bool(said_words & _SERVICES)


def _called_by_prefix(module: Module, found: Trace) -> bool:
    """Tell whether a value is a parameter of a method that is found by its name: ``getattr(self, f"do_{verb}")``."""
    functions = [function_of(origin.node) for origin in found.origins if origin.kind == "parameter"]
    names = {function.name for function in functions if function is not None and function.owner is not None}
    if not names:
        return False
    for text in module.all(Template):
        first = text.items[0] if text.items else None
        start = str(first.value) if isinstance(first, Literal) else ""
        around = text.parent
        looks_up = isinstance(around, Call) and around.name in ("getattr", "attrgetter", "methodcaller")
        if len(start) > 1 and (looks_up or isinstance(around, Index)) and any(name.startswith(start) for name in names):
            return True
    return False


def _given_to_guests(module: Module, found: Trace) -> bool:
    """Tell whether a value is what a guest passes to a member of an object that was made for it."""
    for origin in found.origins:
        bound = module.scopes.lookup(origin.node.id, origin.node) if isinstance(origin.node, Name) else []
        function = bound[0].parent if len(bound) == 1 and isinstance(bound[0], Param) else None
        if not isinstance(function, Function) or function.private or function.kind == "constructor":
            continue
        if origin.kind == "parameter" and reaches_guests(module, function):
            return True
    return False


def _handed_to_plugins(found: Trace) -> bool:
    """Tell whether a public function of the host takes the name of a file from its caller."""
    for origin in found.origins:
        node = origin.node
        if origin.kind != "parameter" or not isinstance(node, Name):
            continue
        function = function_of(node)
        said_words = words(node.id)
        if (
            function is None
            or function.private
            or function.name.startswith(("_", "#"))
            or function.kind == "constructor"
            or (function.outer is not None and not isinstance(function.parent, Class | Object))
            or not _serves(function)
        ):
            continue
        if said_words and said_words[-1] in _CHOSEN and not set(said_words) & _ENDS:
            return True
    return False
