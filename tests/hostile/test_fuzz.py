"""Damaged plugins and rule files: whatever is cut, doubled or swapped, no check fails and no reader raises.

``REVIEWER_FUZZ=5000 pytest tests/hostile/test_fuzz.py`` runs longer than the gate does.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer import resources
from reviewer.core.errors import ReviewerError
from reviewer.engine.looking.watch import Unwatched
from reviewer.engine.plan import Plan, jobs_of
from reviewer.engine.request import Request
from reviewer.engine.root_review import review_root
from reviewer.library.mistakes import Mistakes
from reviewer.library.rule_file import read_rule

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ROUNDS = int(os.environ.get("REVIEWER_FUZZ", "30"))
FEW = settings(
    max_examples=ROUNDS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize="REVIEWER_FUZZ" not in os.environ,
)
SEEDS = [
    path
    for name in ("flawed-host/src", "flawed-ts/src", "flawed-py", "good-py", "good-ts/src")
    for path in sorted((EXAMPLES / name).rglob("*"))
    if path.suffix in (".ts", ".py", ".js") and path.stat().st_size < 12_000
]
MANIFESTS = sorted(EXAMPLES.glob("*/plugin.json"))
RULES = sorted((resources.skills() / "security" / "rules").glob("*.md"))
TOKENS = st.sampled_from(
    "( ) { } [ ] , ; : . => ` ${ ' \" /* // # \\ \n \t @ * ** ... async await yield class def return new null None true \0 \u202e \ud83d = + - ? ! & | < >".split(
        " "
    )
)


@st.composite
def damaged(draw: st.DrawFn, seeds: list[Path]) -> tuple[str, str]:
    """Return the name of a file and its text after a few cuts, doublings, swaps and insertions."""
    seed = draw(st.sampled_from(seeds))
    text = seed.read_text("utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, max(len(text) - 1, 0)))
        end = min(start + draw(st.integers(0, 200)), len(text))
        piece = text[start:end]
        kind = draw(st.sampled_from(["cut", "double", "move", "insert", "rename"]))
        if kind == "cut":
            text = text[:start] + text[end:]
        elif kind == "double":
            text = text[:end] + piece + text[end:]
        elif kind == "move":
            other = draw(st.integers(0, len(text)))
            text = text[:other] + piece + text[other:]
        elif kind == "insert":
            text = text[:start] + "".join(draw(st.lists(TOKENS, max_size=4))) + text[start:]
        else:
            words = piece.split()
            text = (
                text.replace(words[0], draw(st.sampled_from(["x", "this", "context", "self", ""]))) if words else text
            )
    return seed.name, text[:40_000]


@FEW
@given(damaged(SEEDS), damaged(MANIFESTS), st.sampled_from(["plugin", "host", ""]))
def test_a_damaged_plugin_is_reviewed_without_a_check_that_fails(source, manifest, kind):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, source[0]).write_text(source[1], "utf-8", "surrogatepass")
        Path(folder, "plugin.json").write_text(manifest[1], "utf-8", "surrogatepass")
        (job,) = jobs_of(Plan((folder,), Request(kind=kind, strictness="auditor", untrusted=True), survey=True))
        try:
            result = review_root(job, Unwatched())
        except ReviewerError:
            return
    for reviewed in result.reviewed:
        assert [problem for problem in reviewed.review.errors if "failed" in problem.message] == []


@FEW
@given(damaged(RULES))
def test_a_damaged_rule_file_is_a_rule_or_a_list_of_mistakes(page):
    name, text = page
    mistakes = Mistakes()
    rule = read_rule(f"skills/security/rules/{name}", text, mistakes)
    assert rule is not None or len(mistakes) > 0
