"""SEC033: a path counts as inside a folder because its text begins with the folder's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.code.flow import conditions
from reviewer.code.reach.call_sites import calls_here
from reviewer.code.syntax import (
    Binary,
    Call,
    Comprehension,
    Conditional,
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
    Return,
    Template,
    Throw,
    Unary,
    strip,
)
from reviewer.code.text.words import words
from reviewer.code.walk import ancestors, calls_in, find, function_of, walk
from reviewer.core.scale import Confidence
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import last_words, path_words, word_set
from reviewer.experts.security.values.cut_texts import cut_to_length
from reviewer.experts.security.values.keeping_inside import keeps_out, same_pattern
from reviewer.experts.security.values.made_paths import (
    asked_anywhere,
    is_path_maker,
    made_below,
    seen_through,
)
from reviewer.experts.security.values.provenance import trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry

_ASKS: Final = frozenset(
    "starts startswith commonprefix index slice substring root base includes resolve realpath abspath".split()
)
"""Words of files that ask where a path is."""
_FOLDERS: Final = word_set("root roots dir directory folder base home sandbox jail workspace storage data prefix top")
_PATHS: Final = word_set("path file full target resolved real absolute destination dest location candidate filename")
_REST: Final = frozenset("slice substring substr relpath relative relative_to removeprefix replace".split())
_MOST_LINKS: Final = 6
_SEPARATORS: Final = ("/", "\\")


@module_check("SEC033", words=_ASKS)
def path_prefix(_inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at every test whether one path begins with another."""
    if module.is_test:
        return
    yield from _cut_to_length(module)
    for call in module.calls(("startsWith", "startswith", "commonprefix", "indexOf", "lastIndexOf")):
        if call.name in ("indexOf", "lastIndexOf") and not _at_begin(call):
            continue
        if call.name == "commonprefix":
            if module.resolve(call.callee) == "os.path.commonprefix" and _decides(call) and _of_paths(call):
                yield Match(
                    call,
                    "'os.path.commonprefix' compares character by character: '/data/acme-2' has the prefix "
                    "'/data/acme', too.",
                )
            continue
        folder = call.arg(0)
        if call.receiver is None or folder is None or not _decides(call):
            continue
        if _asked_for_separator(module, call, folder) or _only_shortens(call):
            continue
        if _ended_by_choice(module, folder) or _says_ended(module, call.receiver):
            continue
        below = made_below(module, call.receiver, folder)
        sure = below or _is_made_path(module, call.receiver)
        if not sure and not _called_path(module, call.receiver):
            continue
        if below or (_is_folder(module, folder, sure=sure) and not _begins_pattern(module, call)):
            yield _match(module, call, folder, sure=below or _matters(module, call, call.receiver))
    for node, whole, part in asked_anywhere(module):
        if _decides(node) and made_below(module, whole, part):
            text = short(module.text_of(part))
            yield Match(
                node,
                f"'{text}' may stand anywhere in the path, and go on with other letters: a path outside of the folder "
                "counts as inside.",
            )


def _called_path(module: Module, expr: Expr) -> bool:
    """Tell whether a text is a path by its name, or by the name of what a call in the file passes for it."""
    if set(last_words(expr)) & _PATHS:
        return True
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    param = bound[0] if len(bound) == 1 else None
    helper = param.parent if isinstance(param, Param) else None
    if not isinstance(helper, Function) or param not in helper.params:
        return False
    place = helper.params.index(param)
    passed = (call.args[place] for call in calls_here(module, helper) if len(call.args) > place)
    return any(set(last_words(one)) & _PATHS for one in passed)


def _of_paths(call: Call) -> bool:
    """Tell whether texts are compared that by their names are paths, and not titles, or paths split into parts."""
    given = list(call.args)
    named = {word for arg in given for part in walk(arg) for word in path_words(part)}
    split = any(one.name == "split" for one in calls_in(given))
    return not split and bool(named & (_PATHS | _FOLDERS))


def _matters(module: Module, test: Node, path: Expr) -> bool:
    """Tell whether a test keeps somebody out, or a client of the host chooses the path."""
    return keeps_out(module, test) or "request" in trace(module, path).kinds()


def _begins_pattern(module: Module, call: Call) -> bool:
    """Tell whether the same text is asked for its end, too: ``name.startsWith(prefix) && name.endsWith(suffix)``."""
    around = call.parent
    while isinstance(around, Binary) and isinstance(around.parent, Binary):
        around = around.parent
    return isinstance(around, Binary) and same_pattern(module, call, list(find(around, Call)))


def _match(module: Module, at: Node, folder: Expr, *, sure: bool) -> Match:
    """Make a finding; where nobody is kept out it is a question in which folder a file of the program's own lies."""
    text = short(module.text_of(folder))
    return Match(
        at,
        f"'{text}' ends without a separator here: '/plugins/acme-2' begins with '/plugins/acme', too, and counts as "
        "inside.",
        confidence=None if sure else Confidence.POSSIBLE,
    )


def _cut_to_length(module: Module) -> Iterator[Match]:
    """Find ``full.slice(0, root.length) === root`` and ``full[: len(root)] == root``."""
    for node, whole, folder, end in cut_to_length(module):
        sure = _is_made_path(module, whole)
        if end != "startswith":
            continue
        known = (sure or set(last_words(whole)) & _PATHS) and _is_folder(module, folder, sure=sure)
        if known or made_below(module, whole, folder):
            yield _match(module, node, folder, sure=_matters(module, node, whole) or made_below(module, whole, folder))


