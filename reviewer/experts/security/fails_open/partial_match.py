"""SEC005: a permission is matched as a part of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.reach.links import callee
from reviewer.code.syntax import (
    Array,
    Binary,
    Call,
    Expr,
    For,
    Function,
    If,
    Index,
    Literal,
    Member,
    Name,
    Node,
    Opaque,
    Param,
    Regex,
    Return,
    Template,
    Throw,
    Unary,
    strip,
    uncast,
)
from reviewer.code.text.words import words
from reviewer.code.walk import find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, surroundings, word_set
from reviewer.experts.security.deciding.asked_to_refuse import leads_to_refusal
from reviewer.experts.security.deciding.decisions import decides, readers
from reviewer.experts.security.deciding.entries import is_entry_asked
from reviewer.experts.security.deciding.switch_texts import holds_texts
from reviewer.experts.security.fails_open.sought_as_pattern import sought_as_pattern
from reviewer.experts.security.fails_open.stars import star_asked
from reviewer.experts.security.values.cut_texts import cut_to_length
from reviewer.experts.security.values.listed import ended_by, is_written_out, list_of
from reviewer.experts.security.values.shown_texts import shown_as_text
from reviewer.experts.security.values.texts import is_text
from reviewer.experts.security.vocabulary import ANSWERING, PERMISSION, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_HELD: Final = (PERMISSION | {"scopes", "scope", "rights", "verbs", "roles", "capabilities"}) - {"access"}
_ELSEWHERE: Final = word_set(
    "path paths dir directory root folder file files url uri host hosts hostname origin origins domain domains href "
    "base address"
)
"""Words of things that other rules look at: paths and hosts."""
_ADDRESSES: Final = word_set("url urls uri href hostname origin origins endpoint fetch egress network http https")
_LISTED: Final = word_set("trusted allowed allowlist whitelist approved permitted blocked blocklist banned revoked")
"""Words of lists that say who may and who may not."""
_ALPHABETS: Final = ("string.ascii", "string.digits", "string.hexdigits", "string.punctuation", "string.printable")
_PROSE: Final = frozenset({"message", "error", "ua", "agent", "title", "description"})
_CHARACTERS: Final = frozenset({"char", "chars", "character", "ch", "letter", "chr"})
"""Words of what is one character, which a text is a set of."""
_SHORTENS: Final = frozenset({"slice", "substring", "replace", "rstrip", "removesuffix", "replaceAll"})
"""Calls that take the star off a grant."""
_ONE_TEXT: Final = (("pattern",), ("permission",), ("right",), ("scope",), ("glob",), ("capability",), ("wildcard",))
_ENDS: Final = (".", ":", "/", "-", "_", "#")
"""What closes a word of a grant."""


@module_check("SEC005", words=ANSWERING | _LISTED | {"abilities", "actions", "verbs", "rulings", "scope", "includes"})
def partial_match(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at membership tests on texts and at prefix tests in decisions."""
    if module.is_test:
        return
    for call in module.calls(
        ("includes", "indexOf", "lastIndexOf", "search", "match", "startsWith", "startswith", "find")
    ):
        if call.receiver is None or not call.args:
            continue
        if call.name in ("startsWith", "startswith") or (call.name == "indexOf" and _at_begin(call)):
            yield from _prefix(inquiry, module, call)
        elif call.name == "includes" or (call.name == "match" and _is_made_pattern(module, call)) or _compared(call):
            yield from _inside(inquiry, module, call, call.receiver, call.args[0])
    for call, whole, part in sought_as_pattern(module):
        yield from _inside(inquiry, module, call, whole, part)
    for test, whole, part, end in cut_to_length(module):
        if end == "startswith":
            yield from _bare_prefix(inquiry, module, test, whole, part)
    if module.language == "python":
        for node in module.all(Binary):
            if node.op in ("in", "not in"):
                yield from _inside(inquiry, module, node, node.right, node.left)


