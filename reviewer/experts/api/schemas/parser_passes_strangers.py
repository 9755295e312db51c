"""API016: a check by hand reads the members of a manifest one by one, and never looks at what else came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reviewer.code.flow import returns_of
from reviewer.code.syntax import Binary, Call, Literal, Member, Name, Object, strip
from reviewer.code.walk import find
from reviewer.core.scale import Confidence
from reviewer.experts.api.hand_parsers import hand_parsers, looks_at_others
from reviewer.experts.check import Match, module_check
from reviewer.experts.tooling import is_tooling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr, Function, Node
    from reviewer.experts.api.hand_parsers import Parser
    from reviewer.experts.check import Inquiry


@module_check("API016", words={"version", "release", "edition"})
def parser_passes_strangers(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each function that checks the members of a manifest by their names."""
    if module.is_test or is_tooling(module) or inquiry.subject.kind != "host":
        return
    for parser in hand_parsers(module):
        if looks_at_others(module, parser) or _misses_none(parser):
            continue
        some = ", ".join(list(parser.reads)[:3])
        yield Match(
            parser.at,
            f"'{parser.function.name or 'this function'}' checks the members that it knows ({some}, …) and never looks "
            "at what else the manifest has: a misspelt permission or bound passes without a word.",
            # Of a record that is made anew nothing else comes through: many hold that to be enough.
            confidence=Confidence.POSSIBLE if _made_anew(parser) else None,
        )


def _made_anew(parser: Parser) -> bool:
    """Tell whether nothing comes through but what was read: that is given back, or kept, as a record of its own."""
    return parser.made is not None or _picks_out(parser.function) or _kept_anew(parser)


def _kept_anew(parser: Parser) -> bool:
    """Tell whether a function puts what it has read into a record of its own, and never uses the whole."""
    function = parser.function
    names = {param.name for param in function.params}
    if any(one.id in names and not isinstance(one.parent, Member) for one in find(function.body, Name)):
        return False
    return any(
        not made.spreads and len(made.entries) > 2 and all(_key(key) in parser.reads for key, _value in made.entries)
        for made in find(function.body, Object)
    )


def _key(key: Expr | None) -> str:
    return str(key.value) if isinstance(key, Literal) else ""


def _misses_none(parser: Parser) -> bool:
    """Tell whether all that is taken has to be there: what is misspelt is missing, and nothing else is passed on."""
    return (
        _picks_out(parser.function)
        and parser.checked >= set(parser.reads)
        and not any(_may_be_absent(node) for places in parser.reads.values() for node in places)
    )


def _picks_out(function: Function) -> bool:
    """Tell whether all that a function gives is a record of what it has read, member by member."""
    given = [strip(one.value) for one in returns_of(function) if one.value is not None]
    given = [
        strip(one.args[0]) if isinstance(one, Call) and one.name == "freeze" and one.args else one for one in given
    ]
    return bool(given) and all(isinstance(one, Object) and not one.spreads for one in given)


def _may_be_absent(node: Node) -> bool:
    """Tell whether a member that is not there is fine: ``raw.grants ?? []``, ``raw.get("grants", [])``."""
    if isinstance(node, Call) and node.name in ("get", "pop") and len(node.args) > 1:
        return True
    around = node.parent
    if not isinstance(around, Binary):
        return False
    if around.op in ("==", "!="):
        other = strip(around.right if around.left is node else around.left)
        return (isinstance(other, Name) and other.id == "undefined") or (
            isinstance(other, Literal) and other.value is None
        )
    return around.op in ("??", "or") and around.left is node
