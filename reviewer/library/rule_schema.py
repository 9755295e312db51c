"""What the front matter of a rule file may say, and what each key means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from reviewer.core.experts import EXPERTS, RULE_PREFIXES
from reviewer.core.scale import Confidence, Severity
from reviewer.library.match_schema import check_match
from reviewer.library.tables import Key, check_table, shown

if TYPE_CHECKING:
    from reviewer.library.frontmatter import Page
    from reviewer.library.mistakes import Mistakes

KINDS: Final = ("plugin", "host", "registry", "design")
LANGUAGES: Final = ("javascript", "typescript", "python")
STATUSES: Final = ("stable", "preview", "deprecated")
KEBAB: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
QUESTION_ID: Final = r"[A-Z]{2,8}[1-9][0-9]{0,3}"

_RULE_ID: Final = r"[A-Z]{2,8}[0-9]{1,6}"
_OUR_ID: Final = r"[A-Z]{3}[0-9]{3}"
_VERSION: Final = r"\d+\.\d+\.\d+"
_LINE: Final = r"[^\n]+"
_REFERENCE: Final = r"CWE-\d+|CVE-\d{4}-\d{4,}|https://[^\s]+|(?!(?i:cwe|cve|http))[^\n]+"

_RULE_KEYS: Final = (
    Key("id", "text", 'id = "SEC014"', True, pattern=_RULE_ID, means="2 to 8 capital letters and a number"),
    Key("name", "text", 'name = "fail-open-permission-check"', True, pattern=KEBAB,
        means="lower-case words with hyphens"),
    Key("expert", "text", 'expert = "security"', True, choices=EXPERTS),
    Key("severity", "text", 'severity = "high"', True, choices=tuple(map(str, reversed(Severity)))),
    Key("confidence", "text", 'confidence = "likely"', True, choices=tuple(map(str, reversed(Confidence)))),
    Key("status", "text", 'status = "stable"', True, choices=STATUSES),
    Key("since", "text", 'since = "0.1.0"', True, pattern=_VERSION, means="a version of three numbers"),
    Key("fix", "text", 'fix = "Return true only for an exact grant."', True, pattern=_LINE, means="one line"),
    Key("checklist", "texts", 'checklist = ["SEC4"]', pattern=QUESTION_ID, means="ids of checklist items"),
    Key("references", "texts", 'references = ["CWE-636"]', pattern=_REFERENCE,
        means="CWE-<number>, CVE-<year>-<number>, an https:// address or a title"),
    Key("more-specific-than", "texts", 'more-specific-than = ["SEC009"]', pattern=_RULE_ID,
        means="ids of rules"),
    Key("guide", "numbers", "guide = [6]", choices=tuple(range(1, 14)),
        means="sections of the reference model of a plugin system"),
    Key("style", "flag", "style = true"),
    Key("applies-to", "table", '[applies-to] with kind = ["host"]'),
    Key("match", "table", '[match] with kind = "call"'),
)  # fmt: skip

_APPLIES_KEYS: Final = (
    Key("kind", "texts", 'kind = ["host"]', choices=KINDS),
    Key("language", "texts", 'language = ["typescript"]', choices=LANGUAGES),
    Key("ecosystem", "texts", 'ecosystem = ["generic"]', pattern=KEBAB, means="names of ecosystems"),
    Key("trust", "numbers", "trust = [1, 2]", choices=(1, 2, 3)),
)

SMALLEST_MATCH: Final = '[match] with kind = "import", modules = ["vm2"], message = "{module} is no boundary."'


def check_rule(page: Page, file_name: str, mistakes: Mistakes, *, own: bool) -> bool:
    """Check the whole front matter of a rule; ``own`` marks a rule that does not ship with the product."""
    before = len(mistakes)
    if not check_table(page.data, _RULE_KEYS, page, mistakes):
        _check_parts(page, mistakes)
        return False
    _check_parts(page, mistakes)
    _check_id(page, file_name, mistakes, own=own)
    if page.data["id"] in page.data.get("more-specific-than", ()):
        line = page.lines.line("more-specific-than")
        mistakes.add(page.path, line, "more-specific-than names the rule itself")
    return len(mistakes) == before


def _check_parts(page: Page, mistakes: Mistakes) -> None:
    """Check the two tables inside the front matter, where they are tables."""
    applies = page.data.get("applies-to")
    if isinstance(applies, dict):
        check_table(applies, _APPLIES_KEYS, page, mistakes, ("applies-to",))
    match = page.data.get("match")
    if isinstance(match, dict):
        check_match(match, page, mistakes)


def _check_id(page: Page, file_name: str, mistakes: Mistakes, *, own: bool) -> None:
    """Check that id, expert and file name belong together."""
    identity, name, expert = page.data["id"], page.data["name"], page.data["expert"]
    line = page.lines.line("id")
    prefix = re.sub(r"\d+$", "", identity)
    if own and prefix in RULE_PREFIXES:
        text = f"id is {shown(identity)}; {prefix} belongs to the rules that ship; choose letters of your own"
        mistakes.add(page.path, line, f'{text}, for example id = "ACME001"')
    elif not own and (prefix not in RULE_PREFIXES or not re.fullmatch(_OUR_ID, identity)):
        mistakes.add(page.path, line, f"id is {shown(identity)}; expected {_prefix_of(expert)} and three digits")
    elif not own and RULE_PREFIXES[prefix] != expert:
        text = f"expert is {shown(expert)}, but {identity} belongs to {RULE_PREFIXES[prefix]}"
        mistakes.add(page.path, page.lines.line("expert"), text)
    if file_name != f"{identity}-{name}.md":
        mistakes.add(page.path, line, f"the file of this rule must be named {identity}-{name}.md")


def _prefix_of(expert: str) -> str:
    """Return the id prefix of an expert."""
    return next(prefix for prefix, name in RULE_PREFIXES.items() if name == expert)
