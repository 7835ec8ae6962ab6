"""What is known of libraries: what comes from outside, what cleans, what is dangerous to hand over. Tables only."""

from __future__ import annotations

import builtins
import re

__all__ = [
    "ARGUMENT_TEXT", "BUILTINS", "CLEANING", "CLEANING_METHODS", "METHOD_SINKS", "REQUESTS", "REQUEST_DATA",
    "REQUEST_NAMES", "ROUTES", "SAFE_FOR", "SINKS", "SOURCES", "is_constant_name", "sink_of",
]  # fmt: skip

BUILTINS = frozenset(dir(builtins))

REQUESTS = frozenset({
    "flask.request", "quart.request", "bottle.request", "django.http.HttpRequest", "django.http.request.HttpRequest",
    "fastapi.Request", "starlette.requests.Request", "aiohttp.web.Request", "sanic.Request", "sanic.request.Request",
    "werkzeug.Request", "werkzeug.wrappers.Request", "rest_framework.request.Request", "fastapi.WebSocket",
    "starlette.websockets.WebSocket", "falcon.Request", "pyramid.request.Request", "webob.Request",
})  # fmt: skip
"""Objects that hold what a client sent."""
REQUEST_DATA = frozenset({
    "args", "form", "values", "json", "data", "headers", "cookies", "files", "query_string", "path", "url", "full_path",
    "base_url", "referrer", "user_agent", "view_args", "stream", "get_json", "get_data", "GET", "POST", "META",
    "COOKIES", "FILES", "body", "get_full_path", "build_absolute_uri", "query_params", "path_params", "query",
    "match_info", "rel_url", "post", "text", "read", "params", "raw_args", "matchdict", "forms", "json_body", "token",
    "receive_text", "receive_json", "receive_bytes", "media", "bounded_stream", "get_media", "get_param", "POST_DATA",
})  # fmt: skip
"""Attributes of such objects that hold it."""
REQUEST_NAMES = frozenset({"request", "req"})
"""What the first parameter of a view is called."""
ROUTES = frozenset({
    "route", "get", "post", "put", "delete", "patch", "head", "options", "api_route", "websocket", "websocket_route",
    "errorhandler", "view", "action", "api_view",
})  # fmt: skip
"""Decorators that make a function the answer to a request."""

SOURCES: dict[str, str] = {
    "builtins.input()": "input()",
    "sys.argv": "sys.argv",
    "sys.stdin": "standard input",
    "fileinput.input()": "standard input",
    "argparse.ArgumentParser().parse_args()": "the command line",
    "argparse.ArgumentParser().parse_known_args()": "the command line",
    "cgi.FieldStorage()": "a form",
    "urllib.request.urlopen()": "another server's answer",
    "requests.get()": "another server's answer",
    "requests.post()": "another server's answer",
    "requests.request()": "another server's answer",
    "httpx.get()": "another server's answer",
    "httpx.post()": "another server's answer",
    "socket.socket().recv()": "the network",
    "socket.socket().recvfrom()": "the network",
    "socket.socket().accept().recv()": "the network",
}
"""Tags whose values come from outside → how a person calls them. Requests of web frameworks come on top."""

