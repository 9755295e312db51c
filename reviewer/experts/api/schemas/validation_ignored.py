"""API017: what a validation found is told to a log at most, and the data is used all the same."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import exits, siblings, use_of
from reviewer.code.reach.links import definition
from reviewer.code.syntax import (
    Array,
    Assert,
    Assign,
    Await,
    Binary,
    Call,
    Conditional,
    ExprStatement,
    For,
    Function,
    If,
    Literal,
    Member,
    Name,
    Node,
    Object,
    Return,
    Statement,
    Throw,
    Try,
    Unary,
    strip,
)
from reviewer.code.text.ideas import PLAIN_GUEST
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, behind, find, function_of, uses_of, walk
from reviewer.experts.api.schemas.validators import (
    VALIDATES,
    gives_value,
    goes_on,
    listed,
    only_refuses,
    tells_itself,
    tells_texts,
)
from reviewer.experts.api.schemas.verdicts import PARTS, only_told, tells, tells_only, told_and_taken, told_in_parts
from reviewer.experts.api.vocabulary import is_log
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

FINDS: Final = frozenset(
    "problems problem violations violation complaints faults flaws issues mistakes defects objections errors".split()
)
_DATA: Final = PLAIN_GUEST | frozenset(
    "manifest descriptor schema config configuration settings options payload input message metadata "
    "declaration definition spec shape structure package state body document".split()
)
_NAMED: Final = frozenset(
    {"safeParse", "safe_parse", "safeParseAsync", "spa", "iter_errors", "is_valid", "isValid", "validateSync"}
)
_VERDICTS: Final = frozenset({"is_valid", "isValid", "validate"})
_VERBS: Final = frozenset("check verify examine test review".split())
_SHOWS: Final = frozenset("show display render print report highlight mark".split())
_DEALS: Final = frozenset("handle encounter send raise throw clear reset store format count".split())
_MAKES: Final = frozenset("get make build create load generate register add".split())
"""First words of what brings a validator, and validates nothing itself."""
_EACH: Final = frozenset({"forEach", "each", "map"})
_MOST_FILES: Final = 6
"""Files beside its own in which the calls of a validator are looked at."""


@module_check(
    "API017",
    words={
        "validate",
        "validator",
        "validation",
        "problems",
        "violations",
        "parse",
        "valid",
        "lint",
        "issues",
        "check",
        "ensure",
        "must",
        "refuse",
    }
    | FINDS,
)
def validation_ignored(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what becomes of the answers of validators."""
    if module.is_test:
        return
    for call in module.all(Call):
        if _throws(module, call):
            yield from _caught(module, call)
        if answers(module, call):
            yield from _answer(module, call)


def _answer(module: Module, call: Call) -> Iterator[Match]:
    use = use_of(listed(call))
    shown = short(module.text_of(call))
    if use.how == "dropped" and not isinstance(use.by, Unary) and not _told_otherwise(module, call):
        yield Match(call, f"'{shown}' answers what is wrong, and nobody looks at the answer.")
    elif use.how == "assigned" and isinstance(use.by, Assign) and isinstance(use.by.target, Name):
        name = use.by.target.id
        told = only_told(use.by, name) or told_and_taken(use.by, name)
        if told is not None:
            yield Match(
                told or use.by,
                f"What '{call.name}' finds is kept in '{name}' and at most logged: the data is used although it "
                "does not fit.",
                related=((call, "the validation"),) if told is not None and told is not use.by else (),
            )
        elif call.name.startswith(("safe", "spa")) and not _asks_success(module, use.by, name):
            yield Match(use.by, f"'{name}' is used without asking whether '{call.name}' succeeded.")
    elif use.how == "receiver" and isinstance(use.by, Member) and _took_data(module, call, use.by):
        if not _succeeds(module, call):
            yield Match(call, f"The data is used without asking whether '{call.name}' succeeded.")
    elif use.how == "iterated" and isinstance(use.by, For) and tells_only(use.by.body) and not _answered(use.by):
        yield Match(use.by, f"What '{call.name}' finds is only logged: the data is used although it does not fit.")
    elif use.how == "receiver" and isinstance(use.by, Member) and _only_counted(use.by):
        yield Match(call, f"What '{shown}' finds is only counted: the data is used although it does not fit.")
    elif use.how == "receiver":
        above = _told_chain(call) or told_in_parts(module, call)
        if above is not None:
            yield Match(above, f"What '{call.name}' finds is only logged: the data is used although it does not fit.")
    elif use.how == "tested":
        chosen = _told_by_choice(call)
        if chosen is not None:
            yield Match(chosen, f"Where '{shown}' says no it is logged, and the data is used all the same.")
        test = _if_around(call)
        if test is not None and not test.orelse and tells_only(test.body) and not _asserted_next(module, call, test):
            yield Match(test, f"Where '{shown}' says no it is logged, and the data is used all the same.")


