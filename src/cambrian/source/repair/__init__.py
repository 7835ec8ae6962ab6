"""Repair: what could have been meant where a program fails. Pure text to text; nothing is executed.

Index:
    report          how a program failed, and a text that may be right
    named           what follows from what an error names
    syntax          texts that do not parse
    spelling        which known word was meant
    foreign         words of other languages
    surface         a Python text under repair: its expressions and statements, with where they stand
    patch           a possible repair of logic
    operators       kinds of small changes for mistakes of logic, each going through a text in a fixed order
    correspondence  which variable of one function plays the part of which in another
    alignment       how one function becomes another one: hunks that may be left out
"""
