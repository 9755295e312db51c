"""What is drawn of modules: each kind of facts goes from one process to another and comes back the same."""

from __future__ import annotations

import importlib
import pkgutil

import msgspec
import pytest

import reviewer.experts
from reviewer.experts import drawn

for found in pkgutil.walk_packages(reviewer.experts.__path__, "reviewer.experts."):
    importlib.import_module(found.name)


@pytest.mark.parametrize("facts", drawn._DRAWN, ids=lambda facts: facts.name)
def test_the_types_of_a_record_are_known_while_the_program_runs(facts):
    decoder = msgspec.json.Decoder(facts._record)
    with pytest.raises(msgspec.ValidationError):
        decoder.decode(b"12")
