"""Which functions a subject asks before it refuses somebody: they decide, whatever they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings
from reviewer.code.standing import Standing
from reviewer.code.syntax import (
    Assign,
    Await,
    Binary,
    Call,
    Cast,
    Conditional,
    Expr,
    Function,
    If,
    Imported,
    Literal,
    Member,
    Name,
    Node,
    Return,
    Template,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.class_names import beginning
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, find, function_of, names_in, walk
from reviewer.core.regex import regex
from reviewer.experts.paths import last_words, word_set

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from reviewer.code.module import Module

_REFUSED: Final = word_set(
    "refused refuse refusal denied denies deny forbidden forbid unauthorized unauthorised permission permitted "
    "disallowed prohibited entitled"
)
"""Words of errors, answers and texts that say that somebody may not."""
_SPOKEN_NO: Final = _REFUSED - {"permission"}
"""Those of them that say so in a longer text, which may speak of permissions for other reasons."""
_NOUNS: Final = (
    "permission permit capability grant privilege scope entitlement approval licence license clearance "
    "right access".split()
)
"""What somebody lacks who is refused."""
_MAY_NOT_SAID: Final = (
    "may not |not allowed|not permitted|not granted|not licensed|no right|no access|not cleared|not entitled|lacks |"
    "does not reach|does not hold|not authori|out of bounds for|no consent|not consented|without permission|"
    "without consent|" + "|".join(f"has no {one}" for one in _NOUNS)
)
_MAY_NOT: Final = tuple(_MAY_NOT_SAID.split("|"))
_NO_SUCH: Final = regex(r"\b(?:there is no|no such|unknown|invalid|undefined) permission")
"""What is said of a permission that does not exist, whoever asks."""
NAMING: Final = _REFUSED | {"throw", "raise", "reject", "status", "code"}
"""Words of which a file that refuses somebody has one."""
_STATUS: Final = (401, 403)
PLAIN: Final = frozenset(
    "has get includes test find some every is equals match startswith endswith startsWith endsWith exists isinstance "
    "all any bool Boolean len isArray isInteger isFinite isString isNil is_file hasOwn hasOwnProperty issubset "
    "default".split()
)
"""Names of questions that anybody asks of anything; ``default`` is how a compiler calls what a file gives out."""
_TOLD: Final = regex(
    rb"(?<=[\w}] )(?:may not |lacks |does not (?:reach|hold))"
    rb"|(refus|den(?:ied|ies|y)|forbid|unauthori|permission|permitted|disallow|prohibit|entitled|may not |lacks "
    rb"|does not (?:reach|hold)|not (?:allowed|cleared|granted|licensed|authori)|no (?:right|access|consent)"
    rb"|not consented"
    rb"|has no (?:capability|grant|permit|privilege|scope|entitlement|approval|licen|clearance)|without consent"
    rb"|out of bounds for)"
    rb"|Refus|Den(?:ied|ies|y)|Forbid|Unauthori|Permission|Permitted|Disallow|Prohibit|Entitled|\b40[13]\b"
    rb"|N(?:o|ot)(?:Allowed|Permitted|Granted|Licensed|Cleared|Entitled|Access|Right)"
    rb"|throw new \w{1,60}\(`\$\{\w{1,60}\} |raise \w{1,60}\(f.\{\w{1,60}\} "
    rb"|(?:!|\bnot )[\w.]{0,60}\b(?:allowed|granted|permit|permitted|authori[sz]ed)\b"
)
"""A name, a text or a status by which a file may refuse somebody; in the group what is one only behind `_SAID`."""
_SAID: Final = regex(rb"(?:[\"'`][^\"'`\n]{0,120}|(?<![\w$])[A-Z]\w{0,40})\Z")
_SPOKEN: Final = 120
"""Bytes of a text, or of a name, before such a word."""
_IF: Final = regex(rb"\bif\b")
_LEAVES: Final = regex(rb"\b(?:throw|raise|return|continue|break|reject|exit)\b")
_NEAR: Final = 600
"""Bytes before such a text within which its condition begins, and around it within which its function is left."""
_OF_STATE: Final = word_set(
    "valid invalid exists exist known loaded installed registered supported supports compatible ready empty equal file "
    "directory started running open active satisfies matches knows fits parse test"
)
"""Words of a question what something is, and not whether somebody may."""
_OF_SETTINGS: Final = word_set(
    "config configuration configured setting settings conf cfg option options preference preferences prefs registry "
    "value getboolean environ"
)
"""Words of what gives the value of a setting."""
_MOST_STATEMENTS: Final = 4


def asked_to_refuse(module: Module) -> frozenset[str]:
    """Return the names of the functions whose no leads to a refusal anywhere in the subject."""
    project = module.project
    if project is None:
        return _asked(module)

    def of_all() -> frozenset[str]:
        return frozenset().union(*_ASKED.of(project))

    return project.once("security.asked_to_refuse", of_all)


def may_refuse(text: bytes) -> bool:
    """Tell whether a file may refuse somebody on a condition: one that only has the words is not parsed for that."""
    for told in _TOLD.finditer(text):
        start, end = told.span()
        if told[1] is not None and not _SAID.search(text, max(0, start - _SPOKEN), start):
            continue
        begin = max(0, start - _NEAR)
        if _IF.search(text, begin, end) and _LEAVES.search(text, begin, end + _NEAR):
            return True
    return False


def _asked(module: Module) -> frozenset[str]:
    return frozenset(
        call.name
        for test in module.all(If)
        for call in denied_by(module, test)
        if call.name not in PLAIN and (call.args or call.keywords) and not call.new and not _is_foreign(module, call)
        if not _reads_setting(call)
    )


_ASKED: Final = Standing("security.asked_to_refuse", _asked, NAMING, showing=may_refuse)


def _reads_setting(call: Call) -> bool:
    """Tell whether a call gives what is set under a written name: it is asked whatever somebody wants to do."""
    if not call.args or not isinstance(strip(call.args[0]), Literal):
        return False
    return not _OF_SETTINGS.isdisjoint((*words(call.name), *(last_words(call.receiver) if call.receiver else ())))


def _is_foreign(module: Module, call: Call) -> bool:
    """Tell whether a call is of a library: its first name is imported from outside of the subject."""
    root = strip(call.callee)
    while isinstance(root, Member | Call):
        root = strip(root.object if isinstance(root, Member) else root.callee)
    bindings = module.scopes.lookup(root.id, root) if isinstance(root, Name) else []
    return any(isinstance(one, Imported) and not _is_own(module, one) for one in bindings)


def _is_own(module: Module, imported: Imported) -> bool:
    """Tell whether what a file imports is of the subject: something of one of its files, or a whole file."""
    project = module.project
    if project is None:
        return False
    source = imported.source
    if imported.name != "*" and module.language == "python":  # from . import keys
        source = f"{source}{'' if source.endswith('.') else '.'}{imported.name}"
    whole = (imported.name == "*" or module.language == "python") and bool(project.target(module.path, source))
    return whole or project.definition(module, imported) is not None


def denied_by(module: Module, test: If) -> Iterator[Call]:
    """Yield the calls whose no makes a statement refuse: by its body, or because only their yes leaves before it."""
    refusing = _refuses_where(module, test)
    if refusing is not None:
        yield from _said_no(module, test.test, holds=refusing)


def _refuses_where(module: Module, test: If) -> bool | None:
    """Return whether a statement refuses where its condition holds, or where it doesn't; None where it never does."""
    if exits(test.body) and (says_refused(test.body) or _tells_of_bound(module, test)):
        return True
    if test.body and isinstance(test.body[-1], Throw) and _is_named_no(test.test):
        return True
    if exits(test.body) and not test.orelse and not any(isinstance(one, Throw) for one in test.body):
        beside = siblings(test)
        later = beside[beside.index(test) + 1 :] if test in beside else []
        if 0 < len(later) <= _MOST_STATEMENTS and isinstance(later[-1], Throw) and says_refused(later):
            return False
    elif test.orelse and says_refused(test.orelse) and exits(test.orelse):
        return False
    return None