def _asserted_next(module: Module, call: Call, test: If) -> bool:
    """Tell whether the statement behind one that logs asserts the same: the log says only more about it."""
    beside = siblings(test, module)
    place = next((n for n, one in enumerate(beside) if one is test), len(beside))
    following = beside[place + 1 : place + 2]
    return any(module.text_of(call) in module.text_of(one.test) for one in following if isinstance(one, Assert))


def _took_data(module: Module, call: Call, part: Member) -> bool:
    """Tell whether the data alone is taken of an answer that has a verdict beside it: ``schema.safeParse(x).data``."""
    told = told_in_parts(module, call) is not None
    return call.name.startswith(("safe", "spa")) and part.name in ("data", "output") and not told


def _only_counted(number: Member) -> bool:
    """Tell whether the number of what was found is given to a call whose answer nobody takes, and to nothing else."""
    use = use_of(number) if number.name in ("length", "size") else None
    if use is not None and isinstance(use.by, Assign) and isinstance(use.by.target, Name) and use.how == "assigned":
        uses = list(uses_of(use.by.target.id, around)) if (around := function_of(number)) is not None else []
        read = [one for one in uses if one is not use.by.target]
        use = use_of(read[0]) if len(read) == 1 else None
    return use is not None and use.how == "argument" and isinstance(use.by, Call) and use_of(use.by).how == "dropped"


def _answered(loop: For) -> bool:
    """Tell whether the function that tells each problem answers by the validator behind it: ``is_valid(document)``."""
    function = function_of(loop)
    later = find(function.body, Call) if function is not None else []
    return any(call.name in _VERDICTS and call.start >= loop.stop for call in later)


def _succeeds(module: Module, call: Call) -> bool:
    """Tell whether what is taken apart, ``const { success, data } = …``, holds the verdict, too, or is asked about."""
    beside = [other for other in module.all(Member) if strip(other.object) is call]
    if any(other.name not in ("data", "output") for other in beside):
        return True
    made = next((other.parent for other in beside if isinstance(other.parent, Assign)), None)
    function = function_of(call)
    if made is None or not isinstance(made.target, Name) or function is None:
        return False
    return any(
        test.id == made.target.id and isinstance(test.parent, If | Unary | Binary | Conditional)
        for test in find(function.body, Name)
    )


def _told_otherwise(module: Module, call: Call) -> bool:
    """Tell whether a validator is asked to throw, or keeps what it found where it is read afterwards."""
    if any(words(name)[:1] == ("raise",) or words(name)[:1] == ("throw",) for name in call.keywords):
        return True
    if _says_throw(call) or any(map(_says_throw, _calls_elsewhere(module, call))):
        return True
    found = definition(module, call.callee)
    if (isinstance(found, Function) and tells_itself(found)) or (found is None and _heard_if_thrown(call)):
        return True
    function = function_of(call)
    holders = {module.text_of(call.callee)} | ({module.text_of(call.receiver)} if call.receiver is not None else set())
    return function is not None and any(
        node.name in FINDS and module.text_of(node.object) in holders for node in find(function.body, Member)
    )


