"""SEC054: a statement of SQL is put together from values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.made import pieces
from reviewer.code.syntax import (
    Binary,
    Call,
    ExprStatement,
    Literal,
    Member,
    Name,
    Param,
    Template,
    strip,
)
from reviewer.code.walk import ancestors, function_of, walk
from reviewer.core.scale import Confidence, Severity
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.arguments import is_fixed, is_pieced
from reviewer.experts.data.patterns import found as pattern_found
from reviewer.experts.paths import last_words
from reviewer.experts.security.injection.written_by_callers import all_written_out, keys_written_out
from reviewer.experts.security.reaching.sinks import raised, said, shown, shown_origin, unlimited
from reviewer.experts.security.values.guards import limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.code.syntax import Expr
    from reviewer.experts.check import Inquiry
    from reviewer.experts.security.values.origins import Trace

_METHODS: Final = frozenset(
    "execute executemany executescript query exec run all get each prepare raw fetch fetchrow fetchval "
    "fetch_all fetch_one fetchAll select one many none any oneOrNone $queryRawUnsafe $executeRawUnsafe text "
    "sql read_sql read_sql_query scalar".split()
)
_STATEMENT: Final = (
    r"(?is)^\s*(select\s.+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+\S+\s+set\s|delete\s+from\s|replace\s+into\s|"
    r"(create|drop|alter|truncate)\s+(table|index|view|schema|database)|with\s+\w+\s+as\s*\(|pragma\s|attach\s)"
)
_LOUD: Final = r"^\s*(SELECT\s[^a-z]*|SELECT\s.+\sFROM\s|INSERT\s|UPDATE\s.+\sSET\s|DELETE\s+FROM\s|WITH\s)"
"""A statement as it is only written where it is meant as one."""
_SAYS: Final = frozenset(
    "debug info warn warning error exception log print write append push add format join send emit notify show "
    "showErrorMessage showInformationMessage sign encode digest hash trim strip split replace match test search "
    "includes startswith startsWith find index".split()
)
"""Methods that take a text and never run it."""
_VALUE: Final = r"(?i)(=|<|>|\blike|\blimit|\boffset|\bvalues\s*\(|\bin\s*\()\s*[\"'%(]*$|'%?$"
"""What stands before a value; elsewhere a table, a column or a clause is put in."""
_PLACED: Final = r"(?i)(=|<|>|\blike|\blimit|\bvalues\s*\(|\bin\s*\(|')\s*[\"'%]*(%s|%\(\w+\)s|\{\w*\})"
_ADDS: Final = frozenset({"append", "push"})
_CLAUSES: Final = frozenset("where filter clause condition conditions sql order sort predicate having".split())
"""Names of a parameter that is a piece of SQL."""
_PLAIN: Final = frozenset(
    "escape escapeId escapeIdentifier escapeLiteral quoteIdentifier quote_ident quoteIdent Identifier "
    "quote_identifier literal placeholders format_identifier sqlstring.escape ident".split()
)


@module_check("SEC054", words={"select", "insert", "update", "delete", "sql", "pragma", "drop", "replace"})
def sql_pieced_together(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every statement that is handed to a database."""
    if module.is_test:
        return
    for node in module.all(Call):
        if (node.name not in _METHODS and not _may_run(node)) or _is_tagged(module, node):
            continue
        text = node.arg(0)
        if isinstance(text, Call) and text.name == "text" and text.args:
            text = text.args[0]
        if text is None or not _is_put_together(module, text) or not _is_statement(module, text):
            continue
        if node.name not in _METHODS and not pattern_found(_LOUD, " ".join(_constants(module, text)) + " "):
            continue
        found = unlimited(module, text, node, _PLAIN)
        if found is not None and (_each_is_checked(module, text) or all_written_out(module, text)):
            continue
        if found is None or found.kinds() <= {"environment", "argument"}:
            continue  # whoever starts the program may run any statement by hand
        origin = found.worst()
        names = _only_names(module, text)
        # Who sets up a program may well choose the name of its table.
        set_up = names and found.kinds() <= {"config", "environment", "unknown", "file"}
        known = bool(found.kinds() - {"environment", "unknown", "file"})
        sure = (
            (found.outside and not set_up)
            or (not names and known)
            or _is_clause(module, text, found)
            or _names_what_is_given(module, text)
        )
        added = _added_by(module, text)
        yield Match(
            added or node,
            f"'{shown_origin(origin, 40) if origin else shown(module, text, 40)}', which comes from {said(origin)}, "
            "becomes part of a statement "
            "of SQL: a quote in it changes what the statement does.",
            confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE,
            severity=Severity.HIGH if set_up else raised(found, Severity.HIGH, Severity.CRITICAL),
            related=((node, "the statement is run here"),) if added is not None else (),
        )


