"""Program text: read, compared, edited, never executed. No processes, no files, no network; core only.

Index:
    blocks      which lines of a program may change
    syntax      does it parse, and safely so
    names       names that certainly do not resolve
    normalise   one digest for all spellings of the same program
    literals    the numbers in a program, and how to replace them
    edit        splices by position: what is outside an edit stays as it is, to the character
    diff        what changed, for people
"""
