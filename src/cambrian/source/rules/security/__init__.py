"""Security rules: what an attacker could use, found by data flow or by pattern, with the fix where there is a safe one.

Index:
    finding     what a security rule finds: a rewrite with severity, path and class
    classes     the OWASP classes, and which of them can be seen in a text
    secrets     what keys and passwords look like
    sql         statements put together from strings: their grammar, drivers, and the way to parameters
    python      rules for Python
    javascript  rules for JavaScript and TypeScript
"""
