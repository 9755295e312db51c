"""PAT446: where nobody says for which tenant something is done, it is done for one that is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Call, Expr, Imported, Index, Literal, Member, Name, Node, Object, Template, strip
from reviewer.code.text.words import words
from reviewer.code.walk import class_of, find, function_of
from reviewer.core.regex import regex
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_name, path_words, word_set
from reviewer.experts.patterns.fallbacks import fallbacks, is_noted
from reviewer.experts.patterns.leading import NOT_WHOM
from reviewer.experts.patterns.served import serves
from reviewer.experts.patterns.vocabulary import PRINCIPALS, TENANTS, bare
from reviewer.experts.patterns.whom import is_served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.fallbacks import Fallback

_SLUG: Final = regex(r"[A-Za-z0-9][A-Za-z0-9_.:@-]{0,60}")
"""How an id is written; whatever is written otherwise is a text for people."""
_BLANK: Final = regex(r"(?:0x)?(?:0+|[fF]+)(?:[-:](?:0+|[fF]+))*[01]?")
"""An address of nothing: all its digits are the lowest, or the highest."""
_NOBODY: Final = word_set(
    "unknown anonymous anon none null nil undefined missing invalid guest nobody unset unnamed untitled unassigned na "
    "n a no not other any all system host platform internal localhost local global core root test example"
)
"""Words of a name that stands for no tenant: what is kept under it belongs to none of them."""
_STANDARD: Final = word_set("default shared common public")
"""Words of a name that may be that of a tenant, or of none."""
_SETTINGS: Final = word_set("config configuration settings argv args environ env flags cli")
"""Where whoever runs the host says for whom it runs."""
_REQUEST: Final = word_set("headers header request req query cookies")
"""Where somebody who asks says for whom."""
_RECORD_IDS: Final = ("id", "slug", "key", "code", "tenant", "name")


@module_check("PAT446", words=())
def tenant_by_default(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at what stands in for a tenant that nobody named."""
    if module.is_test:
        return
    for one in fallbacks(module):
        named = _constant(inquiry, module, one.value)
        who = _whom(inquiry, module, one) if named else ""
        if who and not is_noted(one.node) and not _of_environment(module, one.node):
            weak = bool(_STANDARD & set(words(named))) or _of_settings(one) or bare(who)[-1] in ("realm", "brand")
            yield Match(
                one.node,
                f"Where nobody says which '{who}' is meant, it is '{short(named)}': work that lost its context, or "
                "that never had one, reads and writes the data of that one, and nothing fails.",
                confidence=Confidence.POSSIBLE if weak else None,
            )
            continue
        if named and not who and _may_say_whom(one):
            yield Match(
                one.node,
                f"Where nobody has set '{one.names[0]}', it is '{short(named)}': if that is one of several whom the "
                "host serves, work that lost its context is done for that one, and nothing fails.",
                confidence=Confidence.POSSIBLE,
            )
            continue
        table = _entry_beside(module, one)
        if table is not None:
            yield Match(
                one.node,
                f"Where nothing is found, '{short(module.text_of(one.value))}' is the answer: whoever is known to "
                f"nobody acts for that one of '{short(module.text_of(table))}'.",
            )


def _constant(inquiry: Inquiry, module: Module, value: Expr) -> str:
    """Return the id of a tenant that the code itself names; an empty text where it names none."""
    made: Expr | None = strip(value)
    if isinstance(made, Name | Member):
        made = _written_down(module, made)
    if isinstance(made, Object):
        made = next((held for name in _RECORD_IDS if (held := made.get(name)) is not None), None)
    elif isinstance(made, Call) and made.args and (made.new or made.name[:1].isupper()):
        made = made.args[0]
    text = made.value if isinstance(made, Literal) and isinstance(made.value, str) else ""
    told = set(words(text))
    named = _SLUG.fullmatch(text) and told and not told <= _NOBODY and not _BLANK.fullmatch(text)
    return text if named else ""


def _written_down(module: Module, name: Name | Member) -> Expr | None:
    """Return what a constant of this file or of another of the subject is."""
    bound = module.scopes.origin(name)
    found: Node | None = bound if isinstance(bound, Node) else None
    if isinstance(bound, Imported) and module.project is not None:
        found = module.project.definition(module, bound)
    return found if isinstance(found, Literal | Object | Call) else None