def _inside(inquiry: Inquiry, module: Module, at: Node, whole: Expr, part: Expr) -> Iterator[Match]:
    if isinstance(strip(whole), Literal) or (isinstance(part, Literal) and not _is_word(part)):
        return
    if set(last_words(part)) & _CHARACTERS or _is_set_of_characters(module, whole):
        return
    rights = _about(inquiry, module, at, whole) or _is_list_of_good(whole) or _is_read_to_decide(module, whole)
    about = rights or _is_plural_of(whole, part)
    if not about and not _is_elsewhere(path_words(whole)):
        about = leads_to_refusal(module, at) or is_entry_asked(module, at, whole, part)
    starless = _without_star(module, part)
    text_held = is_text(module, whole) or (
        about and (shown_as_text(module, whole) or _is_put_in_as_text(module, whole) or _is_one_of_texts(module, whole))
    )
    if not (about or starless) or not text_held:
        return
    text, sought = short(module.text_of(whole)), short(module.text_of(part))
    yield Match(
        at,
        f"'{text}' is a text, so '{sought}' is found inside other words too, and an empty one is found everywhere.",
        # What is refused may be a form of input, a file or a state as well as somebody.
        confidence=None if rights or starless else Confidence.POSSIBLE,
    )


def _is_read_to_decide(module: Module, whole: Expr) -> bool:
    """Tell whether a text is made of what a function gives that the decisions of the file ask: ``this.#of(who)``."""
    made = module.scopes.origin(whole)
    calls = find(made, Call) if isinstance(made, Expr) else ()
    asked = [one for call in calls if (one := callee(module, call)) is not None]
    return bool(asked) and any(one is reader for one in asked for reader in readers(module))


def _is_put_in_as_text(module: Module, whole: Expr) -> bool:
    """Tell whether something is looked up in a table that the file fills with texts: ``book.set(id, all.join())``."""
    made = module.scopes.origin(whole)
    while isinstance(made, Binary) and made.op in ("??", "or"):
        made = strip(made.left)
    if isinstance(made, Index) or (isinstance(made, Call) and made.name == "get"):
        return holds_texts(module, made) is True
    return False


def _is_one_of_texts(module: Module, whole: Expr) -> bool:
    """Tell whether a loop goes over patterns or rights, each of which is a text: ``for pattern in grant.actions``."""
    held = strip(whole)
    bound = module.scopes.lookup(held.id, held) if isinstance(held, Name) else []
    return len(bound) == 1 and isinstance(bound[0], For) and last_words(held)[-1:] in _ONE_TEXT


def _is_set_of_characters(module: Module, whole: Expr) -> bool:
    """Tell whether a text is written out as so many single characters: ``string.ascii_letters + "'"``, ``"./"``."""
    made = module.scopes.origin(whole)
    parts = [one for one in walk(made) if isinstance(one, Literal | Member)] if isinstance(made, Expr) else []
    if not isinstance(made, Binary | Template | Literal | Member):
        return False
    if any(module.resolve(part).startswith(_ALPHABETS) for part in parts):
        return True
    texts = [part.value for part in parts if isinstance(part, Literal) and isinstance(part.value, str)]
    return bool(texts) and all(text and not any(one.isalnum() for one in text) for text in texts)


def _without_star(module: Module, part: Expr) -> bool:
    """Tell whether what is sought is a pattern without its star: ``grant.rstrip("*") in asked``."""
    made = module.scopes.origin(part)
    if not isinstance(made, Call) or made.name not in _SHORTENS or made.receiver is None or not made.args:
        return False
    given = uncast(made.args[0])
    if isinstance(given, Regex):
        return "*" in given.pattern and given.pattern.startswith("\\*")
    return isinstance(given, Literal) and isinstance(given.value, str) and given.value.strip(".:/") == "*"


def _is_list_of_good(whole: Expr) -> bool:
    """Tell whether a text is by its name a list of those who may: ``settings.trustedKeys``."""
    named = set(last_words(whole))
    return bool(named & _LISTED) and not named & (_ELSEWHERE | _PROSE)


def _is_plural_of(whole: Expr, part: Expr) -> bool:
    """Tell whether a text is called after several of what is sought in it: ``ticket.abilities`` and ``ability``."""
    many, one = last_words(whole)[-1:], last_words(part)[-1:]
    if not many or not one or {*many, *one} & (_PROSE | _ELSEWHERE):
        return False
    return many[0] in (f"{one[0]}s", f"{one[0].removesuffix('y')}ies", f"{one[0]}es")


def _is_word(part: Literal) -> bool:
    """Tell whether a word is sought: a single letter stands for itself, as in ``"w" in mode``."""
    return isinstance(part.value, str) and part.value.isalpha() and len(part.value) > 1


