"""The sign-off file is read with every mistake named, and written without losing what a person wrote."""

from __future__ import annotations

import multiprocessing
import tomllib
from pathlib import Path

import pytest

from reviewer.core.errors import UsageError
from reviewer.engine.signoff.entry import SignedAnswer, Waiver
from reviewer.engine.signoff.place import signoff_file, subject_name
from reviewer.engine.signoff.read import read_signoff
from reviewer.engine.signoff.write import record

ANSWER = SignedAnswer("SEC4", "pass", "Ada", "2026-11-27", 'read "all" of it\n\tüber \x1b[31m', "2027-01-31",
                      evidence=(("src/a b.js", "d1g"),))  # fmt: skip
WAIVER = Waiver("LIF001", "plugin.js", "f00", "Bo", "2026-11-27", "mended in 2.0", "2027-01-31", "plugins/a")


def test_what_is_recorded_is_read_again(tmp_path: Path):
    file = tmp_path / ".reviewer" / "signoff.toml"
    record(file, ANSWER)
    held = record(file, WAIVER)
    assert held == read_signoff(file)
    (answer,), (waiver,) = held.answers, held.waivers
    assert (answer.why, answer.evidence, answer.subject) == (ANSWER.why, ANSWER.evidence, ".")
    assert (waiver.fingerprint, waiver.subject) == ("f00", "plugins/a")
    assert file.read_text().splitlines()[answer.line - 1 :][0] in ("[[answer]]", 'item = "SEC4"')
    assert tomllib.loads(file.read_text())["answer"][0]["item"] == "SEC4"
    assert "\x1b" not in file.read_text()


def test_what_a_person_wrote_stays(tmp_path: Path):
    file = tmp_path / "signoff.toml"
    text = '# ours\n[[answer]]\nitem = "A1"\nstatus = "pass"\nwho = "Z"\nwhen = "2026-01-01"\nwhy = "w"   # so'
    file.write_text(text)
    record(file, ANSWER)
    assert file.read_text().startswith(text + "\n")


def test_of_several_answers_the_last_counts_and_open_takes_it_back(tmp_path: Path):
    file = tmp_path / "signoff.toml"
    held = record(file, ANSWER, SignedAnswer("SEC4", "fail", "Bo", "2026-11-28", "no"))
    found = held.answer(".", "SEC4")
    assert found is not None
    assert found.status == "fail"
    assert record(file, SignedAnswer("SEC4", "open", "Bo", "2026-11-29", "again")).answer(".", "SEC4") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[answers]]\n", "did you mean 'answer'?"),
        ('[[answer]]\nitem = "A1"\n', "status is missing"),
        ('[[answer]]\nitem="A"\nstatus="pas"\nwho="x"\nwhen="2026-01-01"\nwhy="y"\n', "did you mean 'pass'?"),
        ('[[answer]]\nitem="A"\nstatus="waived"\nwho="x"\nwhen="2026-01-01"\nwhy="y"\n', "until is missing"),
        ('[[answer]]\nitem="A"\nstatus="pass"\nwho="x"\nwhen="2026-02-30"\nwhy="y"\n', "expected a day"),
        ('[[answer]]\nitem="A"\nstatus="pass"\nwho=""\nwhen="2026-02-01"\nwhy="y"\n', "who: expected a text"),
        ('[[answer]]\nitm="A"\n', "unknown key 'itm'; did you mean 'item'?"),
        ("[answer]\n", "double brackets"),
        ("[[answer]]\nitem = \n", ":2:"),
        ("a." * 9000 + "b = 1\n", "a line of more than"),
    ],
)
def test_every_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str):
    file = tmp_path / "signoff.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as told:
        read_signoff(file)
    assert str(file) in str(told.value)
    assert said in str(told.value)
    with pytest.raises(UsageError):
        record(file, ANSWER)
    assert file.read_text() == text, "a damaged file is left as it is"


def test_an_entry_that_could_not_be_read_again_is_not_written(tmp_path: Path):
    file = tmp_path / "signoff.toml"
    with pytest.raises(UsageError, match="until is missing"):
        record(file, SignedAnswer("SEC4", "waived", "Ada", "2026-11-27", "later"))
    assert not file.exists()


def _record_many(file: Path, who: str) -> None:
    for number in range(15):
        record(file, SignedAnswer(f"{who}{number}", "pass", who, "2026-11-27", "looked"))


def test_two_at_once_lose_nothing(tmp_path: Path):
    file = tmp_path / ".reviewer" / "signoff.toml"
    context = multiprocessing.get_context("fork")
    people = [context.Process(target=_record_many, args=(file, who)) for who in ("A", "B", "C")]
    for one in people:
        one.start()
    for one in people:
        one.join(60)
    assert len(read_signoff(file).answers) == 45
    assert [entry.name for entry in file.parent.iterdir()] == ["signoff.toml"]


def test_it_lies_at_the_nearest_folder_up_to_the_repository(tmp_path: Path):
    (tmp_path / ".git").mkdir()
    plugin = tmp_path / "plugins" / "a"
    plugin.mkdir(parents=True)
    assert signoff_file(plugin) == plugin / ".reviewer" / "signoff.toml"
    record(tmp_path / ".reviewer" / "signoff.toml", ANSWER)
    assert signoff_file(plugin) == tmp_path / ".reviewer" / "signoff.toml"
    assert subject_name(tmp_path, str(plugin)) == "plugins/a"