def _is_named_no(test: Expr) -> bool:
    """Tell whether a condition is the no of an answer that is called so: ``!verdict.permit``, ``not allowed``."""
    test = strip(test)
    held = strip(test.operand) if isinstance(test, Unary) and test.op == "not" else None
    if not isinstance(held, Name | Member):
        return False
    return bool(_GRANTED & set(words(held.name if isinstance(held, Member) else held.id)[-1:]))


_GRANTED: Final = word_set("allowed granted permit permitted authorized authorised")
"""Last words of an answer that says whether somebody may."""
_IN_ANSWERS: Final = _GRANTED | word_set("ok okay allow may accepted admitted passed pass")
"""Fields of an answer in which it says so."""


def leads_to_refusal(module: Module, part: Node, depth: int = 2) -> bool:
    """Tell whether somebody is refused, or is not, because of a part of a condition."""
    inner: Node = part
    for around in ancestors(part):
        if isinstance(around, If):
            return inner is around.test and _refuses_where(module, around) is not None
        if isinstance(around, Conditional):
            return inner is around.test and (says_refused([around.then]) or says_refused([around.other]))
        if isinstance(around, Assign):
            uses = answer_uses(around) if depth and inner is around.value else ()
            return any(leads_to_refusal(module, use, depth - 1) for use in uses)
        if not isinstance(around, Unary | Binary | Cast | Await):
            return False
        inner = around
    return False


def answer_uses(kept: Assign) -> Iterator[Name]:
    """Yield where an answer that is kept under a name is read in the same function: ``const open = …; if (!open)``."""
    function, name = function_of(kept), kept.target.id if isinstance(kept.target, Name) else ""
    for use in find(function.body, Name, into_functions=False) if function is not None and name else ():
        if use.id == name and use is not kept.target and not isinstance(use.parent, Assign):
            yield use


