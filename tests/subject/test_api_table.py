"""The tables of hosts' API: how they are read, what they say, and that the scripts that make them read types rightly."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reviewer import resources
from reviewer.subject.api_table import api_tables, release
from reviewer.subject.ecosystem import load_profiles

sys.path.append(str(Path(__file__).resolve().parents[1] / "tables"))
from declarations import declared
from table import fold

TYPES = """
declare module 'other' { export function away(): void; }
declare module 'desk' {
  /** The window. */
  export namespace window {
    /** @deprecated Use {@link window.open} instead. Really. */
    export function show(): void;
    export function open(name: string): Thenable<Panel | undefined>;
    export const onDidOpen: Event<Panel>;
    export let active: Panel | undefined;
  }
  export class Panel extends Base {
    static make(): Panel;
    /** @since 1.2.0 */
    readonly title: string;
    /** @deprecated the old form */
    write(text: string, at: number): void;
    write(text: string): void;
  }
  export interface Base { dispose(): any }
  export enum Side { Left = 1, Right }
  export const Platform: {
    /** On a desk. */
    isDesktop: boolean;
  };
}
"""


def tables():
    """Return every table that ships, with the folder of its ecosystem."""
    profiles = load_profiles(resources.skills() / "ecosystems")
    return [(one.name, table) for one in profiles for table in api_tables(one.folder, one.extra.get("api"))]


def test_the_types_of_a_host_are_read_by_name_type_base_and_comment():
    found = declared(TYPES, "desk")
    assert set(found) == {
        "window", "window.show", "window.open", "window.onDidOpen", "window.active",
        "Panel", "Panel.make", "Panel#title", "Panel#write",
        "Base", "Base#dispose", "Side", "Side.Left", "Side.Right", "Platform", "Platform.isDesktop",
    }  # fmt: skip
    assert found["window.open"].type == found["window.active"].type == "Panel"
    assert found["Panel"].type == "Base"
    assert found["Panel#title"].since == "1.2.0"
    assert found["window.show"].deprecated == "Use {@link window.open} instead. Really."
    assert found["Panel#write"].deprecated is None, "one of its forms is not deprecated"


def test_a_history_says_when_a_symbol_came_and_since_when_it_is_deprecated():
    older = declared(
        TYPES.replace("export const onDidOpen: Event<Panel>;", "").replace("@deprecated Use", "Use"), "desk"
    )
    rows = {
        row.symbol: row
        for row in fold([("1.0.0", older), ("1.1.0", declared(TYPES, "desk"))], lambda _one, version: version)
    }
    assert rows["window.onDidOpen"].since == "1.1.0"
    assert (rows["window.show"].deprecated, rows["window.show"].note) == ("1.1.0", "Use window.open instead")
    assert rows["window.open"].line() == "window.open\t1.0.0\t\t\tPanel"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.90.0", (1, 90)),
        ("^1.85.0", (1, 85)),
        ("v2", (2,)),
        ("102.0.5005.61", (102, 0, 5005, 61)),
        ("latest", ()),
        ("0.15.0", (0, 15)),
    ],
)
def test_a_version_is_read_as_numbers_that_compare(text, numbers):
    assert release(text) == numbers


def test_every_table_that_ships_says_where_it_is_from_and_holds_together():
    assert {"vscode", "obsidian"} <= {name for name, _table in tables()}
    for name, table in tables():
        assert table.newest, name
        assert all(release(row.since) <= table.newest for row in table.symbols.values() if row.since), name
        assert all(owner == "" or owner in table.symbols for owner in table.complete), name
        assert all(not row.type or row.type in table.symbols for row in table.symbols.values()), name
        assert all(symbol in table.symbols for symbol in table.version), name


def test_known_facts_stand_in_the_tables():
    found = dict(tables())
    editor, notes = found["vscode"], found["obsidian"]
    assert editor.symbols["lm"].since == "1.90.0"
    assert editor.symbols["ExtensionContext#secrets"].since == "1.53.0"
    assert editor.symbols["workspace.rootPath"].deprecated
    assert notes.symbols["Vault#getFileByPath"].since == "1.5.7"
    assert notes.member("Plugin", "registerEvent").name == "Component#registerEvent"
