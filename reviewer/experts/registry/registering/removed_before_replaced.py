"""REG101: what is installed is deleted before what replaces it is in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, before, conditions, in_handler
from reviewer.code.reach.links import definition
from reviewer.code.syntax import Call, Expr, Function, Name, strip
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words
from reviewer.experts.registry.unpacked_to import unpacked_to, unpacks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DELETES: Final = ("rm", "rmSync", "rmdir", "rmtree", "remove", "emptyDir", "removeSync", "rimraf", "unlink")
_PLACES: Final = {
    "rename": 1,
    "renameSync": 1,
    "move": 1,
    "moveSync": 1,
    "replace": 1,
    "cp": 1,
    "cpSync": 1,
    "copytree": 1,
    "copy": 1,
}
"""Calls that bring something to a place, and where they name it."""
_ASIDE: Final = frozenset(
    "tmp temp temporary staging stage stages staged new fresh next incoming partial part work scratch draft beside "
    "backup before old previous prev retired bak trash target_tmp unpacked".split()
)
"""Words of what is no longer, or not yet, in use."""

_BUILT: Final = frozenset({"output", "dist", "build", "outdir"})
"""Words of what a build makes anew each time."""
_OF_ONE_EDITION: Final = frozenset({"version", "digest", "sha256", "integrity", "hash", "edition"})
"""Words of a path that has a place of its own for each version."""
_EARLIER: Final = frozenset(
    {"old", "previous", "prev", "current", "installed", "existing", "present", "last", "earlier"}
)
"""Words for the version that is in use."""


@module_check("REG101", words={"rename", "move", "rm", "rmtree", "cp", "copytree", "replace", "copy", "rimraf"})
def removed_before_replaced(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each deletion of a place for what is brought to the same place afterwards."""
    if module.is_test:
        return
    for call in module.calls(_DELETES):
        place = call.arg(0) if call.args else call.receiver if call.name == "unlink" else None
        if place is None or function_of(call) is None or in_handler(call) is not None:
            continue  # what has failed goes, so that the old one can come back
        if _aside(module, place) or _rotates(call):
            continue
        name = _spelled(module, place)
        brought = next(
            (
                one
                for one in after(call)
                if (_brings(module, one, name) and not _of_one_edition(module, place)) or _replaces(module, one, place)
            ),
            None,
        )
        if isinstance(brought, Call) and _only_if_there(module, brought, call):
            continue  # an older one comes back, where there is one
        if isinstance(brought, Call) and not any(_kept(module, one, name) for one in before(call)):
            yield Match(
                call,
                f"'{short(name)}' is deleted before its replacement is there: when '{brought.name}' fails, or the "
                "machine stops in between, neither the old nor the new one is left.",
                related=((brought, "the replacement comes here"),),
            )


def _rotates(call: Call) -> bool:
    """Tell whether a function turns old files over, as logs are: what is deleted is the oldest of them."""
    function = function_of(call)
    return function is not None and bool(set(words(function.name)) & {"rollover", "rotate", "rotation", "rotating"})


def _only_if_there(module: Module, brought: Call, gone: Call) -> bool:
    """Tell whether what comes instead is asked for after the deletion: ``if exists(old): replace(old, to)``."""
    source = brought.arg(0)
    spelled = _spelled(module, source) if source is not None else ""
    return bool(spelled) and any(
        asked.start > gone.start
        and asked.name in ("exists", "existsSync", "isfile", "is_file", "pathExists", "lexists")
        and spelled in {_spelled(module, one) for one in (*asked.args, *([asked.receiver] if asked.receiver else []))}
        for condition in conditions(brought)
        for asked in find(condition.test, Call)
    )


def _aside(module: Module, place: Expr) -> bool:
    """Tell whether a place is one where something is made ready, or kept for a while."""
    origin = module.scopes.origin(strip(place))
    said = set(last_words(place)) | (set(words(module.text_of(origin))) if isinstance(origin, Expr) else set())
    return bool(set(last_words(place)) & (_ASIDE | _BUILT)) or bool(said & {"tmpdir", "mkdtemp", "mktemp"})


def _of_one_edition(module: Module, place: Expr) -> bool:
    """Tell whether a place is of one version alone: what lies where that goes is a leftover of an earlier try."""
    origin = module.scopes.origin(strip(place))
    told = words(module.text_of(origin if isinstance(origin, Expr) else place))
    return not _OF_ONE_EDITION.isdisjoint(told)


def _brings(module: Module, node: object, name: str) -> bool:
    """Tell whether a call puts something at a place."""
    if not isinstance(node, Call):
        return False
    into = unpacked_to(node) if unpacks(module, node) else None
    target = into if into is not None else _ways(node)[1] if node.name in _PLACES else None
    return target is not None and _spelled(module, target) == name


def _ways(call: Call) -> tuple[Expr | None, Expr | None]:
    """Return from where to where a call brings something: ``shutil.move(a, b)``, and ``a.rename(b)`` of a path."""
    if len(call.args) == 1 and call.name in ("rename", "replace", "move") and call.receiver is not None:
        return call.receiver, call.args[0]
    return call.arg(0), call.arg(_PLACES[call.name])


def _replaces(module: Module, node: object, place: Expr) -> bool:
    """Tell whether a call puts the new one where the same function puts the one that was deleted: ``home(id)``."""
    if not isinstance(node, Call) or node.name not in _PLACES:
        return False
    target = _ways(node)[1]
    old, new = _made_by(module, place), _made_by(module, target) if target is not None else None
    if old is None or new is None or module.text_of(old.callee) != module.text_of(new.callee):
        return False
    return bool({word for part in find(old, Name) for word in words(part.id)} & _EARLIER)


def _made_by(module: Module, place: Expr) -> Call | None:
    """Return the call of a function of the subject that makes a path."""
    origin = module.scopes.origin(place)
    made = strip(origin) if isinstance(origin, Expr) else None
    known = isinstance(made, Call) and isinstance(definition(module, made.callee), Function)
    return made if isinstance(made, Call) and known else None


def _kept(module: Module, node: object, name: str) -> bool:
    """Tell whether a call has moved or copied what was at a place to another."""
    if not isinstance(node, Call) or node.name not in _PLACES:
        return False
    source = _ways(node)[0]
    return source is not None and _spelled(module, source) == name


def _spelled(module: Module, place: Expr) -> str:
    """Return how a place is written, without what only makes a text of it: ``str(target)`` is ``target``."""
    place = strip(place)
    if isinstance(place, Call) and place.name in ("str", "String", "fspath", "Path", "toString"):
        inner = place.args[0] if place.args else place.receiver
        return module.text_of(strip(inner)) if inner is not None else ""
    return module.text_of(place)