def _heard_if_thrown(call: Call) -> bool:
    """Tell whether a call is all that is tried, and what it throws is heard: it answers with nothing else."""
    statement = call.parent
    while isinstance(statement, Await | ExprStatement):
        around = statement.parent
        if isinstance(around, Try) and around.body == [statement]:
            return any(handler.body for handler in around.handlers)
        statement = around
    return False


def _says_throw(call: Call) -> bool:
    """Tell whether a call says by an option that what is wrong is thrown, or is not: else the default is the other."""
    options = [given for given in call.args if isinstance(given, Object)]
    return any(set(words(key)) & {"throw", "throws"} for given in options for key in given.keys)


def _calls_elsewhere(module: Module, call: Call) -> Iterator[Call]:
    """Yield the other calls of a function of this name in the subject, of a few files."""
    project = module.project
    named = project.modules(naming={call.name}, tests=False) if project is not None and call.name else ()
    for other in (module, *islice((one for one in named if one is not module), _MOST_FILES)):
        yield from (one for one in other.calls((call.name,)) if one is not call)


def _throws(module: Module, call: Call) -> bool:
    """Tell whether a call validates and tells by an exception what it found."""
    parts = set(words(call.name))
    known = bool(parts & VALIDATES) or call.name in ("parse", "model_validate", "check", "assert_valid")
    found = definition(module, call.callee) if known or (use_of(call).how == "dropped" and call.args) else None
    if found is None and not known:
        return False
    if isinstance(found, Function):
        throws = next(find(found.body, Throw, into_functions=False), None) is not None
        return (throws and bool(parts & VALIDATES)) or only_refuses(found)
    name = module.resolve(call.callee)
    return name.startswith(("jsonschema.", "fastjsonschema.")) or call.name == "model_validate"


def _caught(module: Module, call: Call) -> Iterator[Match]:
    """Find a validation whose exception is logged, with the data used afterwards."""
    if use_of(call).how != "dropped":
        return
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Try) and around.handlers and any(inner is one for one in around.body):
            handler = around.handlers[0]
            beside = siblings(around, module)
            later = beside[beside.index(around) + 1 :] if around in beside else []
            used = later and not exits(handler.body) and not around.orelse and _works(later)
            if len(around.body) <= 2 and used and tells_only(handler.body, empty=True) and not _flagged(around, later):
                shown = short(module.text_of(call))
                yield Match(
                    handler, f"What '{shown}' throws is caught and at most logged: the data is used all the same."
                )
            return
        if isinstance(around, Function | For):
            return
        inner = around


def _flagged(tried: Try, later: Sequence[Statement]) -> bool:
    """Tell whether the step behind the validation notes that it went well, and what follows asks for that note."""
    last = tried.body[-1]
    made = last.value if isinstance(last, ExprStatement) else None
    if not isinstance(made, Assign) or not isinstance(made.target, Name) or not isinstance(made.value, Literal):
        return False
    note = made.target.id
    return any(isinstance(name, Name) and name.id == note for test in find(list(later), If) for name in walk(test.test))


def _works(later: Sequence[Statement]) -> bool:
    return any(
        isinstance(node, Call | Return) and not (isinstance(node, Call) and is_log(node)) for node in walk(later)
    )


def answers(module: Module, call: Call) -> bool:
    """Tell whether a call validates and says what it found by its value, not by an exception."""
    if call.new or is_log(call):
        return False
    parts = set(words(call.name))
    found = definition(module, call.callee)
    if (words(call.name)[:1] and words(call.name)[0] in _SHOWS) or "report" in parts:
        return False  # what is wrong is told to the person right there
    if isinstance(found, Function):
        asks = _asks(parts) or (bool(parts & _VERBS) and tells_texts(found) and goes_on(module, call))
        validates = bool(parts & VALIDATES) and (words(call.name)[0] not in _MAKES or bool(parts & FINDS))
        named = validates or _finds(call) or (asks and _lists(found))
        if found.generator:
            return named and (listed(call) is not call or use_of(call).how == "iterated")
        return named and gives_value(found)
    made_by = module.scopes.origin(call.callee)
    if isinstance(made_by, Call) and made_by.name in ("compile", "compileAsync", "getSchema"):
        return bool(parts & (VALIDATES | {"check", "valid"})) or "Ajv" in module.identifiers
    if call.name in _NAMED:
        return True
    made = module.resolve(call.callee).lower()
    if made.startswith(("ajv", "new ajv")) or "ajv" in made.split(".")[0]:
        return call.name in ("validate", "validateSchema")
    return bool(parts & VALIDATES) and (bool(parts & FINDS) or _kept_as_problems(module, call))


