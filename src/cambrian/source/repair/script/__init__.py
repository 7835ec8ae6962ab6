"""Repair of JavaScript and TypeScript: texts that may be right for an error. Pure.

Index:
    program     the file: its tree, or only its tokens if it does not parse; made ready to be run and watched
    named       repairs that follow from what an error names
    words       what other languages call it
    shapes      repairs of the text of a file that does not parse
    structure   calls, awaits, returns, `this`, `new`, conditions
    logic       small changes for mistakes of logic
"""
