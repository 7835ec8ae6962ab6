"""What is known of Python's builtins and standard library: which functions only read, and what they give."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCALARS: Final = _words("int float complex bool str bytes NoneType")
"""Kinds whose values never change, and whose operators are Python's own."""
IMMUTABLE: Final = SCALARS | _words("range frozenset slice ellipsis function type re.Pattern")
"""Kinds whose values never change. A tuple is not among them: its items may."""
CONTAINERS: Final = _words(
    "list tuple dict set frozenset str bytes bytearray range deque Counter defaultdict OrderedDict"
)
"""Kinds that can be iterated over again and again, and know their length."""
ITERATORS: Final = _words("generator iterator file")
BUILTIN_KINDS: Final = IMMUTABLE | CONTAINERS | ITERATORS
"""Kinds whose own operators have no effects, apart from what their items' operators do."""

RETURNS: Final[dict[str, str]] = {
    **dict.fromkeys(("builtins.list", "builtins.sorted", "builtins.dir"), "list"),
    **dict.fromkeys(("builtins.len", "builtins.ord", "builtins.id", "builtins.hash", "builtins.int"), "int"),
    **dict.fromkeys(("math.floor", "math.ceil", "math.gcd", "math.comb", "math.factorial", "math.isqrt"), "int"),
    **dict.fromkeys(("math.perm", "math.lcm"), "int"),
    **{
        f"math.{name}": "float"
        for name in _words("sqrt sin cos tan exp log log2 log10 atan atan2 hypot fabs fsum dist degrees radians")
    },
    **dict.fromkeys(
        _words(
            "builtins.isinstance builtins.issubclass builtins.callable builtins.any builtins.all builtins.hasattr "
            "builtins.bool"
        ),
        "bool",
    ),
    **dict.fromkeys(
        _words(
            "builtins.str builtins.repr builtins.chr builtins.hex builtins.bin builtins.oct builtins.ascii "
            "builtins.format builtins.input"
        ),
        "str",
    ),
    **dict.fromkeys(_words("builtins.enumerate builtins.zip builtins.map builtins.filter builtins.iter"), "iterator"),
    "builtins.reversed": "iterator",
    "builtins.dict": "dict",
    "builtins.set": "set",
    "builtins.frozenset": "frozenset",
    "builtins.tuple": "tuple",
    "builtins.divmod": "tuple",
    "builtins.float": "float",
    "builtins.complex": "complex",
    "builtins.bytes": "bytes",
    "builtins.bytearray": "bytearray",
    "builtins.range": "range",
    "builtins.open": "file",
    "collections.deque": "deque",
    "collections.Counter": "Counter",
    "collections.defaultdict": "defaultdict",
    "collections.OrderedDict": "OrderedDict",
    "re.compile": "re.Pattern",
    "re.sub": "str",
    "re.escape": "str",
    "re.findall": "list",
    "re.split": "list",
    "heapq.nsmallest": "list",
    "heapq.nlargest": "list",
}
"""Dotted name of a function → the kind that it gives."""

_STR = {
    "str": (
        "capitalize casefold center expandtabs format format_map join ljust lower lstrip replace rjust rstrip strip "
        "swapcase title translate upper zfill removeprefix removesuffix"
    ),
    "int": "count find index rfind rindex",
    "bool": (
        "endswith isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle "
        "isupper startswith"
    ),
    "list": "split rsplit splitlines",
    "tuple": "partition rpartition",
    "bytes": "encode",
}
_LIST = {"int": "count index", "list": "copy"}
_TUPLE = {"int": "count index"}
_DICT = {"view": "keys values items", "dict": "copy", "": "get"}
_SET = {"bool": "isdisjoint issubset issuperset", "set": "copy difference intersection union symmetric_difference"}


def _methods(table: dict[str, str], own: str = "") -> dict[str, str]:
    return {name: own or kind for kind, names in table.items() for name in names.split()}


READING: Final[dict[str, dict[str, str]]] = {
    "str": _methods(_STR),
    "list": _methods(_LIST),
    "tuple": _methods(_TUPLE),
    "range": _methods(_TUPLE),
    "dict": _methods(_DICT),
    "Counter": {**_methods(_DICT), "copy": "Counter", "most_common": "list", "elements": "iterator"},
    "defaultdict": {**_methods(_DICT), "copy": "defaultdict"},
    "OrderedDict": {**_methods(_DICT), "copy": "OrderedDict"},
    "set": _methods(_SET),
    "frozenset": {**_methods(_SET), **dict.fromkeys(_SET["set"].split(), "frozenset")},
    "deque": {"count": "int", "index": "int", "copy": "deque"},
    "int": {"bit_length": "int", "bit_count": "int", "conjugate": "int"},
    "float": {"is_integer": "bool", "hex": "str"},
    "bytes": {"decode": "str", "hex": "str", "startswith": "bool", "endswith": "bool", "find": "int", "count": "int"},
    "re.Pattern": {"sub": "str", "findall": "list", "split": "list", "match": "", "search": "", "fullmatch": ""},
}
"""Kind → its methods that change nothing → the kind that they give, ``""`` if that depends."""

