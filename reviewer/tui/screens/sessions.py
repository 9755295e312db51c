"""Everything that was done before, to go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from reviewer.tui.screens.catalogue import CatalogueScreen
from reviewer.tui.screens.shelves import sessions
from reviewer.tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from reviewer.session.store import SessionStore


class SessionsScreen(CatalogueScreen):
    """The catalogue of sessions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("delete", "forget", "Forget", id="sessions.forget", tooltip="Remove the session and what it kept"),
    ]
    HELP_TITLE = "Sessions"
    HELP_TEXT = "Enter goes on with a session where it was left. Delete forgets it; files are not touched."

    def __init__(self, store: SessionStore) -> None:
        """Take the store."""
        super().__init__("Sessions", sessions(store), about="enter goes on where you were")
        self._store = store

    @on(RowList.Chosen)
    def _open(self, event: RowList.Chosen) -> None:
        event.prevent_default()
        thing = self.current
        session = self._store.session(int(thing.key)) if thing is not None else None
        if session is not None:
            self.desk.resume(session)

    def action_forget(self) -> None:
        """Remove the session under the cursor."""
        thing = self.current
        if thing is not None:
            self._store.forget(int(thing.key))
            self.replace(sessions(self._store))