def _prefix(inquiry: Inquiry, module: Module, call: Call) -> Iterator[Match]:
    prefix = uncast(call.args[0])
    if call.receiver is not None and not _negated(call) and _is_shortened(module, prefix):
        yield from _wildcard(inquiry, module, call, prefix)
        return
    if call.receiver is not None and not _negated(call) and not _keeps_out(call):
        yield from _bare_prefix(inquiry, module, call, call.receiver, prefix)


def _bare_prefix(inquiry: Inquiry, module: Module, at: Call | Binary, whole: Expr, prefix: Expr) -> Iterator[Match]:
    """Look whether a prefix that decides has nothing that closes its last word."""
    prefix = uncast(prefix)
    if isinstance(prefix, Literal | Call) or _ends_at_boundary(prefix) or _are_signs(prefix):
        return
    many = list_of(module, prefix)
    named = path_words(whole) | path_words(prefix) | (path_words(many) if many is not None else set())
    if named & _ELSEWHERE or not (_of_grants(module, many) or _about(inquiry, module, at, whole, prefix)):
        return
    if isinstance(prefix, Name) and set(words(prefix.id)) & {"prefix", "namespace", "separator"}:
        return
    if module.language == "python" and last_words(prefix)[-1:] == ("prefixes",):
        return  # a tuple of what is a prefix by its very name: who fills it closes the words
    origin = module.scopes.origin(prefix)
    if isinstance(origin, Expr) and (_ends_at_boundary(origin) or isinstance(origin, Literal | Call)):
        return
    text = short(module.text_of(prefix))
    covers = (
        "a grant for 'https://api.example.org' also covers 'https://api.example.org.evil.net'"
        if (named | _around(at)) & _ADDRESSES
        else "a grant for 'file' also covers 'filesystem.write'"
    )
    yield Match(at, f"'{text}' is compared as a bare prefix: {covers}.")


def _of_grants(module: Module, many: Expr | None) -> bool:
    """Tell whether a prefix is one of a list of grants that the program was given: ``permissions.topics``."""
    if many is None or is_written_out(module, many) or ended_by(module, many, *_ENDS):
        return False
    return bool(path_words(many) & (PERMISSION - {"access"}))


def _is_made_pattern(module: Module, call: Call) -> bool:
    """Tell whether a text that somebody hands in is searched for as a pattern: ``deeds.match(deed)``."""
    return isinstance(module.scopes.origin(call.args[0]), Param) and module.language != "python"


def _at_begin(call: Call) -> bool:
    """Tell whether a text is asked to stand at the very beginning: ``scope.indexOf(grant) === 0``."""
    test = call.parent
    return isinstance(test, Binary) and test.op in ("==", "!=") and getattr(strip(test.right), "value", None) == 0


def _around(at: Node) -> set[str]:
    """Return the words of the function around a test, and of what it is given."""
    function = function_of(at)
    given = {word for param in function.params for word in words(param.name)} if function is not None else set()
    return surroundings(function) | given


def _is_shortened(module: Module, prefix: Expr) -> bool:
    """Tell whether a prefix is what remains of a grant without its star."""
    made = module.scopes.origin(prefix)
    if isinstance(made, Call):
        return made.name in _SHORTENS and made.receiver is not None
    return isinstance(made, Index) and isinstance(made.key, Opaque)


def _wildcard(inquiry: Inquiry, module: Module, call: Call, prefix: Expr) -> Iterator[Match]:
    """Look whether the separator before the star is cut off, too: ``files.*`` then covers ``filesystem``."""
    made = module.scopes.origin(prefix)
    if not isinstance(made, Expr) or call.receiver is None or not _about(inquiry, module, call, call.receiver, made):
        return
    if path_words(made) & _ELSEWHERE:
        return
    if not _cuts_separator(module, made):
        if _takes_off_star(made) and not star_asked(call):
            yield Match(
                call,
                f"'{short(module.text_of(prefix))}' is compared as a prefix whether there was a star or not: a grant "
                "for 'files.read' also covers 'files.readAll'.",
            )
        return
    yield Match(
        call,
        f"'{short(module.text_of(prefix))}' is the grant without its star and without the separator before it: "
        "'files.*' also covers 'filesystem.write'.",
    )


