"""API270: a command runs a shell block that its own list of tools does not allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.core.regex import regex
from reviewer.experts.assistant.grants import grants_of
from reviewer.experts.assistant.orders import blocks_of
from reviewer.experts.assistant.parts import parts_of
from reviewer.experts.check import Match, subject_check
from reviewer.experts.data.messages import short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.check import Inquiry

_PARTS: Final = regex(r"&&|\|\||[|;\n]")
_SET: Final = regex(r"[A-Za-z_]\w{0,60}=")
_BUILT_IN: Final = frozenset(
    "echo cd pwd true false test [ [[ printf exit : head tail cat ls grep wc sort uniq cut tr find which whoami date "
    "basename dirname stat file diff sed awk jq xargs sleep uname hostname tee".split()
)
"""What changes nothing by itself: the assistant asks nobody about it, or about what it is piped into."""
_READS: Final = regex(
    r"git\s+(?:-C\s+\S+\s+)?(?:status|log|diff|show|branch|rev-parse|remote|describe|blame|ls-files|config|tag|stash)\b"
)
"""Uses of git that only read."""
_NO_PROGRAM: Final = "$({`\"'-><"
"""Signs that a word begins with which is no name of a program."""


@subject_check("API270")
def block_not_granted(inquiry: Inquiry) -> Iterator[Match]:
    """Hold the program of every block against the grants of its page."""
    for page in parts_of(inquiry).of("command", "skill"):
        if page.get("allowed-tools") is None:
            continue
        grants = [grant for grant in grants_of(page) if grant.tool in ("Bash", "*")]
        programs = {grant.program for grant in grants}
        if "" in programs:
            continue
        for place, text in blocks_of(page):
            missing = [one for one in _programs(text) if one not in programs]
            if missing:
                granted = ", ".join(grant.text for grant in grants[:5]) or "no Bash at all"
                yield Match(
                    place,
                    f"This runs '{short(missing[0])}', and allowed-tools grants {granted}: the block is refused.",
                    fix=f"Add 'Bash({missing[0]}:*)' to allowed-tools.",
                )


def _programs(text: str) -> Iterator[str]:
    """Yield the programs that a piece of shell text starts, first words alone."""
    for part in _PARTS.split(text):
        words = [word for word in part.split() if not _SET.match(word)]
        if (
            words
            and words[0] not in _BUILT_IN
            and not words[0].startswith(("$", "(", "{", "`", '"', "'", "-", ">", "<"))
        ):
            yield words[0]
