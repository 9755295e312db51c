"""Characters that can't be seen, in sources and in tests that show them on purpose."""

import pytest

SOURCE = "export const level = 'user\u202e // admins';\n"


@pytest.mark.parametrize(("path", "confidence"), [("src/gate.js", "likely"), ("test/rules/gate.js", "possible")])
def test_hidden_characters_have_less_weight_in_a_test(path, confidence, tmp_path, review):
    file = tmp_path / "plugin" / path
    file.parent.mkdir(parents=True)
    file.write_text(SOURCE, encoding="utf-8")
    _, report = review("--auditor", "--select", "SEC081", tmp_path / "plugin")
    told = [(f["path"], f["confidence"]) for one in report["reviews"] for f in one["findings"]]
    assert told == [(path, confidence)]