def _takes_off_star(made: Expr) -> bool:
    """Tell whether a star is taken away where there is one, and a text without one stays as it is."""
    if not isinstance(made, Call) or made.name not in ("replace", "replaceAll", "rstrip", "removesuffix"):
        return False
    given = uncast(made.args[0]) if made.args else None
    text = given.pattern.removesuffix("$").lstrip("\\") if isinstance(given, Regex) else getattr(given, "value", None)
    return text == "*"


def _cuts_separator(module: Module, made: Expr) -> bool:
    """Tell whether more than the star at the end of a grant is cut off."""
    if isinstance(made, Index):
        cut = module.text_of(made.key).replace(" ", "")
        return cut.startswith(":-") and cut[2:].isdigit() and int(cut[2:]) > 1
    if not isinstance(made, Call):
        return False
    last = uncast(made.args[-1]) if made.args else None
    if made.name in ("slice", "substring"):
        return isinstance(last, Unary) and module.text_of(last).replace(" ", "") != "-1"
    if isinstance(last, Regex):
        return made.name == "replace" and "\\." in last.pattern and "*" in last.pattern
    given = uncast(made.args[0]) if made.args else None
    text = given.value if isinstance(given, Literal) and isinstance(given.value, str) else ""
    return made.name in _SHORTENS and "*" in text and len(text) > 1


def _ends_at_boundary(expr: Expr) -> bool:
    """Tell whether a prefix ends with a separator that closes the word."""
    if isinstance(expr, Template) and expr.items:
        last: Node = expr.items[-1]
    elif isinstance(expr, Binary) and expr.op == "+":
        last = expr.right
    else:
        return False
    return isinstance(last, Literal) and isinstance(last.value, str) and last.value[-1:] in _ENDS


def _are_signs(prefix: Expr) -> bool:
    """Tell whether a text is only asked for its first sign, one of a few: ``pattern.startswith(("+", "#"))``."""
    return (
        isinstance(prefix, Array)
        and bool(prefix.items)
        and all(isinstance(one, Literal) and isinstance(one.value, str) and len(one.value) == 1 for one in prefix.items)
    )


def _negated(call: Call) -> bool:
    """Tell whether a prefix takes something out: what does not begin with it is not refused for that alone."""
    denied = call.parent
    if not isinstance(denied, Unary) or denied.op != "not":
        return False
    test = denied.parent
    return not (isinstance(test, If) and test.test is denied and _refuses(test))


def _keeps_out(call: Call) -> bool:
    """Tell whether what begins with a prefix is refused: a short prefix then keeps out more, and lets in nothing."""
    test = call.parent
    return isinstance(test, If) and test.test is call and _refuses(test)


def _refuses(test: If) -> bool:
    last = test.body[-1] if test.body else None
    if isinstance(last, Throw):
        return True
    value = strip(last.value) if isinstance(last, Return) and last.value is not None else None
    return isinstance(value, Literal) and value.value is False


def _compared(call: Call) -> bool:
    return isinstance(call.parent, Binary) and call.parent.op in ("!=", ">=", ">", "==", "<", "<=")


def _about(inquiry: Inquiry, module: Module, at: Node, *exprs: Expr) -> bool:
    """Tell whether a test is about permission: by its names, or because it stands in a decision."""
    named: set[str] = set()
    for expr in exprs:
        named |= path_words(expr)
    if _is_elsewhere(named):
        return False
    function: Function | None = function_of(at)
    if any(decides(inquiry, module, one) for one in _functions_around(function)):
        return True
    while function is not None:
        if not named & _HELD:
            function = function.outer
            continue
        around = surroundings(function)
        if around & (
            PERMISSION
            | {"can", "may", "covers", "matches", "capability", "capabilities", "verify", "allows", "permits"}
        ):
            return True
        return bool(named & (PERMISSION - {"access"})) and bool(set(words(function.name)[:1]) & QUESTIONS)
    return False


def _is_elsewhere(named: set[str]) -> bool:
    """Tell whether words are of paths, hosts or prose, and not of rights."""
    return bool(named & (_ELSEWHERE | _PROSE) - {"path", "text"}) and not named & _HELD


def _functions_around(function: Function | None) -> Iterator[Function]:
    while function is not None:
        yield function
        function = function.outer