CHANGING: Final[dict[str, frozenset[str]]] = {
    "list": _words("append extend insert pop remove clear sort reverse"),
    "set": _words(
        "add discard remove pop clear update difference_update intersection_update symmetric_difference_update"
    ),
    "dict": _words("clear pop popitem setdefault update"),
    "deque": _words("append appendleft extend extendleft insert pop popleft remove clear rotate reverse"),
    "Counter": _words("clear pop popitem setdefault update subtract"),
    "defaultdict": _words("clear pop popitem setdefault update"),
    "OrderedDict": _words("clear pop popitem setdefault update move_to_end"),
    "bytearray": _words("append extend insert pop remove clear reverse"),
}
"""Kind → its methods that change it, and nothing else but an iterator they are given."""
TELLING: Final[dict[str, str]] = {
    **dict.fromkeys(
        _words(
            "split rsplit splitlines lower upper strip lstrip rstrip startswith endswith isdigit isalpha isalnum "
            "isupper islower isspace title capitalize swapcase casefold zfill encode partition rpartition replace join"
        ),
        "str",
    ),
    **dict.fromkeys(_words("append sort extend insert reverse"), "list"),
    **dict.fromkeys(_words("items keys values setdefault get"), "dict"),
}
"""Methods by which a parameter tells what it is, most likely."""
CHANGES: Final = frozenset[str]().union(*CHANGING.values())
READS: Final = frozenset[str]().union(*READING.values()) - CHANGES
"""Names of methods that change nothing, on builtin kinds."""
KEEPS: Final = _words("append appendleft insert add setdefault")
"""Changing methods that keep what they are given in the object."""
STORES_ITEMS: Final = _words("extend extendleft update")
"""Changing methods that take the items of what they are given."""

PURE: Final = frozenset(
    {
        f"builtins.{name}"
        for name in _words(
            "abs all any ascii bin bool bytes chr complex dict divmod enumerate float format frozenset hash hex int "
            "isinstance issubclass len list max min oct ord pow range repr reversed round set slice sorted str sum "
            "tuple type zip callable map filter"
        )
    }
    | {
        f"math.{name}"
        for name in _words(
            "acos acosh asin asinh atan atan2 atanh ceil comb copysign cos cosh degrees dist erf erfc exp expm1 fabs "
            "factorial floor fmod frexp fsum gamma gcd hypot isclose isfinite isinf isnan isqrt lcm ldexp lgamma log "
            "log10 log1p log2 modf nextafter perm pow prod radians remainder sin sinh sqrt tan tanh trunc ulp cbrt exp2"
        )
    }
    | {
        "re.compile", "re.escape", "re.sub", "re.findall", "re.match", "re.search", "re.fullmatch", "re.split",
        "heapq.nsmallest", "heapq.nlargest", "bisect.bisect", "bisect.bisect_left", "bisect.bisect_right",
        "operator.itemgetter", "operator.attrgetter", "collections.Counter", "collections.deque",
        "collections.OrderedDict", "collections.defaultdict", "itertools.chain", "itertools.product",
        "itertools.permutations", "itertools.combinations", "itertools.accumulate", "itertools.repeat",
        "itertools.islice", "itertools.zip_longest", "itertools.pairwise", "fractions.Fraction", "decimal.Decimal",
        "json.loads", "json.dumps", "datetime.timedelta", "datetime.date", "datetime.datetime", "string.capwords",
        "functools.reduce", "itertools.groupby", "itertools.starmap", "itertools.takewhile", "itertools.dropwhile",
    }
)  # fmt: skip
"""Functions that change nothing and give the same for the same arguments. They use up iterators, and call their items'
operators and the functions they are given."""
SCALAR_ARGUMENTS: Final = _words(
    "builtins.range builtins.len builtins.abs builtins.int builtins.float builtins.round builtins.ord builtins.chr "
    "builtins.bin builtins.hex builtins.oct builtins.isinstance builtins.issubclass builtins.type builtins.callable "
    "builtins.bool builtins.pow builtins.divmod builtins.slice builtins.hash"
)
"""Of `PURE`, those that iterate over none of their arguments; `math`'s do neither, but for a few."""
CALLS_BACK: Final = frozenset(
    {"builtins.map", "builtins.filter", "functools.reduce", "itertools.starmap", "itertools.takewhile"}
    | {"itertools.dropwhile", "re.sub", "collections.defaultdict", "itertools.groupby", "itertools.accumulate"}
)
"""Of `PURE`, those whose arguments are functions that they call."""
CONSTANTS: Final = {
    **dict.fromkeys(("math.pi", "math.e", "math.tau", "math.inf", "math.nan"), "float"),
    **{f"string.{name}": "str" for name in _words("ascii_lowercase ascii_uppercase ascii_letters digits hexdigits")},
    **dict.fromkeys(("string.punctuation", "string.whitespace", "string.printable", "os.sep", "os.linesep"), "str"),
    "sys.maxsize": "int",
}
"""Dotted name of a constant → its kind."""
READERS: Final = PURE | frozenset(
    {"builtins.print", "builtins.iter", "builtins.next", "builtins.id", "builtins.getattr", "builtins.hasattr"}
    | {"heapq.merge", "copy.copy", "copy.deepcopy", "random.choice", "random.sample", "random.choices", "json.dump"}
)
"""Functions that change none of their arguments, apart from iterators, and keep none beyond what they return."""
LAZY: Final = _words("builtins.iter builtins.enumerate builtins.zip builtins.map builtins.filter builtins.reversed")
"""Of these, functions whose result reads its arguments later."""
VIEWS: Final = _words("keys values items elements")
"""Methods whose result reads their object later."""
RETURNS_ITEMS: Final = _words("builtins.max builtins.min builtins.sum builtins.next builtins.getattr")
"""Of these, functions that may return an item of an argument, or an argument itself."""
CHANGES_FIRST: Final = frozenset(
    {"heapq.heapify", "heapq.heappush", "heapq.heappop", "heapq.heapreplace", "heapq.heappushpop", "random.shuffle"}
    | {"bisect.insort", "bisect.insort_left", "bisect.insort_right"}
)
"""Functions that change their first argument and nothing else."""
