"""Names that imports of Python give to what they bring."""

from __future__ import annotations

from reviewer.code.module import Module


def _called(text: str) -> list[str]:
    return [call.name for call in Module("desk.py", text.encode()).calls(("run", "partial", "_run"))]


def test_what_is_imported_under_another_name_has_its_own_name_in_the_tree():
    module = Module("desk.py", b"import queue as _queue\nfrom job import run as _run\n\n_run(_queue.Queue())\n")
    (call,) = module.calls(("run",))
    assert (call.name, module.resolve(call.callee)) == ("run", "job.run")
    assert module.imports[0].local == "queue"


def test_types_are_spelled_with_the_names_that_modules_give_away():
    module = Module("desk.py", b"import queue as _queue\n\ndef fill(box: _queue.Queue): ...\n")
    assert module.functions[0].params[0].type == "queue.Queue"


def test_a_name_that_the_file_has_for_something_else_stays_apart():
    assert _called("from job import run as _run\n\ndef run():\n    _run()\n") == ["_run"]
    assert _called("from job import run as _run\n\ndef go(self):\n    self._run()\n") == ["_run"]
