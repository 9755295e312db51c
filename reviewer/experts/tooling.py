"""Files that serve the making of a project and don't run in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reviewer.experts.data.patterns import found

if TYPE_CHECKING:
    from reviewer.code.module import Module

_FOLDERS: Final = frozenset(
    "scripts script tools tooling build_tools ci .github .ci benchmark benchmarks docs doc gulp tasks dev hack".split()
)
_LOADED: Final = frozenset({".agents", ".claude", ".claude-plugin", ".codex", ".cursor", ".gemini", ".opencode"})
"""Hidden folders out of which an assistant loads what it runs."""
_NAME: Final = (
    r"(?i)(\.config\.[cm]?[jt]s$|^(gulpfile|gruntfile|jakefile|rollup|webpack|vite|esbuild|karma)\b.*\.[cm]?[jt]s$"
    r"|^(setup|noxfile|tasks|fabfile|conftest)\.([cm]?[jt]s|py)$)"
)
_AT_ROOT: Final = r"(?i)^(build|release|publish|bump|generate)\.([cm]?[jt]s|py)$"
"""Names of files that make a release where they lie beside the project's manifest, and may be anything below."""


_FOREIGN: Final = frozenset(
    "vendor vendors vendored third_party third-party thirdparty 3rdparty node_modules bower_components site-packages "
    "_vendor .obsidian".split()
)
_LIBRARY: Final = (
    r"(?i)^(jquery|underscore|lodash|backbone|bootstrap|angular|react|vue|ember|moment|d3|three|codemirror|ace|highlight|"
    r"mustache|handlebars|require|modernizr|polyfill|marked|leaflet|socket\.io|tinymce|ckeditor|webextension-polyfill|"
    r"browser-polyfill|(dom)?purify|jszip|papaparse|fuse|sortable|select2|datatables|dayjs|luxon|axios|preact|zepto|"
    r"knockout|punycode|sjcl|crypto-js|turndown|katex|prism|popper|echarts|plotly)([.-][\w.-]*)?\.[cm]?js$|^chart[.-][\w.-]*\.[cm]?js$|^(?-i:Chart)\.js$"
)


def is_foreign(path: str) -> bool:
    """Tell whether a file is a copy of somebody else's library, by where it lies or what it is called."""
    *folders, name = path.split("/")
    return bool(_FOREIGN & {folder.lower() for folder in folders}) or found(_LIBRARY, name)


def is_tooling(file: Module | str) -> bool:
    """Tell whether a file builds, releases or measures the project, by the usual names of the field.

    Hidden folders hold what a repository needs for itself, too. A folder of which the manifest names a file holds what
    runs in the host.
    """
    path = file if isinstance(file, str) else file.path
    *folders, name = path.split("/")
    place = next((number for number, folder in enumerate(folders) if _serves_making(folder.lower())), None)
    if place is not None:
        named = file.project.named if not isinstance(file, str) and file.project is not None else ()
        return not any(one.startswith("/".join(folders[: place + 1]) + "/") for one in named)
    return found(_NAME, name) or (not folders and found(_AT_ROOT, name))


def _serves_making(folder: str) -> bool:
    return folder in _FOLDERS or (folder.startswith(".") and folder.strip(".") != "" and folder not in _LOADED)