def _at_begin(call: Call) -> bool:
    """Tell whether a text is asked to stand at the very beginning: ``file.indexOf(root) !== 0``."""
    test = call.parent
    return isinstance(test, Binary) and test.op in ("==", "!=") and getattr(strip(test.right), "value", None) == 0


def _decides(call: Node) -> bool:
    """Tell whether a test lets something pass or stops it."""
    for around in ancestors(call):
        if isinstance(around, If | Conditional | Return):
            return True
        if not isinstance(around, Binary | Unary | Call | Comprehension):
            return False
    return False


def _only_shortens(call: Call) -> bool:
    """Tell whether a path is only told in fewer letters where it is inside, and nothing stops it where it is not."""
    inner: Node = call
    for around in ancestors(call):
        if isinstance(around, Unary):
            return False
        if isinstance(around, If | Conditional):
            inside, outside = (
                (around.body, around.orelse) if isinstance(around, If) else ([around.then], [around.other])
            )
            function = function_of(around)
            stops = function is None or any(_refuses(one) for one in walk([*outside, *function.body]))
            return inner is around.test and not stops and any(_shortens(one) for one in walk(inside))
        inner = around
    return False


def _refuses(node: Node) -> bool:
    """Tell whether a node throws, or answers with no or nothing."""
    value = strip(node.value) if isinstance(node, Return) and node.value is not None else None
    return isinstance(node, Throw) or (isinstance(value, Literal) and value.value in (None, False))


def _shortens(node: Node) -> bool:
    """Tell whether a node gives what stands behind the beginning of a path."""
    if isinstance(node, Index):
        return isinstance(node.key, Opaque)
    return isinstance(node, Call) and node.name in _REST


def _asked_for_separator(module: Module, call: Call, folder: Expr) -> bool:
    """Tell whether a test is only made where the folder ends with a separator."""
    said = module.text_of(folder)
    return any(
        asked.name in ("endsWith", "endswith") and asked.receiver is not None and module.text_of(asked.receiver) == said
        for condition in conditions(call)
        for asked in find(condition.test, Call)
    )


def _ended_by_choice(module: Module, folder: Expr) -> bool:
    """Tell whether a folder gets a separator where it has none: ``root.endsWith(sep) ? root : root + sep``."""
    made = module.scopes.origin(folder)
    return isinstance(made, Conditional) and any(one.name in ("endsWith", "endswith") for one in find(made.test, Call))


def _says_ended(module: Module, whole: Expr) -> bool:
    """Tell whether a path is given a separator at its end, to be compared with folders that have one, too."""
    made = module.scopes.origin(whole)
    return isinstance(made, Call) and {"trailing", "slash", "separator"} & set(words(made.name)) != set()


def _is_made_path(module: Module, expr: Expr) -> bool:
    """Tell whether a text is what a function that makes paths gave."""
    return is_path_maker(seen_through(module, expr))


def _is_folder(module: Module, expr: Expr, *, sure: bool) -> bool:
    """Tell whether a prefix is a folder's path that no separator ends."""
    made = seen_through(module, expr)
    if isinstance(made, Literal):
        text = made.value if isinstance(made.value, str) else ""
        return sure and text.startswith(_SEPARATORS) and not text.endswith(_SEPARATORS) and len(text) > 1
    if isinstance(made, Binary | Template):
        return False
    if isinstance(made, Call):
        if not is_path_maker(made):
            return False
        if made.name in ("join", "normalize") and made.args and _ended_in_list(module, made.args[-1]):
            return False
        return not (made.args and _ends_with_separator(module, made.args[-1]) and made.name in ("join", "normalize"))
    named = strip(expr)
    about_folder = isinstance(named, Name | Member) and bool(set(last_words(named)) & _FOLDERS)
    return about_folder and (sure or isinstance(made, Param))


def _ended_in_list(module: Module, expr: Expr) -> bool:
    """Tell whether a path is one of a list that keeps only those with a separator at the end."""
    chain = _list_of(module, expr)
    for _ in range(_MOST_LINKS):
        if not isinstance(chain, Call):
            return False
        kept = strip(chain.args[0]) if chain.name == "filter" and chain.args else None
        if isinstance(kept, Function) and any(call.name == "endsWith" for call in calls_in(kept.body)):
            return True
        chain = strip(chain.receiver) if chain.receiver is not None else None
    return False


def _list_of(module: Module, expr: Expr) -> Expr | None:
    """Return the list that a value is one of: what a loop runs over, or what hands it to a function."""
    bound = module.scopes.lookup(expr.id, expr) if isinstance(expr, Name) else []
    only = bound[0] if len(bound) == 1 else None
    if isinstance(only, For):
        return strip(only.iterable) if only.iterable is not None else None
    each = only.parent if isinstance(only, Param) else None
    call = each.parent if isinstance(each, Function) else None
    return strip(call.receiver) if isinstance(call, Call) and call.receiver is not None else None


def _ends_with_separator(module: Module, expr: Node) -> bool:
    made = module.scopes.origin(expr) if isinstance(expr, Expr) else None
    if isinstance(made, Literal):
        return isinstance(made.value, str) and (made.value.endswith(_SEPARATORS) or not made.value)
    return isinstance(made, Member) and made.name == "sep"
