"""Whom a subject serves one beside another, whatever they are called: each stall of a market, each choir of a house."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from reviewer.code.scope import is_this_member
from reviewer.code.standing import Standing
from reviewer.code.syntax import (
    Array,
    Assign,
    Await,
    Binary,
    Call,
    Class,
    Expr,
    Index,
    Literal,
    Member,
    Name,
    Object,
    Template,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.paths import last_name, word_set
from reviewer.experts.patterns.context_variables import kept_for_thread
from reviewer.experts.patterns.leading import NOT_WHOM
from reviewer.experts.patterns.told_in_signatures import IDS, OF, PIECES, told_in_signatures
from reviewer.experts.patterns.vocabulary import PLUGINS, bare, names_tenant, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from reviewer.code.module import Module
    from reviewer.code.project import Project
    from reviewer.experts.check import Inquiry

_ENOUGH: Final = 2
"""Signs of different kinds that make a name the name of those who are served."""
_PEOPLE: Final = frozenset({"client"})
"""What is a customer where it is told by a text, and a connection elsewhere."""
_OPENS: Final = word_set("open make create connect build new")
"""First words of a call that gives something of theirs."""
_NOT_OF: Final = word_set(
    "index last instance type size length value values key keys name wait look search listen ask each log sign check "
    "opt built plug array list promise out array iterator entries"
)
"""Words beside these with which a call says something else: ``names.indexOf(one)``, ``wait_for(task)``."""
_OF_WORK: Final = word_set("depth nesting hops hop trace span log request job session call calls context ctx state")
"""Words of what goes along with a piece of work, and is nobody who is served."""
_COLUMN: Final = regex(r"\b([a-z_]{3,40})\s{0,3}=\s{0,3}(?:\?|\$\d|:|%s|@)")
_PLURAL: Final = regex(r"([a-z]{3,40})s/?$")
_SCOPED: Final = regex(rb"(?i:of|for|in|scoped?|namespaced)[a-z_]{0,40}\([^()\n]{0,80}$")
_MADE: Final = regex(rb"[_#]{0,2}(\w{1,60})[\"']?\s{0,9}[:=][^\n;]{0,120}\b\1\($")
_PLAIN: Final = word_set(
    "map filter for each join some every find includes keys values items entries reduce flat sort slice index at pop "
    "push to string then catch finally strip split lower upper trim format replace"
)
"""Words of what lists, texts and promises are asked, whoever gives them."""
_ID_WORDS: Final = b"|".join(sorted(word.encode() for word in IDS))
_NEAR: Final = 200
"""Bytes before a name in which it stands what is made for it and how that is called."""
_MOST: Final = 3_000
"""Nodes of one file that are looked at."""
_MOST_GIVEN: Final = 3
"""Arguments of a call that are looked at."""
_LONGEST: Final = 2_000


def serves(inquiry: Inquiry, module: Module, name: str, *, anywhere: bool = False) -> bool:
    """Tell whether a name stands for one of those whom the host serves, by its word or by what the code does with it.

    Code shows it by putting the name before that of what it starts, by making services for it, by asking rows for it,
    by a folder called after all of them, by a context variable: two of these are no accident. The file at hand shows
    one of them, or with ``anywhere`` other files may show all.
    """
    if names_tenant(name):
        return True
    if not name or name.isupper() or _are_several(module, name) or not (anywhere or name in _signs(module)):
        return False
    whose = "_".join(bare(name))  # ``kitchenId`` beside ``kitchen.get()``
    carried = whose != name and "variable" in _signs(module).get(whose, ())
    if not NOT_WHOM.isdisjoint(spelled(whose if carried else name)) and not (
        name in _PEOPLE and _is_told_by_text(module, name)
    ):
        return False
    own = _signs(module).get(name, frozenset()) | (_signs(module)[whose] if carried else frozenset())
    return _kinds(own) >= _ENOUGH or _kinds(own | _told_elsewhere(inquiry.project, name)) >= _ENOUGH


def _kinds(signs: frozenset[str]) -> int:
    """Count the signs that say more than others: a record that is declared and one that is made are the same one."""
    return len(signs) - ({"declared", "noted"} <= signs)


def _are_several(module: Module, name: str) -> bool:
    """Tell whether a name stands for all of them, because the file has it for one, too: ``barns`` beside ``barn``."""
    return name.endswith("s") and name[:-1] in module.identifiers


def _is_told_by_text(module: Module, name: str) -> bool:
    """Tell whether what has a name is an id here, wherever it is a parameter with a type: ``client: string``."""
    types = {param.type for function in module.functions for param in function.params if param.name == name}
    return bool(types) and types <= {"string", "str"}


def _told_elsewhere(project: Project, name: str) -> frozenset[str]:
    """Return what all files of the subject show of a name; one whose text shows nothing is not parsed for it."""

    def told() -> frozenset[str]:
        signs = _SIGNS.of(project, {name}, _shows(name))
        return frozenset().union(*(each.get(name, frozenset()) for each in signs))

    return project.once(f"patterns.served {name}", told)


def _shows(name: str) -> Callable[[bytes], bool]:
    """Return what tells of the text of a file whether it may show something of a name, as `_signs` finds it."""
    own = re.escape(name.encode())
    pieces = b"|".join(sorted(piece.encode() for piece in PIECES))
    told = re.compile(
        own + rb"(?<![\w$]" + own + rb")(?:\b[^,()\[\]]{0,80}[,;\n}]\W{0,80}[*.\w ]{0,40}(?i:" + pieces + rb")"
        rb"|\s{0,3}=\s{0,3}(?:\?|\$\d|:|%s|@))"
    )
    folder = re.compile(own.lower() + rb"s/?[\"'`$]")
    ids = re.compile(own + rb"(?<![\w$]" + own + rb")\b[^,()\[\]\n]{0,40},\s{0,80}[*.\w]{0,40}(?i:" + _ID_WORDS + rb")")
    variable = re.compile(
        rb"\bContextVar\b[^\n]{0,80}[\"'](?:current_|active_)?" + own + rb"[\"']"
        rb"|\bgetStore\(\)[?!]{0,2}\." + own + rb"\b"
    )
    ambient = re.compile(
        rb"(?i:" + own.replace(b"_", b"_?") + rb")(?:_?(?i:here|id|var))?(?:\.get)?\(\)"
        rb"\W{1,6}[*.\w]{0,40}(?i:" + pieces + rb")"
    )
    given = re.compile(own + rb"(?<=\(" + own + rb")\b")
    handed = re.compile(own + rb"(?<=[(,{ ]" + own + rb")\b")

    def shows(text: bytes) -> bool:
        lowered = text.lower()
        return (
            told.search(text) is not None
            or variable.search(text) is not None
            or ambient.search(text) is not None
            or folder.search(lowered) is not None
            or ids.search(text) is not None
            or any(_MADE.search(lowered, max(0, hit.start() - _NEAR), hit.start()) for hit in given.finditer(text))
            or any(_SCOPED.search(text, max(0, hit.start() - _NEAR), hit.start()) for hit in handed.finditer(text))
        )

    return shows


def _signs(module: Module) -> Mapping[str, frozenset[str]]:
    """Return what the names of a file show of themselves."""
    return module.once("patterns.served", lambda: _collect(module))


_SIGNS: Final = Standing("patterns.served", _signs)


def _collect(module: Module) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for name, sign in told_in_signatures(module):
        found[name].add(sign)
    for cls in module.all(Class):
        for name, behind in pairwise([field.name for field in cls.fields]):
            if PLUGINS & set(spelled(behind)) and not PIECES & set(spelled(name)):
                found[name].add("declared")  # interface Visit { canteen: string; plugin: string }
    for name in kept_for_thread(module):
        found[name].add("variable")
    for number, node in enumerate(module.some(Template, Array, Object, Assign, Call, Binary)):
        if number > _MOST:
            break
        for name, sign in _of(module, node):
            found[name].add(sign)
    return {name: frozenset(signs) for name, signs in found.items()}


def _of(module: Module, node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, Array):
        yield from _key(node)
    elif isinstance(node, Object):
        for key, value in node.entries:
            yield from _made(str(key.value) if isinstance(key, Literal) else last_name(key), value)
        yield from _several([value for _key, value in node.entries])
        yield from _record(node)
    elif isinstance(node, Assign) and node.value is not None and isinstance(node.target, Member):
        yield from _made(node.target.name, node.value)
    elif isinstance(node, Assign) and node.value is not None and isinstance(node.target, Name):
        yield from _opened(node.target.id, strip(node.value))
    elif isinstance(node, Template):
        yield from _folder(module, list(node.items))
        yield from _text_key(node)
    elif isinstance(node, Binary) and node.op == "/":
        yield from _folder(module, [node.left, node.right])
    elif isinstance(node, Call):
        yield from _called(module, node)


def _called(module: Module, call: Call) -> Iterator[tuple[str, str]]:
    for key, value in call.keywords.items():
        yield from _made(key, value)
    yield from _part_of(call)
    yield from _several([*call.args, *call.keywords.values()])
    if call.name in ("join", "resolve", "Path"):
        yield from _folder(module, list(call.args))
    elif call.name == "URL":
        yield from _folder(module, list(reversed(call.args)))
    first = strip(call.args[0]) if call.args else None
    if call.name == "getStore" and isinstance(call.parent, Member):
        yield call.parent.name, "variable"
    elif call.name == "getStore" and not _OF_WORK & set(spelled(last_name(call.receiver))):
        yield from ((name, "variable") for name in _ambient(call))
    elif isinstance(first, Call) and len(call.args) > 1 and PIECES & set(spelled(last_name(strip(call.args[1])))):
        yield from ((name, "asked with what is started") for name in _ambient(first))
    if not isinstance(first, Literal) or not isinstance(first.value, str):
        return
    if call.name == "ContextVar":
        yield from ((name, "variable") for name in {first.value, "_".join(bare(first.value))})
    elif len(first.value) < _LONGEST and "where" in first.value.lower():
        for column in _COLUMN.findall(first.value.lower()):
            yield column, "column"


def _ambient(call: Call) -> tuple[str, ...]:
    """Return the name of whom a question without arguments asks for: ``current_farm()``, ``farm.get()``."""
    if call.args or call.keywords or call.new:
        return ()
    told = bare(last_name(call.receiver) if call.name in ("get", "getStore") else call.name)
    return ("_".join(told), told[0] + "".join(map(str.title, told[1:]))) if told else ()


def _key(listed: Array) -> Iterator[tuple[str, str]]:
    """A key of one of them and of what is started: ``extras[stall, name]``."""
    around = listed.parent
    is_key = isinstance(around, Index) and around.key is listed
    if not is_key and not (isinstance(around, Call) and around.name in ("stringify", "get", "set", "has", "pop")):
        return
    names = [last_name(item) for item in listed.items[:2]]
    if len(names) > 1 and all(names) and PIECES & set(spelled(names[1])):
        first = strip(listed.items[0])
        yield from ((name, "key") for name in ((_ambient(first) if isinstance(first, Call) else ()) or names[:1]))


def _text_key(text: Template) -> Iterator[tuple[str, str]]:
    """A text of ids alone that begins with one of them and goes on with what is started: ``${stall}/${extra}``."""
    signs = [str(item.value) for item in text.items if isinstance(item, Literal)]
    if len(text.holes) < _ENOUGH or any(len(sign) > _MOST_GIVEN or " " in sign for sign in signs):
        return
    first, second = (strip(hole) for hole in text.holes[:_ENOUGH])
    held = last_name(second.object) if isinstance(second, Member) and second.name in ("id", "name") else ""
    if last_name(first) and PLUGINS & {*spelled(last_name(second)), *spelled(held)}:
        asked = _ambient(first) if isinstance(first, Call) else ()
        yield from ((name, "key") for name in asked or (last_name(first),))


def _made(member: str, value: Expr) -> Iterator[tuple[str, str]]:
    """A service that is called as its maker is, and made for one of them: ``till=make.till(stall)``."""
    call = strip(value)
    if not isinstance(call, Call) or not call.args or call.receiver is None or len(call.args) > _ENOUGH:
        return
    given = strip(call.args[0])
    if isinstance(given, Name) and call.name.lower() == member.lstrip("_#").lower():
        yield given.id, "made for"


def _record(record: Object) -> Iterator[tuple[str, str]]:
    """What is noted of one of them and of what was started for it: ``{ stall, extra, at: now() }``."""
    told = [(last_name(key) or str(getattr(key, "value", "")), last_name(value)) for key, value in record.entries]
    for (key, name), (behind, _value) in pairwise(told):
        if key == name and PIECES & set(spelled(behind)):
            yield name, "noted"


def _several(given: list[Expr]) -> Iterator[tuple[str, str]]:
    """Several things that are handed on together, each made for one of them: ``ledger(abbey), choir(abbey)``.

    Or that one beside what is made for it: ``{ depot, pallets: palletsOf(depot) }``.
    """
    if len(given) < _ENOUGH:
        return
    calls = [call for one in given if isinstance(call := strip(one), Call) and len(call.args) == 1]
    named = [last_name(strip(call.args[0])) for call in calls]
    beside = {last_name(strip(one)) for one in given}
    for name in dict.fromkeys(filter(None, named)):
        own = [call for call, told in zip(calls, named, strict=True) if told == name]
        if len({(call.name, last_name(call.receiver)) for call in own if call.receiver is not None}) > 1:
            yield name, "made for"
        if name in beside and any(gives_part(call) for call in own):
            yield name, "beside"


def _opened(name: str, value: Expr) -> Iterator[tuple[str, str]]:
    """What is opened for one of them: ``ledger = await openLedger(root, house)``."""
    said = words(value.name) if isinstance(value, Call) else ()
    if isinstance(value, Call) and len(said) > 1 and said[0] in _OPENS and said[-1] == (words(name) or ("",))[-1]:
        for given in map(strip, value.args[:_MOST_GIVEN]):
            if isinstance(given, Name | Member):
                yield last_name(given), "made for"


def gives_part(call: Call) -> bool:
    """Tell whether a call says by its name that it gives what one of several has of something: ``palletsOf(depot)``."""
    said = words(call.name)
    return bool(said and OF & {said[0], said[-1]}) and not (
        _NOT_OF & set(said) or last_name(call.receiver)[:1].isupper()
    )


def _part_of(call: Call) -> Iterator[tuple[str, str]]:
    """A call that gives what is theirs of something: ``palletsOf(depot)``; ``forGrower(grower)`` names them, too."""
    if not gives_part(call):
        return
    said = words(call.name)
    for given in map(strip, call.args[:_MOST_GIVEN]):
        if isinstance(given, Call):
            yield from ((name, "made for") for name in _ambient(given))
        for one in (value for _key, value in given.entries) if isinstance(given, Object) else (given,):
            if isinstance(one := strip(one), Name | Member):
                name = last_name(one)
                yield name, "made for"
                if _is_asked(call):
                    yield name, "asked"
                if said[-len(words(name)) :] == words(name):
                    yield name, "named"


def _is_asked(call: Call) -> bool:
    """Tell whether what a call gives is asked for something in its turn: ``vats.of(winery).sum(year)``.

    Likewise by a name of its own: ``vat = await vats.of(winery)``, ``vat.sum(year)``.
    """
    around = call.parent
    while isinstance(around, Await):
        around = around.parent
    if isinstance(around, Assign) and isinstance(around.target, Name):
        name, function = around.target.id, function_of(call)
        used = find(function.body, Member, into_functions=False) if function is not None else iter(())
        return any(isinstance(one.object, Name) and one.object.id == name and _is_question(one) for one in used)
    return isinstance(around, Member) and _is_question(around)


def _is_question(member: Member) -> bool:
    """Tell whether a member is called, and is none that every list or text has."""
    asked = member.parent
    return isinstance(asked, Call) and asked.callee is member and not _PLAIN & set(words(member.name))


def _folder(module: Module, parts: list[Expr]) -> Iterator[tuple[str, str]]:
    """A folder of one of them in the folder that is called after all of them: ``museums / museum``."""
    told = [part for part in map(strip, parts) if not (isinstance(part, Literal) and part.value in ("/", "./"))]
    for before, part in pairwise(told):
        named = strip(part.holes[0]) if isinstance(part, Template) and part.holes else part
        if isinstance(named, Name) and named.id.lower() == _singular(module, before):
            yield named.id, "folder"


def _singular(module: Module, before: Expr) -> str:
    """Return the word in whose plural a text, or the text that a constant holds, ends."""
    if isinstance(before, Call) and before.args:
        before = strip(before.args[0])
    held = _constant(module, before) or before
    if isinstance(held, Call) and held.args:
        held = strip(held.args[0])
    text = held.value if isinstance(held, Literal) and isinstance(held.value, str) else ""
    found = _PLURAL.search(text[-60:].lower())
    return found[1] if found else ""


def _constant(module: Module, expr: Expr) -> Expr | None:
    if not isinstance(expr, Name | Member) or is_this_member(expr):
        return None
    origin = module.scopes.origin(expr)
    return origin if isinstance(origin, Expr) else None
