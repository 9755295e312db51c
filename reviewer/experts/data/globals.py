"""Names that exist without being defined: what the languages and their usual surroundings provide."""

from __future__ import annotations

import builtins
from typing import Final

PYTHON: Final = frozenset(dir(builtins)) | frozenset(
    "__file__ __name__ __doc__ __spec__ __loader__ __package__ __path__ __builtins__ __annotations__ __class__ "
    "__dict__ __module__ __qualname__ __debug__ WindowsError unicode long basestring xrange raw_input reduce "
    "unichr file exit quit copyright credits license get_ipython reveal_type aiter anext "
    "ExceptionGroup BaseExceptionGroup EncodingWarning PythonFinalizationError".split()
)
"""Built-in names of every Python that code may be written for, old ones included."""

JAVASCRIPT: Final = frozenset(
    # the language
    "undefined globalThis arguments eval isNaN isFinite parseFloat parseInt decodeURI decodeURIComponent encodeURI "
    "encodeURIComponent escape unescape this super new import async await of get set static "
    # everywhere
    "console fetch structuredClone queueMicrotask setTimeout setInterval setImmediate clearTimeout clearInterval "
    "clearImmediate atob btoa crypto performance reportError navigator caches "
    # Node, Deno, Bun, bundlers
    "process global require module exports gc define requirejs awslambda "
    # browsers and workers
    "window document location history localStorage sessionStorage indexedDB alert confirm prompt print self top parent "
    "frames frameElement opener origin screen screenX screenY screenLeft screenTop innerWidth innerHeight outerWidth "
    "outerHeight pageXOffset pageYOffset scrollX scrollY devicePixelRatio visualViewport matchMedia getComputedStyle "
    "getSelection requestAnimationFrame cancelAnimationFrame requestIdleCallback cancelIdleCallback addEventListener "
    "removeEventListener dispatchEvent postMessage onmessage onmessageerror onerror onload onunload onresize onscroll "
    "importScripts close open stop focus blur scroll scrollTo scrollBy moveTo moveBy resizeTo resizeBy find event name "
    "status closed length external customElements registration clients skipWaiting createImageBitmap cookieStore "
    "scheduler trustedTypes speechSynthesis isSecureContext crossOriginIsolated onconnect currentTime sampleRate "
    "currentFrame registerProcessor "
    # hosts of plugins
    "chrome browser safari cordova figma penpot miro app acquireVsCodeApi vscode jQuery angular moment ko hexo strapi "
    "sails game ui canvas PIXI "
    # tests
    "describe context suite it test specify xit xdescribe fit fdescribe before after beforeEach afterEach beforeAll "
    "afterAll setup teardown suiteSetup suiteTeardown expect assert should sinon jest vi vitest cy jasmine spyOn fail "
    "pending element by protractor bench page artifacts contract".split()
)
"""Lower-case global names; a name with a capital first letter is taken for one, too."""
