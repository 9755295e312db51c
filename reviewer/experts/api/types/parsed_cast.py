"""API490: what was parsed, fetched or sent is only called what it should be, and nobody has looked at it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from reviewer.code.flow import guarding_try
from reviewer.code.reach.call_sites import call_sites
from reviewer.code.reach.elements import element_type
from reviewer.code.reach.links import knows_all_bases, named_type
from reviewer.code.reach.records import record_class
from reviewer.code.syntax import (
    Assign,
    Await,
    Call,
    Cast,
    Class,
    Expr,
    Function,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Return,
    Spread,
    Template,
    strip,
)
from reviewer.code.text.ideas import LISTENS
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of
from reviewer.core.regex import regex
from reviewer.experts.check import Match, module_check
from reviewer.experts.communication.aliases import alias_text
from reviewer.experts.communication.looks import looked_at
from reviewer.experts.data.messages import short
from reviewer.experts.paths import said_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_LOADS: Final = frozenset({"json.loads", "json.load", "yaml.safe_load", "yaml.load", "tomllib.loads", "tomllib.load"})
_LOOKS: Final = frozenset(
    "validate valid check schema assert verify ensure guard sanitize coerce conforms problems safe".split()
)
"""Words of what looks at a value before it is believed."""
_INFERRED: Final = regex(r"(?:\w{1,20}\.)?(?:infer|output|Infer|InferOutput|Static|InferType)<typeof (\w{1,60})>")
_MOST_SITES: Final = 12


@module_check("API490")
def parsed_cast(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each value from outside that is given a type for whether anything looks at it."""
    if module.is_test:
        return
    if module.language == "python":
        yield from _unpacked(module)
        yield from _called_a_dict(module)
        return
    for cast in module.all(Cast):
        function = function_of(cast)
        if cast.kind != "as" or function is None or " is " in function.returns:
            continue
        schema = _schema_of(module, cast.type)
        source = _source(module, function, cast) or (_parsed(module, cast.value) if schema else "")
        if not source or (not schema and _shape(module, cast.type) is None) or _is_looked_at(module, function, cast):
            continue
        yield Match(
            cast,
            f"{source} is called '{short(cast.type)}', and nothing has looked whether it is one: what is missing or of "
            "another kind fails somewhere else, or is believed.",
        )


def _shape(module: Module, declared: str) -> Class | None:
    """Return the record of the subject that a type names, also as one of a list."""
    plain = declared.strip()
    if plain.startswith(("Partial<", "{", "Record<", "Readonly<Partial")):
        return None
    shape = named_type(module, element_type(plain) or plain)
    if shape is None or shape.kind == "class" or all(field.optional for field in shape.fields):
        return None
    return None if all(field.type.strip() in ("unknown", "any") or field.optional for field in shape.fields) else shape


def _schema_of(module: Module, declared: str) -> str:
    """Return the schema of which a type is made, where nothing is held against it: ``z.infer<typeof Delivery>``."""
    plain = declared.strip()
    made = _INFERRED.fullmatch(plain) or _INFERRED.fullmatch(alias_text(module, plain))
    return made[1] if made is not None else ""


def _parsed(module: Module, value: Expr) -> str:
    """Say what a text was parsed to, where a name was given nothing else: ``let it: unknown; try { it = … }``."""
    held = strip(value)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    given = [strip(one.value) for one in bound if isinstance(one, Assign) and one.value is not None]
    made = given[0] if len(given) == 1 else held
    if not isinstance(made, Call) or module.text_of(made.callee) != "JSON.parse" or not made.args:
        return ""
    return "" if any(call.name == "stringify" for call in find(made.args[0], Call)) else "The text that was parsed"


def _source(module: Module, function: Function, cast: Cast) -> str:
    """Return what is cast, where it comes from outside: an answer of the network, a text, anything that was sent."""
    value = strip(cast.value)
    if isinstance(value, Name):
        bound = module.scopes.lookup(value.id, value)
        only = bound[0] if len(bound) == 1 else None
        if isinstance(only, Param) and only.parent is function and only.type.strip() in ("unknown", "any"):
            return f"'{value.id}'"
        made = only.value if isinstance(only, Assign) else None
        value = strip(made) if made is not None else value
    if _is_sent(module, function, value):
        return f"'{module.text_of(value)}'"
    if not isinstance(value, Call):
        return ""
    if value.name == "json" and not value.args and value.receiver is not None:
        return "What the network answered"
    if module.text_of(value.callee) != "JSON.parse" or not value.args:
        return ""
    text = strip(value.args[0])
    bound = module.scopes.lookup(text.id, text) if isinstance(text, Name) else []
    return "The text that was parsed" if len(bound) == 1 and isinstance(bound[0], Param) else ""