CLEANING = frozenset({
    "builtins.int", "builtins.float", "builtins.bool", "builtins.len", "builtins.ord", "builtins.hash", "builtins.id",
    "builtins.isinstance", "builtins.issubclass", "builtins.callable", "builtins.hasattr", "builtins.range",
    "builtins.complex", "builtins.round", "builtins.any", "builtins.all", "builtins.type",
    "uuid.UUID", "uuid.uuid4", "uuid.uuid1", "decimal.Decimal", "fractions.Fraction", "ipaddress.ip_address",
    "ipaddress.ip_network", "datetime.datetime.strptime", "datetime.date.fromisoformat", "datetime.datetime.now",
    "datetime.datetime.utcnow", "datetime.date.today", "datetime.datetime.fromisoformat", "time.time",
    "datetime.datetime.fromtimestamp", "time.monotonic", "os.getpid", "os.getcwd", "hashlib.sha256", "hashlib.md5",
    "hashlib.sha1", "hashlib.sha512", "hmac.new", "werkzeug.security.generate_password_hash", "re.escape",
    "werkzeug.security.check_password_hash", "hmac.compare_digest", "secrets.token_hex", "secrets.token_urlsafe",
    "flask.url_for", "django.urls.reverse", "psycopg2.sql.Identifier", "psycopg.sql.Identifier", "os.urandom",
    "psycopg2.sql.Literal", "psycopg.sql.Literal", "psycopg2.extensions.quote_ident", "os.path.exists",
    "os.path.isfile", "os.path.isdir", "psycopg2.sql.SQL", "psycopg.sql.SQL", "psycopg2.sql.Placeholder",
    "django.shortcuts.get_object_or_404", "random.randint", "random.random", "random.randrange", "zlib.crc32",
})  # fmt: skip
"""Functions whose results hold nothing that an attacker wrote."""
CLEANING_METHODS = frozenset({
    "isdigit", "isalnum", "isalpha", "isidentifier", "isdecimal", "isnumeric", "isspace", "startswith", "endswith",
    "index", "find", "count", "hexdigest", "digest", "timestamp", "total_seconds", "isoformat", "bit_length", "rfind",
    "is_valid", "fetchall_count", "quote_identifier", "quote_ident", "get_current_parameters", "fileno", "tell",
})  # fmt: skip
"""Methods of any object whose results hold nothing of it."""
SAFE_FOR: dict[str, tuple[str, ...]] = {
    "shlex.quote": ("command",), "pipes.quote": ("command",), "shlex.join": ("command",),
    "subprocess.list2cmdline": (),
    "html.escape": ("xss",), "markupsafe.escape": ("xss",), "flask.escape": ("xss",), "cgi.escape": ("xss",),
    "django.utils.html.escape": ("xss",), "bleach.clean": ("xss",), "nh3.clean": ("xss",),
    "xml.sax.saxutils.escape": ("xss",),
    "django.utils.html.format_html": ("xss",), "flask.render_template": ("xss",), "django.shortcuts.render": ("xss",),
    "django.template.loader.render_to_string": ("xss",), "flask.jsonify": ("xss",), "json.dumps": ("xss",),
    "werkzeug.utils.secure_filename": ("path", "command"), "werkzeug.secure_filename": ("path", "command"),
    "os.path.basename": ("path",), "ntpath.basename": ("path",), "posixpath.basename": ("path",),
    "werkzeug.utils.safe_join": ("path",), "werkzeug.security.safe_join": ("path",), "flask.safe_join": ("path",),
    "django.utils._os.safe_join": ("path",),
    "urllib.parse.quote": ("xss", "path", "redirect", "command"), "urllib.parse.quote_plus": ("xss", "redirect"),
    "urllib.parse.urlencode": ("xss", "redirect", "command"), "base64.b64encode": ("xss", "sql", "command"),
    "base64.urlsafe_b64encode": ("xss", "sql", "command", "path"),
    "binascii.hexlify": ("xss", "sql", "command", "path"),
    "ldap.filter.escape_filter_chars": ("ldap",), "ldap3.utils.conv.escape_filter_chars": ("ldap",),
    "ast.literal_eval": ("eval",), "lxml.etree.XPath": ("xpath",),
}  # fmt: skip
"""Functions whose results are harmless for some classes of sinks → which."""

ARGUMENT_TEXT = frozenset({"self", "cls"})

