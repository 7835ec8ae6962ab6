from string import ascii_lowercase, ascii_uppercase, digits

COMMON = {"password", "qwerty12", "letmein1"}


def has_any(text, letters):
    return any(letter in letters for letter in text)


RULES = [
    ("at least 8 characters", lambda text: len(text) >= 8),
    ("a lower-case letter", lambda text: has_any(text, ascii_lowercase)),
    ("an upper-case letter", lambda text: has_any(text, ascii_uppercase)),
    ("a digit", lambda text: has_any(text, digits)),
    ("not a common one", lambda text: text.lower() not in COMMON),
]


def problems(text):
    return [name for name, holds in RULES if not holds(text)]


def strength(text):
    passed = len(RULES) - len(problems(text))
    return "*" * passed + "." * (len(RULES) - passed)


for candidate in ["abc", "Password", "Tr1cky-one", "QWERTY12"]:
    missing = problems(candidate)
    print(candidate.ljust(12), strength(candidate), "; ".join(missing) or "fine")