def _may_run(call: Call) -> bool:
    """Tell whether a service may run what it is handed: ``ledger.queries.rows(sql, values)``."""
    return call.receiver is not None and bool(call.args) and call.name not in _SAYS and not call.new


def _added_by(module: Module, text: Expr) -> Expr | None:
    """Return the one piece with holes that is added to a list of clauses in a line of its own: ``where.append(…)``."""
    parts = [part for where, part in pieces(module, text) if where is module and not is_fixed(where, part)]
    added = [
        call.args[0]
        for call in (one for part in parts for one in ancestors(part) if isinstance(one, Call))
        if call.name in _ADDS
        and len(call.args) == 1
        and isinstance(call.args[0], Template | Binary)
        and isinstance(call.parent, ExprStatement)
    ]
    return added[0] if len({id(one) for one in added}) == 1 else None


def _is_put_together(module: Module, text: Expr) -> bool:
    """Tell whether a statement has parts that aren't written down: in place, or added to it one after the other."""
    if is_pieced(module, text):
        return True
    return isinstance(strip(text), Name) and any(not is_fixed(where, part) for where, part in pieces(module, text)[1:])


def _each_is_checked(module: Module, text: Expr) -> bool:
    """Tell whether each part is checked where it is put in: ``if column not in COLUMNS: raise``."""
    parts = [part for where, part in pieces(module, text) if where is module and not is_fixed(where, part)]
    parts = [part for part in parts if not _is_count(part)]
    return bool(parts) and all(limited(module, [part], part) for part in parts)


def _is_count(part: Expr) -> bool:
    """Tell whether a part is how many there are of something: ``len(values)``, ``values.length``."""
    part = strip(part)
    return (isinstance(part, Call) and part.name == "len") or (isinstance(part, Member) and part.name == "length")


def _is_clause(module: Module, text: Expr, found: Trace) -> bool:
    """Tell whether a whole clause is what a public function is given."""
    given = [origin.node for origin in found.origins if origin.kind == "parameter"]
    given += [part for where, part in pieces(module, text) if where is module and _is_param(module, part)]
    for node in given:
        function = function_of(node)
        named = isinstance(node, Name) and set(last_words(node)) & _CLAUSES
        if named and function is not None and not function.private:
            return True
    return False


def _is_param(module: Module, part: Expr) -> bool:
    bound = module.scopes.lookup(part.id, part) if isinstance(part, Name) else []
    return len(bound) == 1 and isinstance(bound[0], Param)


def _names_what_is_given(module: Module, text: Expr) -> bool:
    """Tell whether a part lists the keys of a record that a caller hands in: ``", ".join(row)``.

    Such names nobody has set up: whoever makes the record writes them.
    """
    for where, part in pieces(module, text):
        made = where.scopes.origin(part)
        if not isinstance(made, Call) or made.name != "join" or made.receiver is None:
            continue
        held = strip(made.args[0] if where.language == "python" and made.args else made.receiver)
        if isinstance(held, Call) and held.name == "keys":
            held = strip(held.args[0] if held.args else held.receiver or held)
        bound = where.scopes.lookup(held.id, held) if isinstance(held, Name) else []
        if len(bound) == 1 and isinstance(bound[0], Param):
            return not keys_written_out(where, bound[0])
    return False


def _is_tagged(module: Module, call: Call) -> bool:
    """Tell whether a call is a tagged template, whose tag makes parameters of the holes."""
    behind = module.source[call.callee.raw.end_byte : call.raw.end_byte]
    return behind.lstrip()[:1] == b"`"


def _is_statement(module: Module, text: Expr) -> bool:
    return pattern_found(_STATEMENT, " ".join(_constants(module, text)) + " ")


def _constants(module: Module, text: Expr) -> list[str]:
    origin = module.scopes.origin(text)
    if not isinstance(origin, Template | Binary):
        return [n.value for _, n in pieces(module, text) if isinstance(n, Literal) and isinstance(n.value, str)]
    return [n.value for n in walk(origin, into_functions=False) if isinstance(n, Literal) and isinstance(n.value, str)]


def _only_names(module: Module, text: Expr) -> bool:
    """Tell whether no hole stands where a value is expected."""
    origin = module.scopes.origin(text)
    if isinstance(origin, Template) or origin is None:
        before = ""
        for _, item in pieces(module, text):
            if isinstance(item, Literal):
                before += str(item.value)
            elif pattern_found(_VALUE, before[-40:]):
                return False
            else:
                before += "x"
        return True
    constants = [
        *_constants(module, text),
        *(str(one.value) for _, one in pieces(module, text) if isinstance(one, Literal)),
    ]
    return not any(pattern_found(_VALUE, one) or pattern_found(_PLACED, one) for one in constants)
