"""API016: the schema of the manifest lets members pass that it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.api.manifest_shapes import manifest_shapes
from reviewer.experts.api.schema_documents import schema_documents
from reviewer.experts.check import Match, subject_check
from reviewer.experts.place import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.experts.api.manifest_shapes import ManifestShape
    from reviewer.experts.check import Inquiry

_FIXES: Final = {
    "builder": "Make the object strict (strictObject, .strict()), at every level.",
    "model": 'Set model_config = ConfigDict(extra="forbid"), on every model inside it too.',
}


@subject_check("API016")
def manifest_schema_open(inquiry: Inquiry) -> Iterator[Match]:
    """Look at what each schema says about members that it does not know."""
    for shape in manifest_shapes(inquiry):
        where = ", ".join(f"'{name}'" for name, _node in shape.inner[:4])
        if not shape.closed:
            at = shape.says or shape.at
            yield Match(locate(shape.module, at), _message(shape), fix=_FIXES.get(shape.dialect, ""))
        elif shape.inner:
            yield Match(
                locate(shape.module, shape.inner[0][1]),
                f"The schema of the manifest is closed at the top and open below, in {where}: what is misspelt there "
                "passes without a word.",
            )
    for document in schema_documents(inquiry):
        root = document.root
        closed = root.get("additionalProperties") or root.get("unevaluatedProperties")
        if closed is None or closed.data is True:
            place = closed or root.get("properties") or root
            yield Match(
                place.key or place.location,
                "This JSON Schema of the manifest accepts members that it does not know: a misspelt permission or "
                "bound passes without a word.",
            )


def _message(shape: ManifestShape) -> str:
    some = ", ".join(list(shape.fields)[:3])
    if shape.says is not None:
        what = "pass" if shape.closed is False else "are dropped without a word"
        return f"The schema of the manifest ({some}, …) says itself that unknown members {what}."
    how = "drops unknown members without a word"
    if shape.dialect in ("json-schema", "table"):
        how = "accepts unknown members"
    return f"The schema of the manifest ({some}, …) {how}: a misspelt permission or bound goes unnoticed."
