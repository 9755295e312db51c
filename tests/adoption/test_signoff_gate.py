"""What people signed counts as long as it holds: not after its day, not once the evidence has changed, never against the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reviewer.engine.signoff.evidence import digest_of, digests
from tests.adoption.conftest import LEAK, Ran, Repository

FILE = ".reviewer/signoff.toml"
MENDED = LEAK.replace("context.eventBus.on", "this.off = context.eventBus.on").replace(
    "async deactivate() {}", "async deactivate() { this.off?.(); }"
)


def item(done: Ran, name: str) -> dict[str, Any]:
    """Return the answer to a question."""
    (found,) = [one for one in done.report["reviews"][0]["checklist"] if one["id"] == name]
    return dict(found)


def sign(repository: Repository, *words: str) -> Ran:
    """Sign as Ada, for a reason."""
    return repository.call("signoff", *words, "--who", "Ada", "--why", "compared by hand")


def test_an_answer_stands_in_the_checklist_until_its_evidence_changes(gauge: Repository):
    assert item(gauge.review(), "API7")["status"] == "not assessed"
    signed = sign(gauge, "API7", "--evidence", "plugin.js", "--until", "2199-01-01")
    assert (signed.code, "API7: pass, signed by Ada, until 2199-01-01" in signed.out) == (0, True)
    found = item(gauge.review(), "API7")
    assert (found["status"], "signed by Ada" in found["evidence"][0]) == ("pass", True)
    gauge.write("README.md", "other files are no evidence")
    assert item(gauge.review(), "API7")["status"] == "pass"
    gauge.write("plugin.js", LEAK + "// changed\n")
    found = item(gauge.review(), "API7")
    assert (found["status"], "plugin.js changed since" in found["evidence"][-1]) == ("not assessed", True)


def test_an_answer_ends_with_its_day_and_is_taken_back_by_open(gauge: Repository):
    sign(gauge, "API7", "--until", "2020-01-01")
    found = item(gauge.review(), "API7")
    assert (found["status"], "expired" in found["evidence"][-1]) == ("not assessed", True)
    sign(gauge, "API7", "--status", "not-applicable")
    assert item(gauge.review(), "API7")["status"] == "not applicable"
    sign(gauge, "API7", "--status", "open")
    assert item(gauge.review(), "API7")["status"] == "not assessed"


def test_without_named_evidence_any_change_but_signing_reopens(gauge: Repository):
    sign(gauge, "API7")
    sign(gauge, "FUN6")
    assert item(gauge.review(), "API7")["status"] == "pass"
    gauge.write("notes.txt", "anything")
    assert item(gauge.review(), "API7")["status"] == "not assessed"


def test_the_gate_asks_for_what_nobody_answered_and_takes_no_for_an_answer(gauge: Repository):
    gauge.write("plugin.js", MENDED)
    done = gauge.review("--expert", "api", "--require-signoff")
    assert done.code == 1
    waiting = [one["id"] for one in done.report["reviews"][0]["checklist"] if one["status"] == "not assessed"]
    assert f"{len(waiting)} question" in done.reasons
    for name in waiting:
        assert sign(gauge, name).code == 0
    done = gauge.review("--expert", "api", "--require-signoff")
    assert (done.code, done.findings()) == (0, [])
    sign(gauge, "API7", "--status", "fail")
    done = gauge.review("--expert", "api", "--require-signoff")
    assert (done.code, "answered with fail: API7" in done.reasons) == (1, True)
    assert gauge.review("--expert", "api", "--require-signoff", "--fail-on", "none").code == 0


def test_a_claim_that_the_code_contradicts_is_an_error(gauge: Repository):
    failing = [one["id"] for one in gauge.review().report["reviews"][0]["checklist"] if one["status"] == "fail"]
    sign(gauge, failing[0])
    done = gauge.review("--fail-on", "critical")
    (found,) = [one for one in done.report["reviews"][0]["findings"] if one["rule"] == "FUN093"]
    assert (found["path"], found["severity"]) == (FILE, "high")
    assert f"Ada signed {failing[0]} as pass, and the code says no" in found["message"]
    assert (done.code, item(done, failing[0])["status"]) == (1, "fail")
    assert "the code says no" in done.reasons


def test_a_waived_finding_does_not_gate_until_its_day_or_until_the_code_is_another(gauge: Repository):
    (leak,) = [one for one in gauge.review().report["reviews"][0]["findings"] if one["rule"] == "LIF001"]
    assert "until" in sign(gauge, leak["fingerprint"]).err, "a waiver has to end"
    assert sign(gauge, leak["fingerprint"][:12], "--until", "2000-01-01").code == 0
    assert sign(gauge, "LIF001:plugin.js:4", "--until", "2199-01-01").code == 0, "of two waivers the last counts"
    done = gauge.review()
    assert (done.code, done.findings("waiver")) == (0, [("LIF001", "plugin.js", 4)])
    assert "1 finding waived in the sign-off" in done.reasons
    gauge.write("plugin.js", LEAK.replace("tide.turned", "tide.changed"))
    done = gauge.review("--strictness", "pedantic")
    assert ("LIF001", "plugin.js", 4) in done.findings()
    assert any(rule == "FUN090" and path == FILE for rule, path, _line in done.findings()), "the waiver is idle"


def test_an_expired_waiver_is_itself_a_finding(gauge: Repository):
    (leak,) = [one for one in gauge.review().report["reviews"][0]["findings"] if one["rule"] == "LIF001"]
    sign(gauge, leak["fingerprint"], "--until", "2020-01-01")
    done = gauge.review()
    assert {rule for rule, _path, _line in done.findings()} == {"LIF001", "FUN092"}
    assert done.code == 1


def test_a_sign_off_inside_an_untrusted_subject_is_listed_and_not_read(gauge: Repository, tmp_path: Path):
    gauge.write(FILE, "this is no TOML [")
    assert gauge.review().code == 2
    done = gauge.review("--untrusted")
    assert (done.code, done.report["reviews"][0]["ignored"]) == (1, [f"{FILE}: sign-off"])
    (gauge.folder / FILE).unlink()
    outside = tmp_path / "ours.toml"
    assert gauge.call("signoff", "API7", "--who", "Ada", "--why", "read", "--signoff", str(outside)).code == 0
    done = gauge.run(
        "review", str(gauge.folder), "--untrusted", "--signoff", str(outside), "--format", "json", "--expert", "api"
    )
    assert item(done, "API7")["status"] == "pass", "what lies outside is the reviewer's own"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("API77", "--why", "x", "--who", "A"), "did you mean 'API7'?"),
        (("API7", "--who", "A"), "needs --why"),
        (("API7", "--why", "x", "--who", "A", "--status", "waived"), "--until 2027-05-31"),
        (("API7", "--why", "x", "--who", "A", "--until", "soon"), "expected a day"),
        (("API7", "--why", "x", "--who", "A", "--evidence", "../other"), "../other has no digest"),
        (
            ("LIF001:plugin.js:5", "--why", "x", "--who", "A", "--until", "2199-01-01"),
            "name it as LIF001:src/plugin.js:4",
        ),
        (("API7", "--why", "x", "--who", "A", "--status", "pas"), "did you mean 'pass'?"),
        (("0123456789abcdef", "--why", "x", "--who", "A", "--until", "2199-01-01"), "finds no '0123456789abcdef'"),
    ],
)
def test_what_is_missing_or_unknown_is_told_and_nothing_is_written(
    gauge: Repository, words: tuple[str, ...], said: str
):
    done = gauge.call("signoff", *words)
    assert (done.code, said in done.err) == (2, True), done.err
    assert not (gauge.folder / FILE).exists()


def test_a_maturity_that_is_not_reached_names_what_is_missing(gauge: Repository):
    gauge.write("host.js", "export class PluginLoader { load(id) { return import(id); } }\n")
    done = gauge.review("--kind", "host", "--require-maturity", "2", "--fail-on", "low")
    assert (done.code, "maturity 2 is required" in done.reasons, "missing: " in done.reasons) == (1, True, True)
    done = gauge.review("--require-maturity", "1")
    assert "no host was reviewed" in done.reasons
    assert gauge.review("--require-maturity", "4").code == 2
    gauge.write("reviewer.toml", "require-maturity = 7\n")
    assert "for example: require-maturity = 2" in gauge.review().err


def test_evidence_is_never_read_through_a_link(tmp_path: Path):
    (tmp_path / "subject").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "subject/link").symlink_to(tmp_path / "secret")
    (tmp_path / "subject/folder").symlink_to(tmp_path)
    subject = tmp_path / "subject"
    assert [digest_of(subject, path) for path in ("link", "folder/secret", "../secret", "/etc/passwd", "none")] == [
        ""
    ] * 5
    assert digests(subject, ())[0][0] == "."
