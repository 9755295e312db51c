"""Questions that are asked of all files of a subject sooner or later, whoever asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from reviewer.code.module import Module
    from reviewer.code.project import Project

T = TypeVar("T")

_STANDING: Final[list[Standing[object]]] = []


class Standing(Generic[T]):
    """A question of which each file is asked once: in a large subject when it is parsed for whatever reason.

    Else such a subject would be parsed as a whole once more for each of them. The answers hold no node: names and
    places alone.
    """

    def __init__(
        self,
        question: str,
        work: Callable[[Module], T],
        naming: Collection[str] = (),
        *,
        showing: Callable[[bytes], object] | None = None,
    ) -> None:
        """Take the name of the question and what answers it; ``naming`` and ``showing`` as `Project.modules` has them.

        Tests are not asked.
        """
        self._question = question
        self._work = work
        self._naming = frozenset(naming)
        self._showing = showing
        _STANDING.append(self)  # type: ignore[arg-type]  # what is answered concerns nobody but who asks

    def of(
        self, project: Project, naming: Collection[str] = (), showing: Callable[[bytes], object] | None = None
    ) -> Iterator[T]:
        """Yield what the files of a subject answer, in the order of their paths.

        ``naming`` and ``showing`` stand in for those of the question, where who asks wants to hear of fewer files.
        """
        yield from project.answers(
            self._question,
            self._work,
            naming or self._naming,
            tests=False,
            showing=showing or self._showing,
        )

    def take(self, project: Project, module: Module) -> None:
        """Have a module that is at hand answer, where it would be asked."""
        if module.is_test or (self._showing is not None and not project.shows(module.path, self._showing)):
            return
        if self._naming and self._naming.isdisjoint(module.words) and self._naming.isdisjoint(module.identifiers):
            return
        project.answered(self._question, module, self._work)


def ask_all(project: Project, module: Module) -> None:
    """Have a module that is at hand answer all such questions."""
    for standing in _STANDING:
        standing.take(project, module)
