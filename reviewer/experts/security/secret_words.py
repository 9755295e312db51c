"""What secrets look like, and what is called a secret."""

from __future__ import annotations

import base64
import math
import re
from collections import Counter
from typing import Final

from reviewer.code.text.words import words
from reviewer.core.regex import regex
from reviewer.experts.data.patterns import found
from reviewer.experts.paths import word_set

FORMATS: Final = (
    (r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----", "a private key"),
    (r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b", "an access key of AWS"),
    (r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{40,}", "a token of GitHub"),
    (r"\bglpat-[A-Za-z0-9_-]{20,}", "a token of GitLab"),
    (r"\bxox[abeprs]-[A-Za-z0-9-]{20,}|\bxapp-\d-[A-Za-z0-9-]{20,}", "a token of Slack"),
    (r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{20,}", "a webhook of Slack"),
    (r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[A-Za-z0-9_-]{20,}", "a webhook of Discord"),
    (r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{20,}", "a key of Stripe"),
    (r"\bsk-ant-[A-Za-z0-9_-]{20,}", "a key of Anthropic"),
    (r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}", "a key of OpenAI"),
    (r"\bhf_[A-Za-z0-9]{30,}", "a token of Hugging Face"),
    (r"\bGOCSPX-[A-Za-z0-9_-]{20,}|\bya29\.[A-Za-z0-9_-]{30,}", "a secret of Google OAuth"),
    (r"\bAIza[A-Za-z0-9_-]{35}", "an API key of Google"),
    (r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}", "a key of SendGrid"),
    (r"\bkey-[0-9a-f]{32}\b", "a key of Mailgun"),
    (r"\bSK[0-9a-f]{32}\b", "a key of Twilio"),
    (r"\bnpm_[A-Za-z0-9]{36}", "a token of npm"),
    (r"\bpypi-AgEI[A-Za-z0-9_-]{30,}", "a token of PyPI"),
    (r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}", "a token of Shopify"),
    (r"\bsq0(?:atp|csp)-[A-Za-z0-9_-]{20,}", "a secret of Square"),
    (r"\bdop_v1_[a-f0-9]{64}|\bdapi[a-f0-9]{32}\b|\blin_api_[A-Za-z0-9]{40}", "an access token"),
    (r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b", "a token of a Telegram bot"),
    (r"AccountKey=[A-Za-z0-9+/]{60,}={0,2}", "a key of an Azure account"),
    (r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,}", "a signed token (JWT)"),
    (r"\b[a-z][a-z0-9+.-]{2,12}://[^/\s:@{}$<>%]{1,60}:[^/\s:@{}$<>%*]{4,80}@[A-Za-z0-9]", "a password in an address"),
)
"""Patterns of secrets that give themselves away, with what they are."""

_SURE: Final = word_set(
    "password passwd passphrase pwd secret secrets credential credentials apikey appkey authkey apisecret pin_code"
)
_WEAK: Final = word_set("token tokens auth authorization bearer jwt pat webhook sid cookie session")
_KEYS: Final = word_set(
    "api access private signing sign secret encryption encrypt master hmac shared service server license admin app aes "
    "payment billing gateway sms smtp ssh gpg wallet"
)
_OTHER: Final = word_set(
    "url uri urls endpoint path paths name names header field label title type kind id ids file filename env "
    "var variable prefix suffix pattern regex message placeholder description hint help scope scopes event "
    "length size param parameter selector class text error errors expiry expires ttl algorithm alg method "
    "format provider service store manager handler policy rule rules count limit status state page route "
    "command cmd topic input element mode lifetime age domain public hash digest sha integrity checksum "
    "fingerprint issuer audience usage schema version separator delimiter category"
)
"""Last words of a name that speaks about a secret and isn't one."""
_PLACEHOLDER: Final = (
    r"(?i)example|placeholder|change.?me|your|dummy|sample|redacted|\btodo\b|insert|replace|fake|mock|xxxx|\.\.\.|…|"
    r"\*\*\*|<.*>|\$\{|\{\{|\{\w*\}|%\(|%s|^process\.env|^env[:.]|secretref|^vault:|^ref:|^op://|^file:|^arn:|"
    r"n/?a$|^anonymous\b|^(test|none|null|undefined|true|false|unset|empty|hidden)$|"
    r"not.?a.?(real|secret)|lorem|foo|^bar$|0123456789|1234567890|abcdef"
)
_OPEN_KEYS: Final = word_set(
    "site client public pub verify verifying verifier trusted trust publisher cache map sort foreign primary row index "
    "storage object partition recaptcha captcha ingest analytics telemetry sentry license licence"
)
"""Words that make a key one that may be seen, or that opens nothing."""
_HEADER: Final = regex(r"^x-\w", re.IGNORECASE)
"""How a header of one's own begins: a key that is sent with each request lets in."""
_OF_A_REQUEST: Final = word_set("idempotency idempotent request correlation trace routing surrogate dedupe message")
"""Words of headers with keys that tell one request from another."""
_ISSUED: Final = r"^[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+){0,4}$"
_PREFIXED: Final = r"^[a-z]{2,10}[-_](?:live|prod|production|secret|sk|key|api|token|pat)[-_]"
_SHORT_PREFIXED: Final = r"^[a-z]{2,10}[-_](?:live|prod|production|secret|sk|token|pat)[-_][0-9a-z]+$"
"""Keys of a service that say for what they are, so that fewer signs behind it are enough."""
_SHORT_KEY: Final = 10
_IN_ADDRESS: Final = regex(
    r"^https?://.{1,300}[?&](api_?key|key|access_?token|token|auth|apikey|appid|secret)=([A-Za-z0-9_-]{16,80})(?:&|$)",
    re.IGNORECASE,
)
_MARKS: Final = regex(
    r"-----BEGIN|A[KS]IA|gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|xapp-|hooks\.slack|webhooks/|[sr]k_|whsec_|sk-|hf_|GOCSPX-|"
    r"ya29\.|AIza|SG\.|key-|SK[0-9a-f]|npm_|pypi-|shp|sq0|dop_v1_|dapi|lin_api_|:AA|AccountKey=|eyJ|://[^/]*@"
)
"""How those patterns begin; most texts have none of it, and one look is enough."""
_LONGEST: Final = 10_000
_STAND_IN: Final = (
    r"(?i)example|xxxx|:(pass|password|passwd|pwd|secret|token)@|your[-_]|<|\.\.\.|placeholder|user:pass|localhost"
)
_WORDY: Final = regex(r"^[A-Za-z]+$|^v?\d{1,4}$")
_WORDY_PART: Final = regex(r"^[A-Za-z]+\d{0,2}$|^v?\d{1,4}$")


_IDENTIFIER: Final = regex(r"^[a-z]{3,}(?:V?\d{0,2}[A-Z][a-z]{2,})+\d{0,2}$")
"""Words joined as names in code are, which nobody issues: ``directionMagnetic2``, ``lampsV3Devices``."""
_OF_THIS_MACHINE = regex(r"://([\w.-]{1,60}):\1@(?:localhost|127\.0\.0\.1|\[::1\])(?![\w.-])")
"""The user that a server on one's own machine comes with, whose password is its name: ``guest:guest@localhost``."""


def format_of(text: str) -> str:
    """Return what kind of secret a text contains by its form, or an empty string."""
    if len(text) < 12 or not _MARKS.search(text[:_LONGEST]):
        return ""
    for pattern, name in FORMATS:
        if found(pattern, text) and not ("address" in name and re.search(r"\s", text)):
            if "address" in name and _OF_THIS_MACHINE.search(text[:_LONGEST]):
                return ""
            hidden = text.split("@", 1)[0] if "address" in name else text
            return "" if found(_STAND_IN, hidden + "@") else name
    return ""


def in_address(text: str) -> tuple[str, str]:
    """Return the name and the value of a key that stands in an address, or two empty texts."""
    match = _IN_ADDRESS.match(text) if text.startswith("http") else None
    return (match[1], match[2]) if match is not None and issued_or_hex(match[2]) else ("", "")


def names_secret(name: str) -> str:
    """Return ``sure`` or ``weak`` for a name of a secret, else an empty string."""
    said = words(name)
    if not said or said[-1] in _OTHER:
        return ""
    together = set(said)
    if together & {"public", "csrf", "xsrf", "hash", "hashed", "is", "has", "no", "invalid", "missing", "wrong"}:
        return ""
    if said[-1] in _SURE or (together & _SURE and said[-1] in {"key", "value", "default", "fallback", "phrase", "dev"}):
        return "sure"
    if said[-1] in ("key", "keys") and together & _KEYS:
        return "sure"
    if said[-1] in _WEAK or said[-2:] == ("auth", "key"):
        return "weak"
    if said[-1] == "key" and _HEADER.match(name) and together.isdisjoint(_OPEN_KEYS | _OF_A_REQUEST):
        return "weak"
    return ""


def names_key(name: str) -> str:
    """Return ``faint`` for a key of whatever: only a text that nobody would write by hand makes it a secret."""
    said = words(name)
    return "faint" if said[-1:] == ("key",) and _OPEN_KEYS.isdisjoint(said) else ""


def signs(name: str) -> bool:
    """Tell whether a secret of this name protects something by itself, so that any known value of it does harm."""
    said = set(words(name))
    return bool(
        said & {"secret", "password", "passphrase", "signing", "encryption", "jwt", "hmac", "session", "master"}
    )


def is_placeholder(text: str) -> bool:
    """Tell whether a text stands for a secret that is to be filled in, or is a range of versions."""
    return len(set(text)) < 5 or found(_PLACEHOLDER, text) or _RANGE.match(text) is not None


_RANGE: Final = regex(
    r"(?:workspace:|npm:[@\w./-]{1,80}@)?[~^<>=v]{0,2}\d{1,5}(?:\.(?:\d{1,5}|[x*])){1,3}(?:-[\w.]{1,40})?$"
)
"""Versions of what a package asks for: ``^1.5.0``."""
_PUBLIC: Final = regex(r"(UA|G|GTM|AW)-[A-Z0-9-]+$|HK(EY|LM|CU)[_\\]|\[.*\]")
"""Numbers by which visitors are counted, names of places in a registry, and sets of signs: nothing opens with them."""
_STANDS_FOR_NONE: Final = frozenset(
    {"empty", "blank", "blanking", "blanked", "placeholder", "redacted", "mask", "masked"}
)
"""Words of what is shown instead of a secret."""


_OF_PAGES: Final = regex(r"(?i)/[\w.-]+\.(?:png|svg|jpe?g|gif|webp|ico|css|html?|woff2?)(?:\?\w{0,20})?$")
"""How the path of a picture, or of another file of a page, ends."""


def looks_secret(text: str, said: str, name: str) -> bool:
    """Tell whether a text under a name of a secret (``sure``, ``weak`` or ``faint``) is one."""
    scheme, _, rest = text.strip().partition(" ")
    if scheme == "Basic" and _is_login(rest.strip()):
        return True
    value = re.sub(r"^(Bearer|Basic|Token)\s+", "", text.strip())
    if not 6 <= len(value) <= 400 or re.search(r"\s", value) or is_placeholder(value):
        return False
    if _PUBLIC.match(value) or set(words(name)) & _STANDS_FOR_NONE:
        return False
    if re.match(r"^(https?:|[./~@#]|\w+:$|--)", value) or value.endswith(
        (":", "=", "/", ".json", ".pem", ".key", ".txt", ".js", ".mjs", ".cjs", ".ts", ".py")
    ):
        return False
    if _OF_PAGES.search(value):
        return False
    if value.lower() in name.lower() or set(words(value)) <= set(words(name)) | _OTHER | _WEAK | _SURE | {
        "key",
        "x",
        "api",
    }:
        return False
    if said == "faint":
        return issued(value) and _IDENTIFIER.match(value) is None
    segments = [part for part in re.split(r"[-_.:/+ ]", value) if part]
    wordy = all((_WORDY if len(segments) == 1 else _WORDY_PART).match(part) for part in segments)
    if said == "sure" and len(segments) > 2 and (_is_mixed(segments) or _is_phrase(segments, name)):
        return True
    if said == "sure" and len(value) <= 20 and not wordy:
        return bool(re.search(r"\d|[^\w.-]", value)) and not re.match(r"^[a-z]+[A-Z]\w*$", value)
    return not wordy and len(value) >= 12 and bool(re.search(r"\d", value)) and entropy(value) >= 2.8


def _is_mixed(segments: list[str]) -> bool:
    """Tell whether parts are put together as people make passwords: capitals and figures spread over them."""
    spread = sum(any(sign.isdigit() for sign in part) for part in segments) > 1
    capital = any(part[:1].isupper() and not part.isupper() and not part[1:].isalpha() for part in segments)
    return spread and capital and sum(map(len, segments)) >= _MADE_UP


def _is_phrase(segments: list[str], name: str) -> bool:
    """Tell whether what is called a password is words and a number, as people make them: ``Trout-2031-river``."""
    numbers = [part for part in segments if part.isdigit() and len(part) > 1]
    spoken = [part for part in segments if part.isalpha() and len(part) > _SPOKEN]
    return bool(_CHOSEN & set(words(name)[-1:])) and bool(numbers) and len(spoken) > 1 and spoken[0][:1].isupper()


_CHOSEN: Final = frozenset({"password", "passphrase", "passwd", "pwd"})
"""What people choose themselves."""
_SPOKEN: Final = 3
_MADE_UP: Final = 10
"""Letters and figures of a password that somebody makes up of several parts."""


def _is_login(encoded: str) -> bool:
    """Tell whether a text is a user with a password as the header of a request carries them."""
    try:
        user, _colon, password = base64.b64decode(encoded[:400], validate=True).decode("utf-8").partition(":")
    except ValueError:
        return False
    return bool(user) and len(password) > 3 and user.isprintable() and not is_placeholder(f"{user} {password}")


def issued(value: str) -> bool:
    """Tell whether a text looks like a key that a service issued: long, mixed, with a prefix or without."""
    if not found(_ISSUED, value) or is_placeholder(value):
        return False
    longest = max(re.split(r"[-_]", value), key=len)
    if found(_SHORT_PREFIXED, value) and len(longest) >= _SHORT_KEY:
        return bool(re.search("[0-9].*[a-z]|[a-z].*[0-9]", longest)) and entropy(longest) >= 2.8
    spoken = re.findall(r"[A-Z]?[a-z]{3,}", longest)
    if len(spoken) > 2 and sum(map(len, spoken)) >= 0.8 * len(longest):
        return False  # words, such as those of a setting's name
    mixed = [bool(re.search(kind, longest)) for kind in ("[0-9]", "[a-z]", "[A-Z]")]
    return len(longest) >= 16 and all(mixed[:2] if found(_PREFIXED, value) else mixed) and entropy(longest) >= 3.4


def issued_or_hex(value: str) -> bool:
    """Tell whether a text is a key that a service issued, or a long number in hexadecimal digits."""
    return issued(value) or (found(r"^[0-9a-f]{24,80}$", value) and entropy(value) >= 3.0)


def entropy(text: str) -> float:
    """Return Shannon's entropy of a text in bits per character."""
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def masked(text: str) -> str:
    """Return a secret so that it is recognised by who knows it, and useless to who doesn't."""
    flat = " ".join(text.split())
    return f"{flat[:4]}… ({len(text)} characters)"
