"""What generating would do to each file, as a diff, before anything is written."""

from __future__ import annotations

from difflib import unified_diff
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.binding import Binding, BindingType

from reviewer.core.errors import ReviewerError
from reviewer.tui.design.messages import Generated
from reviewer.tui.screens.catalogue import CatalogueScreen, Listed
from reviewer.tui.widgets.writing import write_diff

if TYPE_CHECKING:
    from reviewer.blueprint.decided import Decided
    from reviewer.design.merging.writing import Planned
    from reviewer.tui.sink import Piece
    from reviewer.tui.widgets.sheet import Layout

_SAID: Final[dict[str, tuple[str, Piece]]] = {
    "collided": ("an edit of yours and the new text collide", ("✗", "$text-error")),
    "unresolved": ("the marks of an earlier collision are still there", ("✗", "$text-error")),
    "yours": ("left alone: a file of yours is there", ("~", "$text-warning")),
    "merged": ("your edits and the new text together", ("±", "$text-warning")),
    "updated": ("written anew, nobody had edited it", ("~", "$text-primary")),
    "created": ("new", ("+", "$text-success")),
    "removed": ("taken away", ("-", "$text-error")),
    "left": ("asked for no more, and edited by you: left", ("~", "$text-warning")),
    "deleted": ("deleted by you: left out", ("-", "$faint")),
    "unchanged": ("as it is", ("·", "$faint")),
}
"""What becomes of a file, in the order of the list."""


class GenerateScreen(CatalogueScreen):
    """Shows what would be written, and writes it when it is confirmed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", "Write", id="generate.write", tooltip="Write what the list shows"),
    ]
    HELP_TITLE = "Generate"
    HELP_TEXT = "Nothing is written yet: the list says what would become of each file, and its page shows the diff."

    def __init__(self, decided: Decided, folder: str, planned: Planned) -> None:
        """Take the design, the folder, and what would be done."""
        things = _listed(planned)
        changed = sum(step.text is not None or step.fate == "removed" for step in planned.steps.values())
        super().__init__(f"Generate into {folder}", things, about=f"{changed} files would change; ^s writes them")
        self._decided = decided
        self._folder = folder

    @work(thread=True, group="generate", exclusive=True)
    def action_write(self) -> None:
        """Write, off the loop."""
        from reviewer.design.merging.design import write_design

        try:
            written = write_design(self._decided, Path(self._folder))
        except ReviewerError as error:
            self.post_message(Generated(str(error), done=False))
        else:
            self.post_message(Generated(f"{self._folder}: {written.told()}", done=True))

    @on(Generated)
    def _generated(self, message: Generated) -> None:
        self.desk.say(message.said, "information" if message.done else "error")
        if message.done:
            self.app.pop_screen()


def _listed(planned: Planned) -> list[Listed]:
    order = list(_SAID)
    found = []
    for path, step in sorted(planned.steps.items(), key=lambda item: (order.index(item[1].fate), item[0])):
        group, sign = _SAID[step.fate]
        there = planned.there[path] or ""
        after = "" if step.fate == "removed" else there if step.text is None else step.text
        write = partial(_write, path=path, before=there, after=after, said=group)
        found.append(Listed(path, group, path, write, sign=sign))
    return found


def _write(layout: Layout, path: str, before: str, after: str, said: str) -> None:
    layout.line((path, "bold $text-accent"))
    layout.line((said, "$faint"))
    layout.blank()
    if before == after:
        layout.line(("nothing would be written", "$faint"))
        return
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    write_diff(layout, "\n".join(lines))