def _finds(call: Call) -> bool:
    """Tell whether a name says that what is wrong is looked for, and not that it is told or dealt with.

    What is handed the problems, ``sawErrors(errors)``, has not to find them.
    """
    said = words(call.name)
    at = next((place for place, word in enumerate(said) if word in FINDS), None)
    if at is None or any(FINDS & set(words(last_name(arg))) for arg in call.args):
        return False
    return at == 0 or {said[0], said[at - 1]}.isdisjoint(_SHOWS | _DEALS)


def _kept_as_problems(module: Module, call: Call) -> bool:
    """Tell whether the result of an unknown validation is tested, or put under a name for what is wrong."""
    use = use_of(call)
    by = use.by
    if use.how == "tested":
        return True
    if isinstance(by, Member) and isinstance(by.parent, Assign):  # const { error, value } = schema.validate(data)
        return any(part.name in PARTS for part in module.all(Member) if strip(part.object) is call)
    return isinstance(by, Assign) and isinstance(by.target, Name) and bool(set(words(by.target.id)) & FINDS)


def _asks(parts: set[str]) -> bool:
    return bool(parts & _VERBS) and bool(parts & _DATA)


def _lists(function: Function) -> bool:
    """Tell whether a function gives a list of texts: what is wrong, one by one."""
    bare = function.returns.replace("readonly ", "").replace(" ", "")
    if bare:
        return bare.startswith(("string[]", "Array<", "list[", "List[", "Sequence[", "tuple[", "ReadonlyArray<"))
    given = [strip(node.value) for node in find(function.body, Return, into_functions=False) if node.value is not None]
    return any(isinstance(value, Array) for value in given) or any(
        isinstance(value, Name) and set(words(value.id)) & FINDS for value in given
    )


def _told_chain(call: Call) -> Call | None:
    """Return ``validate(x).forEach(log)`` around a validation, where that is all that becomes of it."""
    node: Node = call
    while isinstance(node.parent, Member | Call | Await):
        node = node.parent
        if isinstance(node, Call) and node.name in _EACH and isinstance(node.parent, ExprStatement):
            given = node.arg(0)
            return node if given is not None and tells(given) else None
    return None


def _told_by_choice(call: Call) -> Binary | None:
    """Return ``check(data) || log(check.errors)`` around a validation, where that stands alone as a statement."""
    inner: Node = call
    around = call.parent
    while isinstance(around, Unary | Await):
        inner, around = around, around.parent
    if not isinstance(around, Binary) or around.op not in ("and", "or") or around.left is not inner:
        return None
    told = isinstance(said := strip(around.right), Call) and is_log(said)
    return around if isinstance(around.parent, ExprStatement) and told else None


def _if_around(call: Call) -> If | None:
    """Return the ``if`` whose whole test a call is, negated or not; what leaves is no matter of logs."""
    node: Node | None = call.parent
    while isinstance(node, Unary | Await):
        node = node.parent
    return node if isinstance(node, If) and not exits(node.body) else None


def _asks_success(module: Module, made: Assign, name: str) -> bool:
    function = function_of(made)
    scope: Sequence[Node] = function.body if function is not None else module.body
    for node in find(scope, Name):
        if node.id == name and behind(node, made):
            member = node.parent
            if not isinstance(member, Member) or member.name in ("success", "error", "ok", "errors"):
                return True
    return False
