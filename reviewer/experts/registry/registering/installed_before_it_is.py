"""REG364: something counts as installed before the work that installs it, and goes on counting so when that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import after, conditions, enclosing_loop
from reviewer.code.reach.links import definition
from reviewer.code.scope import is_this_member
from reviewer.code.syntax import Assign, Call, Expr, Function, Index, Literal, Member, Name, Node, Throw, Try, strip
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, inside
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.paths import constant_text, last_words, said_in, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_DONE: Final = word_set("installed unpacked downloaded extracted deployed upgraded updated")
"""States that say that the work is done; what is still to be started says nothing of it."""
_NOTES: Final = word_set(
    "set mark update record save write insert upsert store put note register change move transition"
)
_WORK: Final = word_set("unpack extract extractall install copy copytree download fetch untar unzip deploy place")
"""First words of calls that bring files to where they are used."""
_DEEP: Final = frozenset({"extractall", "unpack_archive", "copytree", "extract", "extractAllTo", "cp", "cpSync"})
_SETS: Final = regex(r"(?i)\bset\b[^;]{0,200}?\b(?:state|status|phase)\s{0,3}=\s{0,3}'(\w{1,30})'")
"""A statement that writes a state down."""
_WRITES: Final = frozenset({"write", "copy", "move", "rename", "save", "put"})
"""First words of calls that bring files to their place in a function that installs."""
_INSERTS: Final = regex(r"(?i)\binsert\s+(?:or\s+\w+\s+)?into\s+[\"`\[]?(\w{1,40})")
_SAVES: Final = frozenset({"write", "save", "store", "persist"})
_PUTS_IN_PLACE: Final = frozenset(
    {"swap", "place", "move", "activate", "switch", "promote", "install", "put", "deploy"}
)
"""Words of functions that bring a folder that was made ready to its place."""
_MOVES: Final = frozenset({"rename", "renameSync", "move", "moveSync", "replace"})
_TAKEN_BACK: Final = word_set(
    "failed fail broken rollback remove delete restore revert undo absent missing clear error"
)


@module_check("REG364", words=_DONE)
def installed_before_it_is(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look behind each note that says that something is installed for the work itself."""
    if module.is_test:
        return
    for note, said in _noted(module):
        function = function_of(note)
        if function is None or enclosing_loop(note) is not None or _is_taken_back(note, function):
            continue
        work = next((one for one in after(note) if isinstance(one, Call) and _installs(module, one, note)), None)
        if work is not None and not _done_before(module, function, note):
            yield Match(
                note,
                f"This says '{said}', and line {work.line} only begins with it: when '{work.name}' fails, everybody "
                "goes on believing what is written here.",
                related=((work, "the work itself"),),
            )


def _noted(module: Module) -> Iterator[tuple[Expr, str]]:
    """Yield the calls and assignments that write down that something is installed, with the word."""
    for call in module.all(Call):
        stated = _SETS.search(constant_text(strip(call.args[0]))) if call.args else None
        if stated is not None and stated.group(1).lower() in _DONE:
            yield call, stated.group(1).lower()
        elif set(words(call.name)) & _NOTES or (set(words(call.name)) & _DONE and words(call.name)[0] in _NOTES):
            said = next((state for arg in (*call.args, *call.keywords.values()) if (state := _state(arg))), "")
            named = next((word for word in words(call.name) if word in _DONE and words(call.name)[0] == "mark"), "")
            if said or named:
                yield call, said or named
        if (held := _kept_as_done(module, call)) and _begins_work(call):
            yield call, held
        if _saves_index(module, call) and _begins_work(call):
            yield call, "installed"
    for assign in module.all(Assign):
        said = _state(assign.value) if assign.value is not None else ""
        target = assign.target
        if isinstance(target, Index) and set(last_words(target.object)[-1:]) & _DONE and _begins_work(assign):
            yield assign, last_words(target.object)[-1]
        if said and isinstance(target, Member) and set(words(target.name)) & {"state", "status", "phase", "stage"}:
            yield assign, said


