"""The slash prompt: what it completes, how it reads a line, and what it makes of plain words."""

from __future__ import annotations

import pytest

from reviewer.commands.registry import COMMANDS
from reviewer.core.errors import UsageError
from reviewer.tui.prompt.completion import Known, choices, usage
from reviewer.tui.prompt.line import command_line, read
from reviewer.tui.prompt.own import ALL, OWN
from reviewer.tui.prompt.paths import complete_path
from reviewer.tui.prompt.routing import understand
from reviewer.tui.screens.catalogue import CatalogueScreen
from reviewer.tui.screens.document import DocumentScreen

KNOWN = Known({"SEC014": "live-policy-exposed", "LIF003": "timer-not-cleared"}, ("nord", "reviewer-dark"))


def labels(line: str) -> list[str]:
    return [choice.label for choice in choices(line, KNOWN)]


def test_every_command_of_the_registry_is_offered_before_those_of_the_application():
    assert labels("/")[: len(COMMANDS)] == [f"/{command.slash}" for command in COMMANDS]
    assert labels("/")[len(COMMANDS) :] == [f"/{command.slash}" for command in OWN]


def test_commands_are_found_by_beginnings_first_and_by_letters_in_order():
    assert labels("/ex") == ["/explain", "/export", *labels("/ex")[2:]]
    assert "/review-plugin" in labels("/rvp")
    assert labels("/zzzz") == []
    assert choices("no slash", KNOWN) == []


def test_rules_themes_options_and_their_values_are_completed():
    assert labels("/explain timer") == ["LIF003"]
    assert labels("/theme no") == ["nord"]
    assert "--expert" in labels("/review-plugin . --ex")
    assert labels("/review-plugin . --expert se") == ["security"]
    assert labels("/review-plugin . lif") == ["lifecycle"]
    assert labels("/checklist --kind ho") == ["host"]
    assert "sarif" in labels("/export s")


def test_paths_are_completed_folders_first_and_quoted_where_they_must_be(place):
    (place / "alpha.js").write_text("")
    (place / "album").mkdir()
    (place / "al so").mkdir()
    (place / ".hidden").mkdir()
    (place / "al\x1b[31mred").mkdir()
    assert [choice.word for choice in complete_path("al")] == ["'al so/'", "album/", "alpha.js"]
    assert [choice.word for choice in complete_path(".h")] == [".hidden/"]
    assert complete_path("nowhere/x") == []
    (line,) = [choice.line for choice in choices("/review-plugin alb", KNOWN)]
    assert line == "/review-plugin album/"


def test_the_usage_of_a_command_stands_below_its_line():
    assert usage("/explain SEC014") == "/explain RULE [--option…]  show the page of a rule"
    assert usage("/nothing") == ""


def test_a_line_is_read_as_the_command_line_reads_it(place):
    (place / "gauge").mkdir()
    typed = read("/review-plugin gauge security --fail-on low")
    assert typed.command.name == "review"
    assert typed.arguments["paths"] == ("gauge",)
    assert typed.arguments["experts"] == ("security",)
    assert typed.arguments["fail_on"] == "low"
    line = command_line(typed.command, "/review-plugin gauge security --fail-on low")
    assert line == "reviewer review gauge --expert security --fail-on low"


def test_a_stack_stands_bare_behind_the_guide(place):
    (place / "host").mkdir()
    arguments = read("/integration-guide host web-worker").arguments
    assert (arguments["spec"], arguments["stack"]) == ("host", "web-worker")


def test_a_file_that_is_called_like_an_expert_is_a_file(place):
    (place / "security").mkdir()
    assert read("/review-plugin security").arguments["paths"] == ("security",)
    assert read("/review-plugin security").arguments["experts"] == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/revew-plugin .", "did you mean 'review-plugin'"),
        ("/review-plugin --exprt x", "did you mean '--expert'"),
        ("/review-plugin 'open", "close the quote"),
        ("/export sarf x", "did you mean 'sarif'"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_the_nearest_right_word(line, said):
    with pytest.raises(UsageError) as caught:
        read(line)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("who may read secrets?", "/review-plugin . --request 'who may read secrets?'"),
        ("please audit this", "/security-audit"),
        ("I am designing a plugin system", "/design-plugin"),
        ("show me the checklist", "/checklist"),
    ],
)
def test_plain_words_lead_to_the_command_that_would_act(text, line):
    from reviewer.engine.knowledge import library_of

    assert understand(text, library_of()).line == line


def test_plain_words_choose_the_experts_as_the_command_line_does():
    from reviewer.engine.knowledge import library_of

    understood = understand("which timers leak when a plugin is deactivated", library_of(pages=True))
    assert [step.expert for step in understood.steps] == ["lifecycle"]
    assert "the request says" in understood.steps[0].why
    assert "LIF003" in [hit.name for hit in understood.hits]


async def test_tab_takes_a_choice_and_enter_on_a_beginning_completes_it(opened):
    async with opened() as hand:
        await hand.ready()
        prompt = hand.app.home.prompt
        await hand.write("/expl")
        assert prompt.rows.scrollable_content_region.height == 1, "what may come next is not seen"
        await hand.press("tab")
        assert prompt.input.value == "/explain "
        await hand.write("LIF003")
        await hand.press("enter")
        await hand.until(lambda: isinstance(hand.app.screen, CatalogueScreen))
        assert hand.app.screen.current.key == "LIF003"
        assert "timer-not-cleared" in hand.text


async def test_the_arrows_go_through_what_was_typed_before(opened):
    async with opened() as hand:
        await hand.run("/help")
        await hand.press("escape")
        await hand.run("/theme nord")
        prompt = hand.app.home.prompt
        await hand.write("half")
        await hand.press("up")
        assert prompt.input.value == "/theme nord"
        await hand.press("up")
        assert prompt.input.value == "/help"
        await hand.press("down", "down")
        assert prompt.input.value == "half"
    async with opened() as hand:
        await hand.press("up")
        assert hand.app.home.prompt.input.value == "/theme nord"


async def test_a_question_shows_who_answers_what_is_known_and_what_would_act(opened):
    async with opened() as hand:
        screen = await hand.catalogue("which timers leak when a plugin is deactivated")
        groups = {row.label for row in screen.query_one("#catalogue-list").rows if row.is_heading}
        assert groups == {"what would act", "who answers", "what is known"}
        assert "lifecycle" in hand.text
        await hand.press("f")
        await hand.write("timer-not-cleared")
        await hand.press("enter")
        await hand.until(lambda: "What it finds" in hand.text, "the page of the rule is not shown")


async def test_the_help_of_every_command_is_a_document(opened):
    async with opened() as hand:
        await hand.ready()
        for command in ALL:
            hand.app.run_line(f"/{command.slash} --help")
            await hand.until(lambda: isinstance(hand.app.screen, DocumentScreen))
            assert command.summary[:40] in " ".join(hand.text.split())
            await hand.press("escape")


async def test_a_wrong_line_is_said_and_nothing_else_happens(opened):
    async with opened() as hand:
        await hand.run("/revew-plugin .")
        await hand.until(lambda: any("did you mean 'review-plugin'" in said for said in hand.said))
        assert hand.app.screen is hand.app.home
