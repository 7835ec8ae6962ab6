import re
from typing import NamedTuple


class Token(NamedTuple):
    kind: str
    text: str


PATTERNS = [("number", r"\d+(?:\.\d+)?"), ("name", r"[A-Za-z_]\w*"), ("operator", r"[-+*/()=]"), ("space", r"\s+")]
SCANNER = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in PATTERNS))


def tokenize(source):
    position = 0
    while position < len(source):
        match = SCANNER.match(source, position)
        if match is None:
            raise SyntaxError("unexpected " + repr(source[position]) + " at " + str(position))
        if match.lastgroup != "space":
            yield Token(match.lastgroup, match.group())
        position = match.end()


for token in tokenize("rate = 2.5 * (base + 10)"):
    print(token.kind, token.text)
try:
    list(tokenize("a ? b"))
except SyntaxError as error:
    print(error)