def _is_sent(module: Module, function: Function, value: Expr) -> bool:
    """Tell whether a value is what came with a request, which nothing at the route looked at: ``req.body``."""
    if not isinstance(value, Member) or value.name != "body":
        return False
    holder = strip(value.object)
    while isinstance(holder, Member) and holder.name in ("request", "req"):
        holder = strip(holder.object)
    bound = module.scopes.lookup(holder.id, holder) if isinstance(holder, Name) else []
    route = function.parent
    if len(bound) != 1 or not isinstance(bound[0], Param) or bound[0].parent is not function:
        return False
    if not isinstance(route, Call) or not any(isinstance(strip(one), Literal | Template) for one in route.args[:1]):
        return False
    beside = [one for one in route.args if one is not function]
    return not any(word in _LOOKS or word.startswith(("valid", "celebrat")) for one in beside for word in said_in(one))


def _is_looked_at(module: Module, function: Function, cast: Cast) -> bool:
    """Tell whether the function, or whoever it hands the value back to, looks at it."""
    names = {name.id for name in find(cast.value, Name) if isinstance(strip(cast.value), Name)}
    around: Node | None = cast.parent
    while isinstance(around, Cast | Await):
        around = around.parent if around is not None else None
    if isinstance(around, Assign) and isinstance(around.target, Name):
        names.add(around.target.id)
    elif isinstance(around, Assign | Member):
        return True  # single parts of it, each of which is looked at or not by itself
    if isinstance(around, Call) and _says_looks(around):
        return True
    if names and (looked_at(function, names) or _is_handed_to_check(function, names)):
        return True
    if not _LOOKS.isdisjoint(words(function.name)):
        return True
    sites = call_sites(module, function) if isinstance(around, Return) else iter(())
    return sites is None or any(_site_looks(call) for _module, call in islice(sites, _MOST_SITES))


def _is_handed_to_check(function: Function, names: set[str]) -> bool:
    return any(
        _says_looks(call) and any(name.id in names for arg in call.args for name in find(arg, Name))
        for call in find(function.body, Call)
    )


def _says_looks(call: Call) -> bool:
    return _says_looks_name(call.name)


def _says_looks_name(name: str) -> bool:
    said = words(name)
    return bool(said) and (said[0] in ("is", "parse") or not _LOOKS.isdisjoint(said)) and name not in ("parse", "")


def _site_looks(call: Call) -> bool:
    """Tell whether what a caller gets is handed to something that looks at it."""
    around = call.parent
    while isinstance(around, Cast | Await):
        around = around.parent if around is not None else None
    if isinstance(around, Call):
        return _says_looks(around)
    function = function_of(call)
    if not isinstance(around, Assign) or not isinstance(around.target, Name) or function is None:
        return False
    return looked_at(function, {around.target.id}) or _is_handed_to_check(function, {around.target.id})


def _unpacked(module: Module) -> Iterator[Match]:
    """Find records of Python that are made of whatever a text or a message holds: ``Label(**json.loads(text))``."""
    for call in module.all(Call):
        spread = next((arg for arg in call.args if isinstance(arg, Spread) and arg.double), None)
        if spread is None or len(call.args) != 1 or call.keywords:
            continue
        cls = record_class(module, call)
        if cls is None or not cls.fields or _looks_itself(cls) or guarding_try(call) is not None:
            continue
        source = _python_source(module, call, spread.value)
        if source:
            yield Match(
                call,
                f"'{cls.name}' is made of whatever {source} holds: a member too many or too few fails here, and one of "
                "another kind is believed.",
            )


