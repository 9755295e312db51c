"""Reads the ``checklist.toml`` of a skill."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from reviewer.core.checklist import Question
from reviewer.core.experts import EXPERTS, RULE_PREFIXES
from reviewer.library.rule_schema import KINDS, QUESTION_ID
from reviewer.library.tables import Key, check_table, described, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.library.frontmatter import Page
    from reviewer.library.mistakes import Mistakes

NEEDS: Final = ("manifest", "code")
_EXAMPLE: Final = "[[item]] with id, question, kinds, automatic, evidence"
_ITEM_KEYS: Final = (
    Key("id", "text", 'id = "SEC4"', True, pattern=QUESTION_ID, means="2 to 8 capital letters and a number"),
    Key("expert", "text", 'expert = "security"', choices=EXPERTS),
    Key("question", "text", 'question = "Is what is not granted denied?"', True, pattern=r"[^\n]+\?",
        means="a question that ends in ?"),
    Key("kinds", "texts", 'kinds = ["host"]', True, choices=KINDS),
    Key("automatic", "flag", "automatic = true", True),
    Key("evidence", "text", 'evidence = "every function that answers whether an action is allowed"', True),
    Key("needs", "texts", 'needs = ["code"]', choices=NEEDS),
)  # fmt: skip


def read_checklist(path: str, text: str, mistakes: Mistakes, *, own: bool = False) -> tuple[Question, ...]:
    """Read a checklist; items with mistakes are left out and noted.

    An item of the product belongs to the expert of its prefix; one of the user's own has
    letters of its own and names its expert.
    """
    from reviewer.library.frontmatter import toml_file

    page = toml_file(path, text, mistakes)
    if page is None:
        return ()
    if not check_table(page.data, (Key("item", "tables", _EXAMPLE, required=True),), page, mistakes):
        return ()
    return tuple(_questions(page, page.data["item"], mistakes, own=own))


def _questions(page: Page, items: list[dict[str, Any]], mistakes: Mistakes, *, own: bool) -> Iterator[Question]:
    """Yield the items that have no mistakes."""
    for index, item in enumerate(items):
        before = len(mistakes)
        if check_table(item, _ITEM_KEYS, page, mistakes, ("item", index)):
            expert = _expert(page, item, index, mistakes, own=own)
            if item["automatic"] and not item.get("needs"):
                text = 'an automatic item says what must have been looked at, for example needs = ["code"]'
                mistakes.add(page.path, page.lines.line("item", index), text)
            if len(mistakes) == before:
                yield Question(
                    id=item["id"],
                    expert=expert,
                    question=item["question"],
                    kinds=tuple(item["kinds"]),
                    automatic=item["automatic"],
                    evidence=item["evidence"],
                    needs=tuple(item.get("needs", ())),
                )


def _expert(page: Page, item: dict[str, Any], index: int, mistakes: Mistakes, *, own: bool) -> str:
    """Return the expert of an item, and note where id and expert don't fit."""
    prefix = re.sub(r"\d+$", "", item["id"])
    line = page.lines.line("item", index, "id")
    named = item.get("expert", "")
    if own:
        if prefix in RULE_PREFIXES:
            text = f"id is {shown(item['id'])}; {prefix} belongs to the items that ship"
            mistakes.add(page.path, line, f"{text}; choose letters of your own")
        if not named:
            mistakes.add(page.path, line, '"expert" is missing; write for example expert = "security"')
        return str(named)
    if prefix not in RULE_PREFIXES:
        text = f"id is {shown(item['id'])}; expected one of {', '.join(RULE_PREFIXES)} and a number"
        mistakes.add(page.path, line, text)
    elif named and named != RULE_PREFIXES[prefix]:
        text = f"expert is {described(named)}, but {item['id']} belongs to {RULE_PREFIXES[prefix]}"
        mistakes.add(page.path, page.lines.line("item", index, "expert"), text)
    return RULE_PREFIXES.get(prefix, "")