def _whom(inquiry: Inquiry, module: Module, one: Fallback) -> str:
    """Return the name by which the fallback stands for one of those who are served."""
    for name in one.names:
        told = bare(name)
        if not told or name.isupper():
            continue
        joined = (told[0] + "".join(word.title() for word in told[1:]), "_".join(told))
        if told[-1] in TENANTS:
            return name
        if _ELSE & set(told):
            continue
        asks = _asks_request(module, one)
        if any(
            is_served(inquiry, module, it) or (asks and serves(inquiry, module, it, anywhere=True)) for it in joined
        ):
            return name
    return ""


def _asks_request(module: Module, one: Fallback) -> bool:
    """Tell whether what is missing is looked for in a request: ``headers.get("x-shop") or "main"``."""
    asked = list(find(one.node, Expr))
    for name in [part for part in asked if isinstance(part, Name)]:
        made = module.scopes.origin(name)  # const named = headers["x-shop"]
        asked += [made] if isinstance(made, Expr) and made is not name else []
    return any(_REQUEST & path_words(part) for part in asked if isinstance(part, Call | Index | Member))


def _may_say_whom(one: Fallback) -> bool:
    """Tell whether a context variable may hold for whom something is done, and nothing else that is known."""
    told = set(bare(one.names[0])) if isinstance(one.node, Call) and one.node.name == "ContextVar" else set()
    return bool(told) and not told & (NOT_WHOM | _ELSE) and not set(words(str(one.names[0]))) & PRINCIPALS


_ELSE: Final = word_set(
    "locale lang language currency timezone tz zone theme unit units level mode state phase stage status encoding "
    "charset trace span correlation protocol scheme spec transport environment env profile dialect backend device "
    "cmd command action verb method operation precision color colour voice "
    "model type types kind kinds category categories"
)
"""Words of what is told apart by ids as well, and is no tenant."""


def _of_environment(module: Module, node: Node) -> bool:
    """Tell whether whoever starts the process says for whom it runs: one process, one tenant."""
    return any(part.name in ("environ", "getenv", "env", "argv", "add_argument") for part in find(node, Member)) or any(
        call.name in ("getenv", "add_argument", "env") for call in find(node, Call)
    )


def _of_settings(one: Fallback) -> bool:
    return any(_SETTINGS & path_words(part) for part in find(one.node, Member))


def _entry_beside(module: Module, one: Fallback) -> Expr | None:
    """Return the table of tenants of which a fallback is a written-down entry: ``known[slug] || known.main``."""
    value = strip(one.value)
    table = _entry(value, written=True)
    if table is None or not _of_tenants(one.node, table):
        return None
    text = module.text_of(table)
    asked = (
        found
        for part in find(one.node, Expr)
        if part is not value and (found := _entry(part, written=False)) is not None
    )
    return table if any(module.text_of(found) == text for found in asked) else None


def _entry(expr: Expr, *, written: bool) -> Expr | None:
    """Return the table of which an expression is an entry, under a key that is written down or that is asked for."""
    key: Expr | None = None
    holder: Expr | None = None
    if isinstance(expr, Index):
        holder, key = expr.object, strip(expr.key)
    elif isinstance(expr, Call) and expr.name == "get" and expr.args and expr.receiver is not None:
        holder, key = expr.receiver, strip(expr.args[0])
    elif isinstance(expr, Member) and written and not isinstance(expr.object, Call):
        return expr.object if last_name(expr.object) not in ("this", "self") else None
    if isinstance(key, Literal) and not isinstance(key.value, str | int):
        return None  # under None stands what is meant for all the others
    if key is None or isinstance(key, Literal | Template) is not written:
        return None
    return holder


def _of_tenants(node: Node, table: Expr) -> bool:
    """Tell whether a table holds tenants, by what it, its class or the function that asks it is called."""
    function, owner = function_of(node), class_of(node)
    said = path_words(table) | set(words(function.name) if function is not None else ())
    return bool((said | set(words(owner.name) if owner is not None else ())) & TENANTS)
