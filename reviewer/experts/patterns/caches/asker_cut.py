"""PAT001: a key takes some members of the record that says who asks, and leaves out for whom that one asks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from reviewer.code.syntax import Param
from reviewer.code.text.words import words
from reviewer.experts.check import Match, module_check
from reviewer.experts.data.messages import short
from reviewer.experts.paths import word_set
from reviewer.experts.patterns.asker_record import left_out
from reviewer.experts.patterns.feeds import feeds
from reviewer.experts.patterns.inner_memos import inner_memos
from reviewer.experts.patterns.memos import memos
from reviewer.experts.patterns.missing import answers, computed, keeps_instances, unique_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.code.module import Module
    from reviewer.experts.check import Inquiry
    from reviewer.experts.patterns.memos import Memo

_TELLS_ALL: Final = word_set("id key uuid guid hash digest token session fingerprint")
"""Words of a member that tells the whole record from all others."""


@module_check("PAT001", words=())
def asker_cut(inquiry: Inquiry, module: Module) -> Iterator[Match]:
    """Look at each kept result that is worked out for a whole record, and kept by some members of it."""
    if module.is_test:
        return
    said: set[int] = set()
    for memo in (*memos(inquiry, module), *inner_memos(module)):
        if not (memo.reads and answers(module, memo)) or keeps_instances(memo) or not computed(memo):
            continue
        cut = _cut(inquiry, module, memo)
        if cut is None or id(memo.key) in said or unique_key(module, memo):
            continue
        said.add(id(memo.key))
        param, left = cut
        yield Match(
            memo.key_place(),
            f"The result kept in '{short(memo.name)}' is worked out for '{param.name}', and the key leaves out "
            f"'{param.name}.{left}': the next one is answered with what was meant for the first.",
            related=((memo.node, "kept here"),),
        )


def _cut(inquiry: Inquiry, module: Module, memo: Memo) -> tuple[Param, str] | None:
    """Return the record that is handed on whole, and the member of it by which its owner is told."""
    told: defaultdict[int, set[str]] = defaultdict(set)
    whole: set[int] = set()
    for feed in feeds(module, memo.key, memo.holder):
        if isinstance(feed.root, Param) and feed.path:
            told[id(feed.root)].add(feed.path[0])
        else:
            whole.add(id(feed.root))
    for feed in feeds(module, memo.value) if told else ():
        root = feed.root
        if not isinstance(root, Param) or feed.path or feed.local != root.name or id(root) in whole:
            continue
        used = told[id(root)]
        if used and not any(_TELLS_ALL & set(words(one)) for one in used):
            left = left_out(inquiry, module, root, used)
            if left:
                return root, left
    return None