def _tells_of_bound(module: Module, test: If) -> bool:
    """Tell whether an error names him for whom the function around was made, and of whom the test asks.

    ``const kitFor = (name) => ({ oven() { if (!worksNights(name)) throw new Error(`${name} …`); … } })``
    """
    thrown = test.body[-1]
    around = function_of(test)
    if not isinstance(thrown, Throw) or thrown.value is None or around is None or around.outer is None:
        return False
    asks = [words(call.name) for call in find(test.test, Call)]
    if any(_OF_STATE & set(name) or name[:1] in (("is",), ("are",)) for name in asks):
        return False  # what something is, and not whether somebody may
    asked = names_in(test.test) & {param.name for param in around.outer.params}
    holes = (hole for made in find([thrown], Template) for hole in made.holes)
    return any(isinstance(hole, Name) and hole.id in asked for hole in map(strip, holes))


def _said_no(module: Module, test: Expr, *, holds: bool) -> Iterator[Call]:
    """Yield the calls whose no refuses; ``holds`` says that it is the truth of a condition that refuses."""
    test = strip(test)
    if isinstance(test, Await):
        test = strip(test.value)
    if isinstance(test, Unary) and test.op == "not":
        yield from _said_no(module, test.operand, holds=not holds)
    elif isinstance(test, Binary) and test.op in ("and", "or"):
        yield from _said_no(module, test.left, holds=holds)
        yield from _said_no(module, test.right, holds=holds)
    elif isinstance(test, Binary) and test.op in ("==", "!="):
        answer = strip(test.right)
        if isinstance(answer, Literal) and isinstance(answer.value, bool):
            yield from _said_no(module, test.left, holds=holds is (answer.value is (test.op == "==")))
    elif isinstance(test, Member) and set(words(test.name)[-1:]) & _IN_ANSWERS:
        yield from _said_no(module, test.object, holds=holds)
    elif isinstance(test, Name):
        around = function_of(test)
        for binding in module.scopes.lookup(test.id, test):
            if isinstance(binding, Assign) and binding.value is not None and function_of(binding) is around:
                made = strip(binding.value)
                if isinstance(made, Member) and set(words(made.name)[-1:]) & _IN_ANSWERS:
                    made = strip(made.object)  # const { allowed } = gate.check(…)
                made = strip(made.value) if isinstance(made, Await) else made
                if isinstance(made, Call) and not holds:
                    yield made
    elif isinstance(test, Call) and not holds:
        yield test


def says_refused(statements: Sequence[Node]) -> bool:
    """Tell whether statements say that somebody may not: by an error's name, a text or a status."""
    for part in walk(statements, into_functions=False):
        if isinstance(part, Literal):
            if part.value in _STATUS or (isinstance(part.value, str) and _tells_no(part.value, _REFUSED)):
                return True
        elif isinstance(part, Throw):
            if is_refusal(part):
                return True
        elif isinstance(part, Name | Member):
            named = part.name if isinstance(part, Member) else part.id
            if named[:1].isupper() and set(words(named)) & _REFUSED:
                return True
    return False


def demands(function: Function, first: Collection[str]) -> bool:
    """Tell whether a function that by its name demands something throws because somebody may not, and gives nothing.

    What else it does, such as a line in a journal of what was used, is a part of that.
    """
    if function.signature_only or len(function.params) < 2 or not words(function.name):  # who, and what
        return False
    gives = any(one.value is not None for one in find(function.body, Return, into_functions=False))
    thrown = find(function.body, Throw, into_functions=False)
    return words(function.name)[0] in first and not gives and any(says_refused([one]) for one in thrown)


def is_refusal(throw: Throw) -> bool:
    """Tell whether an error says that somebody may not: by its name, or by what its class says where it is declared.

    ``throw new Denied(…)``, ``raise NotAllowed(…)``; ``throw new Closed(who)`` whose message is "… may not …".
    """
    made = strip(throw.value) if throw.value is not None else None
    if not isinstance(made, Call):
        return False
    if _tells_no(" ".join(words(made.name)), _REFUSED):
        return True
    function = function_of(throw)
    return function is not None and _declared_as_refusal(function.module, made.name)


def _declared_as_refusal(module: Module, name: str) -> bool:
    project = module.project
    if project is None:
        return _tells_no(beginning(module.source, name), _SPOKEN_NO)
    question = f"security.declared_as_refusal:{name}"
    return project.once(question, lambda: any(_tells_no(one, _SPOKEN_NO) for one in project.classes.beginnings(name)))


def _tells_no(text: str, said: frozenset[str]) -> bool:
    lowered = f"{text.lower()} "
    hit = set(words(text)) & said
    if hit == {"permission"} and _NO_SUCH.search(lowered):
        return False
    return bool(hit) or any(one in lowered for one in _MAY_NOT)
