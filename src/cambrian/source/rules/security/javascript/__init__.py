"""Security rules for JavaScript and TypeScript. Text and trees only.

Index:
    flow        where values come from, by the variables of a file
    statement   SQL in template literals and sums of strings
    ruling      what the rules have in common
    sql_injection, calling, patterns   the rules
"""
