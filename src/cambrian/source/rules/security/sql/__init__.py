"""SQL put together from strings, taken apart again: pure text, for every language.

Index:
    literals   string literals, character by character, with their place in the file
    template   an expression as the text it gives, with holes
    grammar    what stands in each hole of a statement: a value, or something that no parameter can stand for
    drivers    how each database driver writes parameters
    rewriting  from holes to parameters
"""
