"""Repair: what could have been meant where a program fails. Pure text to text; nothing is executed.

Index:
    surface     a Python text under repair: its expressions and statements, with where they stand
    patch       a possible repair
    operators   kinds of small changes for mistakes of logic, each going through a text in a fixed order
"""
