"""SEC016 tells a connection to a database from threads, templates and text cursors of the same names."""

from __future__ import annotations

import pytest
from whole import reviewed

HOST = """
import {module}


class PluginContext:
    def __init__(self, plugin_id, grants):
        self._grants = grants
        self.plugin_id = plugin_id
        self.{name} = {value}

    def allowed(self, action):
        return action in self._grants


def start(plugin, grants):
    plugin.activate(PluginContext(plugin.id, grants))
"""


def said(folder, module, name, value):
    """Return the lines on which SEC016 speaks of a context with one more member."""
    files = {"host/context.py": HOST.format(module=module, name=name, value=value)}
    return [line for _rule, _path, line in reviewed(folder, files, "SEC016")]


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        ("sqlite3", "connection", "sqlite3.connect('host.db')"),
        ("sqlalchemy", "engine", "sqlalchemy.create_engine('sqlite:///host.db')"),
        ("settings", "pool", "settings.open_pool(settings.DSN)"),
        ("stores", "cursor", "stores.main.cursor()"),
    ],
)
def test_a_connection_is_found(module, name, value, tmp_path):
    assert said(tmp_path, module, name, value) == [9]


@pytest.mark.parametrize(
    ("module", "name", "value"),
    [
        ("threads", "pool", "threads.ThreadPool(4)"),
        ("templates", "engine", "templates.TemplateEngine('views')"),
        ("editor", "cursor", "editor.TextCursor(editor.window.cursor)"),
    ],
)
def test_what_only_has_the_name_is_not(module, name, value, tmp_path):
    assert said(tmp_path, module, name, value) == []
