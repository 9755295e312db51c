"""Saving a design: what people wrote stays, an answer changes its own line, and nothing is ever half written."""

from __future__ import annotations

import pytest
from designs import EXAMPLES, random_design

from reviewer.blueprint.reading import load_design, read_design
from reviewer.core.errors import UsageError
from reviewer.design.interview import answered, new_design, next_question
from reviewer.design.saving import design_text, plain_design, save, saved_text
from reviewer.design.setting import with_settings

WRITTEN = """\
# The tides of our coast.
host:
  id: com.example.tides   # never changes
  name: Tides
inputs:
  authors: partner        # until we open the marketplace
  # nobody reads versions yet
  plugin_count: 12
goals: [Be right about the sea.]
"""


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("name", ["d.yaml", "d.json"])
def test_a_design_that_is_written_is_read_as_the_same(seed, name):
    design = random_design(seed)
    again, _ = read_design(name, design_text(design, name).encode())
    assert plain_design(again) == plain_design(design)
    assert design_text(again, name) == design_text(design, name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_saving_without_a_change_changes_no_byte(path, tmp_path):
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    save(load_design(copy)[0], copy)
    assert copy.read_bytes() == path.read_bytes()


def test_an_answer_changes_its_own_line_and_a_new_one_is_added_below(tmp_path):
    file = tmp_path / "plugin-design.yaml"
    file.write_text(WRITTEN)
    design = with_settings(load_design(file)[0], ["authors=public", "languages=lua,rust"])
    save(design, file)
    text = file.read_text()
    assert "  authors: public        # until we open the marketplace\n" in text
    assert "  plugin_count: 12\n  languages: [lua, rust]\ngoals:" in text
    assert [line for line in WRITTEN.splitlines() if "authors" not in line] == [
        line for line in text.splitlines() if "authors" not in line and "languages" not in line
    ]
    assert load_design(file)[0].inputs.authors == "public"


def test_a_toml_design_keeps_its_comments_too(tmp_path):
    file = tmp_path / "plugin-design.toml"
    file.write_text('# Ours.\n[host]\nid = "com.example.tides"\nname = "Tides"\n')
    save(with_settings(load_design(file)[0], ["authors=public", "ui=yes"]), file)
    assert file.read_text().endswith('[inputs]\nauthors = "public"\nui = true\n')
    assert file.read_text().startswith("# Ours.\n")
    assert load_design(file)[0].inputs.ui is True


def test_what_can_not_be_saved_without_losing_a_comment_is_refused_and_the_file_stays(tmp_path):
    file = tmp_path / "plugin-design.yaml"
    file.write_text(WRITTEN)
    with pytest.raises(UsageError, match="without losing your comments"):
        save(with_settings(load_design(file)[0], ["boundary=B4"]), file)
    assert file.read_text() == WRITTEN


def test_a_file_without_comments_is_written_anew_for_any_change(tmp_path):
    file = tmp_path / "plugin-design.yaml"
    file.write_text("host: {id: com.example.tides, name: Tides}\n")
    save(with_settings(load_design(file)[0], ["boundary=B4"]), file)
    assert load_design(file)[0].decisions["boundary"].choose == "B4"


def test_a_new_design_in_toml_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(UsageError, match=r"name it plugin-design\.yaml"):
        saved_text(new_design(), tmp_path / "plugin-design.toml")


def test_a_file_that_can_not_be_replaced_stays_and_leaves_nothing_behind(tmp_path, monkeypatch):
    file = tmp_path / "plugin-design.yaml"
    file.write_text(WRITTEN)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(UsageError, match="No space left"):
        save(with_settings(load_design(file)[0], ["authors=public"]), file)
    assert file.read_text() == WRITTEN
    assert [one.name for one in tmp_path.iterdir()] == ["plugin-design.yaml"]


def test_a_folder_that_is_not_there_is_told_in_a_line(tmp_path):
    with pytest.raises(UsageError, match="can't be saved: No such file"):
        save(new_design(), tmp_path / "none" / "plugin-design.yaml")


def test_every_way_through_the_interview_comes_to_an_end_with_every_question_answered():
    for seed in range(10):
        design, asked = new_design(), []
        while (one := next_question(design)) is not None:
            asked.append(one.key)
            options = list(one.options)
            text = options[seed % len(options)] if options else "" if one.default not in ("yes", "no") else "yes"
            design = answered(design, one, "Tides" if one.key == "host.name" else text)
        assert len(asked) == len(set(asked))
        assert {"authors", "data", "needs"} <= set(asked)
        assert ("compliance" in asked) is (design.inputs.data in ("personal", "regulated", "secrets"))
        assert "dependency_authors" in asked
        read_design("d.yaml", design_text(design).encode())


def test_a_question_shows_where_it_stands_and_an_empty_answer_takes_the_default():
    design = answered(new_design(), next_question(new_design()), "Tide tables")
    one = next_question(design)
    assert (one.key, one.number, one.default) == ("authors", 2, "partner")
    assert one.total > 20
    assert answered(design, one, "").inputs.authors == "partner"
    assert answered(design, one, "4").inputs.authors == "public"
    with pytest.raises(UsageError, match="did you mean 'public'"):
        answered(design, one, "publik")
