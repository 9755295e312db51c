"""Code that no person wrote in this form."""

from __future__ import annotations

import pytest

from reviewer.subject.minified import is_minified, other_format

DENSE = b"function a(b){return c(b)&&d({e:f,g:h});}var i=a(j);if(i){k=l[m];n(o);}"
READABLE = b"""export function activate(context) {
  const value = context.storage.get('key');
  if (value === undefined) {
    context.logger.info('nothing stored');
  }
}
"""


def test_one_long_line_of_code_is_minified():
    assert is_minified(DENSE * 100) == "minified: a line of 7,100 characters"


def test_long_lines_on_average_are_minified():
    assert "on average" in is_minified(b"\n".join([DENSE * 10] * 20))


def test_dense_lines_with_a_source_map_are_minified():
    code = b"\n".join([DENSE * 3] * 20) + b"\n//# sourceMappingURL=a.js.map\n"
    assert is_minified(code) == "minified: dense lines and a source map"


def test_the_output_of_a_compiler_with_a_source_map_is_not_minified():
    assert is_minified(READABLE * 30 + b"//# sourceMappingURL=a.js.map\n") == ""


def test_readable_code_with_a_long_text_in_it_is_not_minified():
    assert is_minified(READABLE * 20 + b'const ICON = "data:image/png;base64,' + b"Ab9+" * 9000 + b'";\n') == ""


def test_a_table_of_numbers_is_not_minified():
    assert is_minified(READABLE * 20 + b"const T = [" + b"12,3456," * 4000 + b"];\n") == ""


def test_a_small_file_is_never_minified():
    assert is_minified(DENSE) == ""


@pytest.mark.parametrize(
    ("wrapper", "name"),
    [
        (b"/******/ \tfunction __webpack_require__(moduleId) {\n", "webpack"),
        (b"var __toESM = (mod, isNodeMode, target) => (\n", "esbuild"),
        (b"(function(){function r(e,n,t){function o(i,f){if(!n[i]){", "browserify"),
        (b"return (function e(t,n,r){function s(o,u){if(!n[o]){if(!t[o]){", "browserify"),
    ],
)
def test_the_wrapper_of_a_bundler_is_recognised(wrapper, name):
    assert is_minified(wrapper + READABLE * 200) == f"bundled by {name}"


def test_a_megabyte_of_bait_is_answered_at_once():
    assert is_minified(b'"' * 1_000_000) == ""
    assert is_minified(b"  " * 500_000) == ""


def test_types_of_flow_are_another_language():
    typed = (
        b"// @flow strict\nimport type { Asset } from './types';\nexport const name = (asset: Asset) => asset.name;\n"
    )
    assert other_format("src/name.js", typed) == "typed with Flow"
    assert other_format("src/name.ts", typed) == ""
    assert (
        other_format("src/name.js", b"// @flow\nexport const name = (asset) => ({ name: asset.name, id: 1 });\n") == ""
    )
    assert other_format("src/name.js", typed.partition(b"\n")[2]) == ""


def test_a_chunk_that_others_load_is_bundled_however_small():
    chunk = b'"use strict";(self.webpackChunk_reef_tides=self.webpackChunk_reef_tides||[]).push([[496],{7496:(e,r,t)=>{}}]);'
    assert is_minified(chunk) == "bundled by webpack"


def test_a_bundle_is_known_by_the_names_of_its_parts():
    others = b"// node_modules/@marijn/find-cluster-break/src/index.js\n" + READABLE * 200
    assert is_minified(others).startswith("bundled by esbuild")
    own = b"// src/tides.js\n" + READABLE * 100 + b"// src/moon.js\n" + READABLE * 100 + others
    assert is_minified(own) == ""