_SHELLS = ("run", "call", "check_call", "check_output", "Popen")
_HTTP = ("get", "post", "put", "delete", "patch", "head", "options", "request")
_TREES = ("parse", "fromstring", "iterparse", "XML", "XMLParser")
_GROUPS: dict[str, tuple[str, ...]] = {
    "command": (
        "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput",
        "asyncio.create_subprocess_shell", "popen2.popen2", "popen2.popen3",
        *(f"subprocess.{name}" for name in _SHELLS),
    ),
    "eval": ("builtins.eval", "builtins.exec", "builtins.compile", "code.InteractiveInterpreter().runsource"),
    "deserialise": (
        "pickle.loads", "pickle.load", "pickle.Unpickler", "cPickle.loads", "cPickle.load", "_pickle.loads",
        "dill.loads", "dill.load", "cloudpickle.loads", "cloudpickle.load", "marshal.loads", "marshal.load",
        "shelve.open", "jsonpickle.decode", "joblib.load", "pandas.read_pickle", "torch.load",
    ),
    "yaml": ("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load", "yaml.unsafe_load_all"),
    "path": (
        "builtins.open", "io.open", "codecs.open", "os.open", "os.remove", "os.unlink", "os.rmdir", "os.listdir",
        "os.scandir", "os.mkdir", "os.makedirs", "os.rename", "os.replace", "shutil.rmtree", "shutil.copy",
        "shutil.copyfile", "shutil.copy2", "shutil.move", "flask.send_file", "quart.send_file", "aiofiles.open",
        "fastapi.responses.FileResponse", "starlette.responses.FileResponse", "django.http.FileResponse", "os.walk",
        "zipfile.ZipFile().extractall", "tarfile.open().extractall", "tarfile.TarFile().extractall",
        *(f"pathlib.Path().{name}" for name in (
            "open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "iterdir", "rmdir", "mkdir",
        )),
    ),
    "template": (
        "flask.render_template_string", "quart.render_template_string", "jinja2.Template", "mako.template.Template",
        "jinja2.Environment().from_string", "django.template.Template", "jinja2.environment.Environment().from_string",
    ),
    "xss": (
        "flask.Markup", "markupsafe.Markup", "django.utils.safestring.mark_safe", "django.http.HttpResponse",
        "flask.make_response", "flask.Response", "fastapi.responses.HTMLResponse", "starlette.responses.HTMLResponse",
        "django.utils.safestring.SafeString", "werkzeug.Response", "aiohttp.web.Response",
    ),
    "redirect": (
        "flask.redirect", "quart.redirect", "django.shortcuts.redirect", "django.http.HttpResponseRedirect",
        "django.http.HttpResponsePermanentRedirect", "fastapi.responses.RedirectResponse", "werkzeug.utils.redirect",
        "starlette.responses.RedirectResponse", "aiohttp.web.HTTPFound", "bottle.redirect",
    ),
    "ssrf": (
        *(f"{module}.{name}" for module in ("requests", "httpx") for name in _HTTP),
        *(f"{made}.{name}" for made in (
            "requests.Session()", "requests.session()", "httpx.Client()", "httpx.AsyncClient()",
            "aiohttp.ClientSession()",
        ) for name in _HTTP),
        "urllib.request.urlopen", "urllib.request.Request", "urllib.request.urlretrieve",
        "urllib3.PoolManager().request",
        "http.client.HTTPConnection", "http.client.HTTPSConnection",
    ),
    "xxe": (
        *(f"lxml.etree.{name}" for name in _TREES), *(f"xml.etree.ElementTree.{name}" for name in _TREES),
        *(f"xml.dom.minidom.{name}" for name in ("parse", "parseString")), "xml.sax.parse", "xml.sax.parseString",
        "xml.sax.make_parser", "xml.dom.pulldom.parse", "xml.dom.pulldom.parseString",
    ),
    "hash": ("hashlib.md5", "hashlib.sha1", "hashlib.new", "Crypto.Hash.MD5.new", "Crypto.Hash.SHA1.new", "md5.new"),
    "random": tuple(
        f"random.{name}" for name in (
            "random", "randint", "randrange", "choice", "choices", "sample", "getrandbits", "uniform", "shuffle",
            "randbytes",
        )
    ),
    "temporary": ("tempfile.mktemp", "os.tempnam", "os.tmpnam"),
    "chmod": ("os.chmod", "os.fchmod", "pathlib.Path().chmod"),
    "tls": ("ssl._create_unverified_context", "ssl.wrap_socket", "ssl.SSLContext", "urllib3.disable_warnings"),
    "jwt": ("jwt.decode", "jose.jwt.decode", "jwt.JWT().decode"),
    "cipher": ("Crypto.Cipher.DES.new", "Crypto.Cipher.ARC4.new", "Crypto.Cipher.AES.new", "Cryptodome.Cipher.AES.new"),
    "ldap": ("ldap.initialize().search_s", "ldap.initialize().search", "ldap3.Connection().search"),
}  # fmt: skip
SINKS: dict[str, str] = {name: kind for kind, names in _GROUPS.items() for name in names}
"""Dotted function → class of sinks."""
METHOD_SINKS: dict[str, str] = {
    "execute": "sql", "executemany": "sql", "executescript": "sql", "exec_driver_sql": "sql", "raw": "sql",
    "extra": "sql", "read_sql": "sql", "read_sql_query": "sql", "fetch": "sql", "fetchrow": "sql", "fetchval": "sql",
    "fetch_one": "sql", "fetch_all": "sql", "fetch_val": "sql", "execute_sql": "sql", "scalar": "sql", "scalars": "sql",
    "run": "server", "xpath": "xpath", "set_cookie": "cookie", "serve_forever": "server", "bind": "server",
    "run_simple": "server",
}  # fmt: skip
"""Method of any object → class of sinks."""
_NAMED_SQL = frozenset({
    "sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "django.db.models.expressions.RawSQL",
    "flask_sqlalchemy.SQLAlchemy().text", "pandas.read_sql", "pandas.read_sql_query",
})  # fmt: skip
_CONSTANT = re.compile(r"_{0,2}[A-Z][A-Z0-9_]*$")


def is_constant_name(name: str) -> bool:
    """Whether a name is written as those of constants are."""
    return _CONSTANT.match(name) is not None


def sink_of(tag: str, method: str) -> str:
    """The class of sinks that a function is, ``""`` if none.

    Args:
        tag: its dotted name, as far as it is known.
        method: the last part of what is called, if it is an attribute.
    """
    if tag in SINKS:
        return SINKS[tag]
    if tag in _NAMED_SQL or tag.endswith(("SQLAlchemy().text", ".expressions.RawSQL", ".models.RawSQL")):
        return "sql"
    if method in _TAG_ENDS and tag.endswith(_TAG_ENDS[method]):
        return "template" if method == "from_string" else "path"
    return METHOD_SINKS.get(method, "")


_TAG_ENDS: dict[str, tuple[str, ...]] = {
    "from_string": ("Environment().from_string",),
    "extractall": ("ZipFile().extractall", "tarfile.open().extractall", "TarFile().extractall"),
}
