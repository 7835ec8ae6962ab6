"""Program text: read, compared, edited, never executed. No processes, no files, no network; core only.

Index:
    blocks      which lines of a program may change
    tree        the parser, with walls around it
    walk        one walk over a tree that notes all that the checks ask
    chunk       a file in runs of whole statements, each looked at once
    reading     a file, put together from its chunks
    cache       what was worked out from a text, kept for a while
    syntax      does it parse, and safely so
    names       names that certainly do not resolve
    normalise   one digest for all spellings of the same program
    literals    the numbers in a program, and how to replace them
    edit        splices by position: what is outside an edit stays as it is, to the character
    diff        what changed, for people
    mistakes    which operator or function is mistaken for which
    repair      what could have been meant where a program fails
    javascript  a script's last expression made its value; what it does at top level
    javascript_tokens, javascript_tree  the tokens, and the parser with walls around it
    typescript  types overwritten with blanks; what cannot be
    features_script  what a script needs of a runtime and how much it will do; features_language: which language it is
    features_python, features_javascript, features_tally  how that is read and counted
"""