def _saves_index(module: Module, call: Call) -> bool:
    """Tell whether an own function saves the list of what there is, into which an entry was just put."""
    if not set(words(call.name)[:1]) & _SAVES or not is_this_member(strip(call.callee)):
        return False
    function, saved = function_of(call), strip(call.args[0]) if len(call.args) == 1 else None
    if function is None or not isinstance(saved, Name) or not isinstance(definition(module, call.callee), Function):
        return False
    return any(
        isinstance(one.target, Index) and isinstance(held := strip(one.target.object), Name) and held.id == saved.id
        for one in find(function.body, Assign)
    )


def _kept_as_done(module: Module, call: Call) -> str:
    """Return the word of a table that says by its name what its entries are: ``installed.set(id, entry)``."""
    table = last_words(call.receiver)[-1:] if call.name in ("set", "add", "append", "push") else []
    if call.args and not table:
        row = _INSERTS.search(constant_text(strip(call.args[0])))
        table = row.group(1).lower().split("_") if row is not None else []
    return next((word for word in table if word in _DONE), "")


def _begins_work(note: Expr) -> bool:
    """Tell whether the function around a note is the one that installs, and not one that reads what is there."""
    function = function_of(note)
    return function is not None and bool(set(words(function.name)[:1]) & _WORK)


def _state(expr: Expr) -> str:
    """Return the state that a constant says: ``"installed"``, ``State.INSTALLED``."""
    expr = strip(expr)
    text = (
        expr.value
        if isinstance(expr, Literal)
        else expr.name
        if isinstance(expr, Member) and _is_constant(expr)
        else ""
    )
    return text.lower() if isinstance(text, str) and text.lower() in _DONE else ""


def _is_constant(expr: Member) -> bool:
    return expr.name.isupper() or (expr.name[:1].isupper() and bool(set(last_words(expr.object)) & {"state", "status"}))


def _installs(module: Module, call: Call, note: Expr) -> bool:
    """Tell whether a call, or the function of the file behind it, brings the files to their place."""
    if call.start < note.start or _within(call, note):
        return False
    said = words(call.name)
    target = definition(module, call.callee)
    if isinstance(target, Function):
        moves = bool(_PUTS_IN_PLACE & set(said)) and any(one.name in _MOVES for one in calls_in(target.body))
        return moves or any(inner.name in _DEEP or _calls_unpacking(target, inner) for inner in calls_in(target.body))
    if _begins_work(note) and call.receiver is not None and bool(said) and said[0] in _WRITES and len(call.args) > 1:
        return not set(last_words(call.receiver)) & _DONE
    return call.name in _DEEP or (bool(said) and said[0] in _WORK and call.receiver is not None and bool(call.args))


def _calls_unpacking(target: Function, call: Call) -> bool:
    inner = definition(target.module, call.callee)
    return isinstance(inner, Function) and any(one.name in _DEEP for one in calls_in(inner.body))


def _within(call: Call, note: Expr) -> bool:
    return inside(call, note)


def _done_before(module: Module, function: Function, note: Expr) -> bool:
    """Tell whether the same work stands in front of the note, too, or only another way through the function has it."""
    outside = {id(one.test) for one in conditions(note)}
    earlier = [one for one in calls_in(function.body) if one.start < note.start]
    return any(_brings(module, one) for one in earlier) or any(
        id(one.test) in outside and "dry" in said_in(one.test) for one in conditions(note)
    )


def _brings(module: Module, call: Call) -> bool:
    target = definition(module, call.callee)
    if isinstance(target, Function):
        return any(inner.name in _DEEP or _calls_unpacking(target, inner) for inner in calls_in(target.body))
    return call.name in _DEEP


def _is_taken_back(note: Expr, function: Function) -> bool:
    """Tell whether a failure behind the note takes it back, or changes what it says."""
    tries: list[Node] = [around for around in ancestors(note) if isinstance(around, Try)]
    tries += [one for one in find(function.body, Try) if one.start > note.start]
    for one in tries:
        for handler in one.handlers if isinstance(one, Try) else ():
            said = said_in(handler.body)
            if said & _TAKEN_BACK and not (len(handler.body) == 1 and isinstance(handler.body[0], Throw)):
                return True
    return False