def _called_a_dict(module: Module) -> Iterator[Match]:
    """Find bodies of requests of Python that are only called a ``TypedDict``: ``cast(Plan, await request.json())``."""
    for cast in module.all(Cast):
        value, function = strip(cast.value), function_of(cast)
        body = isinstance(value, Call) and not value.args and {"json", "get_json"} & {value.name}
        text = value.args[0] if isinstance(value, Call) and module.resolve(value.callee) == "json.loads" else None
        if (
            text is not None
            and function is not None
            and cast.kind == "cast"
            and _is_typed_text(module, function, cast, text)
        ):
            yield Match(
                cast,
                f"The text that was parsed is called '{short(cast.type)}', and nothing has looked whether it is one: "
                "what is missing or of another kind fails somewhere else, or is believed.",
            )
            continue
        if cast.kind != "cast" or function is None or not body or not isinstance(value, Call):
            continue
        asked = value.receiver is not None and bool({"request", "req"} & said_in(value.receiver))
        shape = named_type(module, cast.type)
        if shape is not None and value.name == "json" and value.receiver is not None and _is_record(shape):
            yield Match(
                cast,
                f"'{module.text_of(value)}' gives a dictionary, which is only called '{short(cast.type)}': whatever is "
                "read of it as a member is not there.",
            )
            continue
        if not asked or shape is None or not any(_named(base) == "TypedDict" for base in shape.bases):
            continue
        if not _is_looked_at(module, function, cast):
            yield Match(
                cast,
                f"What the request brings is called '{short(cast.type)}', and nothing has looked whether it is one: "
                "what is missing or of another kind fails somewhere else, or is believed.",
            )


def _is_typed_text(module: Module, function: Function, cast: Cast, text: Expr) -> bool:
    """Tell whether a text that a function is handed is parsed and called a ``TypedDict`` that nothing looks at."""
    bound = module.scopes.lookup(text.id, text) if isinstance(text, Name) else []
    given = len(bound) == 1 and isinstance(bound[0], Param) and bound[0].parent is function
    shape = named_type(module, cast.type) if given else None
    typed = shape is not None and any(_named(base) == "TypedDict" for base in shape.bases)
    return typed and not _is_looked_at(module, function, cast)


def _is_record(shape: Class) -> bool:
    """Tell whether a class makes objects with members, as a dataclass and a named tuple do, and no dictionary does."""
    makers = [strip(one) for one in shape.decorators]
    named = [one.callee if isinstance(one, Call) else one for one in makers]
    made = any(shape.module.resolve(one) == "dataclasses.dataclass" for one in named)
    return made or any(_named(base) == "NamedTuple" for base in shape.bases)


def _looks_itself(cls: Class) -> bool:
    """Tell whether a class may look at what it is made of: all do but plain dataclasses and named tuples."""
    if cls.method("__post_init__") is not None or not knows_all_bases(cls):
        return not any(_named(base) == "NamedTuple" for base in cls.bases)
    makers = [strip(one) for one in cls.decorators]
    named = [one.callee if isinstance(one, Call) else one for one in makers]
    return not any(cls.module.resolve(one) == "dataclasses.dataclass" for one in named)


def _named(expr: Expr) -> str:
    made = strip(expr)
    return made.id if isinstance(made, Name) else made.name if isinstance(made, Member) else ""


def _python_source(module: Module, call: Call, given: Expr) -> str:
    value = strip(given)
    function = function_of(call)
    named = value.id if isinstance(value, Name) else ""
    if isinstance(value, Name):
        bound = module.scopes.lookup(value.id, value)
        only = bound[0] if len(bound) == 1 else None
        if isinstance(only, Param):
            heard = function is not None and only.parent is function and _is_heard(module, function)
            return "the message" if heard and function is not None and not _is_tested(function, named) else ""
        made = only.value if isinstance(only, Assign) else None
        value = strip(made) if made is not None else value
    if not isinstance(value, Call):
        return ""
    parsed = module.resolve(value.callee) in _LOADS or (value.name == "json" and not value.args)
    return "the text" if parsed and not (function is not None and named and _is_tested(function, named)) else ""


def _is_tested(function: Function, name: str) -> bool:
    return looked_at(function, {name}) or any(
        _says_looks(call) or call.name in ("isinstance", "all", "keys")
        for call in find(function.body, Call)
        if any(one.id == name for arg in call.args for one in find(arg, Name))
    )


def _is_heard(module: Module, function: Function) -> bool:
    """Tell whether a function is called with what others send: a decorator says so, or it is given to listen."""
    if any(isinstance(strip(one), Call) for one in function.decorators):
        return True
    return any(
        any(getattr(strip(arg), "name", getattr(strip(arg), "id", "")) == function.name for arg in call.args[1:])
        for call in module.calls(LISTENS & module.identifiers)
    )
