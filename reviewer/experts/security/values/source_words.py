"""Names by which code says where a value comes from, and calls that make a value harmless or plain."""

from __future__ import annotations

from typing import Final

from reviewer.code.text import ideas
from reviewer.code.text.words import words
from reviewer.experts.paths import word_set

SETTINGS: Final = word_set("config configuration settings setting prefs preferences conf cfg")
"""What a user or an administrator sets."""
REQUESTS: Final = word_set("req request")
"""What a client of the host sent."""
REQUEST_PARTS: Final = word_set(
    "body query params headers args form json cookies url path files values data originalUrl get_json "
    "searchParams GET POST path_params query_params match_info rel_url"
)
"""Members of a request that its sender chooses."""
MESSAGES: Final = word_set(
    "message msg messages event evt payload envelope packet frame mail notification job task data input inputs "
    "body rpc command cmd params args arguments query document entry record update item incoming rawmessage"
)
"""What somebody sent: names of the parameter of a handler."""
SURE_MESSAGES: Final = word_set("message msg evt payload envelope packet mail incoming rpc")
"""Names that hardly mean anything else."""
MANIFESTS: Final = ideas.SINGLE_MANIFESTS | {"plugin", "extension", "addon", "spec"}
"""What a plugin says about itself, seen from its host."""
ANSWERS: Final = word_set("response res resp reply answer")
"""What a server sent back."""

FETCHERS: Final = frozenset(
    "fetch axios got ky needle superagent request http.get https.get undici.fetch undici.request node-fetch "
    "cross-fetch requests.get requests.post requests.put requests.request requests.patch requests.delete "
    "httpx.get httpx.post httpx.request urllib.request.urlopen urlopen urllib.request.Request aiohttp.request "
    "urllib.request.urlretrieve urllib.request.build_opener().open urllib3.request".split()
)
"""Functions that bring what a server sends, by resolved name."""
FETCH_METHODS: Final = frozenset({"fetch", "download"})
"""Methods that bring what a server sends, whatever they are called on."""
NETWORKS: Final = word_set("network http https client session axios net web api agent fetcher httpx aiohttp undici")
"""Words of an object whose ``get`` or ``post`` goes over the network."""
READERS: Final = frozenset(
    "readFile readFileSync read_text read_bytes read readlines readline readTextFile cachedRead".split()
)
"""Methods that read a file."""
STORES: Final = word_set("storage store kv cache db database state memento globalstate workspacestate")
"""Words of a place where values are kept."""

PLAIN: Final = frozenset(
    "Number parseInt parseFloat int float bool Boolean len isNaN BigInt hash id round abs ord hex uuid4 "
    "randomUUID now time randomBytes token_hex token_urlsafe getpid mkdtemp mkdtempSync gettempdir tmpdir "
    "homedir cwd getcwd hexdigest digest toISOString getTime isoformat strftime encodeURIComponent quote "
    "quote_plus shlex.quote escape basename randint random escapeHtml escapeHTML sanitize escape_html "
    "urlencode UUID uuid nanoid v4 isInteger floor ceil max min sum count typeof toFixed mkstemp readdir "
    "readdirSync listdir scandir isdigit stringify_safe shellQuote shellescape escapeShellArg slugify "
    "secure_filename extname isSafeInteger getTimezoneOffset toLocaleString monotonic perf_counter thread_id slug "
    "kebabCase snakeCase camelCase asWebviewUri b64encode urlsafe_b64encode btoa inspect.signature "
    "inspect.getfullargspec".split()
)
"""Calls whose result can't carry a text of the sender's choosing into another language."""
ESCAPES: Final = word_set("escape escaped sanitize sanitise sanitized purify")
"""Words of a call that makes a text harmless, whatever it is called."""
PLAIN_MEMBERS: Final = frozenset(
    "length size pid ppid platform arch version_info lineno __dirname __filename argv0 execPath sep EOL "
    "byteLength index count statusCode status_code status ok cspSource".split()
)
"""Members that hold numbers, or what the program knows of itself."""
KNOWN: Final = frozenset(
    "__dirname __filename __file__ __name__ import.meta.url import.meta.dirname process.execPath process.pid "
    "process.platform process.cwd() process.version process.arch sys.executable sys.platform sys.prefix os.sep "
    "os.linesep os.name os.path.sep path.sep Math.PI Date undefined NaN Infinity".split()
)
"""What the program knows of itself, by resolved name."""
PATH_MAKERS: Final = frozenset(
    "join resolve joinpath joinPath Path PurePath normalize abspath realpath pathToFileURL URL with_name".split()
)
"""Calls that make a path or an address of their arguments."""
KEEPERS: Final = frozenset(
    "get find pop at setdefault scalar scalars scalar_one scalar_one_or_none fetchone fetchall fetchrow fetchval "
    "fetch_one fetch_all findOne findUnique findFirst find_one first oneOrNone one_or_none match matchAll "
    "get_source".split()
)
"""Methods that give what a collection or a text holds: the key or the pattern picks, it doesn't get in."""
LOOPS: Final = frozenset("map forEach filter flatMap some every find findIndex reduce sort replace".split())
"""Methods that hand the items of a collection to a callback."""
PROMISED: Final = frozenset({"then", "catch", "finally", "tap", "pipe", "subscribe"})
"""Methods that hand a value on to a callback."""
HANDLES: Final = word_set(
    "on once off listen listener listeners subscribe observe handle handler register command commands "
    "route event events hook tool action message receive consume expose serve rpc"
)
"""Words of a call that takes a handler of messages."""
ROUTES: Final = frozenset("get post put patch delete all use route options head any websocket".split())
"""Methods that take a handler of requests."""
ROUTERS: Final = word_set("app router server api routes blueprint bp fastify express web")
"""What such a method is called on."""


_SAFE_NAMES: Final = (("safe", "filename"), ("safe", "file", "name"), ("slugify",), ("secure", "filename"))
"""Calls that make of a text a name without a sign that could mean something."""


def makes_harmless(name: str) -> bool:
    """Tell whether a function by its name makes a text harmless: ``sanitizeHtml``, ``quoteShellArg``."""
    said = words(name)
    return bool(set(said) & ESCAPES) or said[:1] == ("quote",) or said in _SAFE_NAMES
