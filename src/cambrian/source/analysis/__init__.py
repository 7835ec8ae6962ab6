"""What a Python file means, worked out from its text alone: names, kinds, effects. Nothing is executed or imported.

Index:
    module      `Module`: a file and all that can be asked of it; what rules are given
    index       the tree in the text: parents, statements, blocks, loops, nodes by type
    scopes      which variable a name is, as the compiler sees it
    flow        which bindings may reach a read
    meaning     what a dotted expression refers to, by the file's imports and the builtins
    kinds       what an expression's value certainly is; kind: how that is written; hints, guessing: what is assumed
    uses        what happens to an object where it is used; whether it may change in a stretch of code
    objects     whether an object may change in a stretch of code
    effects     whether evaluating an expression has effects; the same on every turn of a loop; failing: can it raise
    purity      the function of the file that a name is
    ownership   how far a variable can be followed; shapes: parts of syntax that many rules look for
    importing   how to write a library's name in this file
    tables      what is known of Python's builtins and standard library

An answer is *certain*: it holds for every run of the file, or it is "unknown", "no". Taken for granted, everywhere:
nobody replaces builtins or functions of the standard library; nobody outside of a file rebinds the names of its module;
operators, hashing, truth tests, attributes and iteration do not change *other* objects' contents; no debugger, signal
handler or other thread changes local objects in between. Where more has to be trusted (a type hint, a property without
effects), it is written down in the set `assumes` that a caller hands in; without one it is a "no".
"""

from .kinds import Kind
from .module import Module
from .scopes import Binding, Scope, Variable

__all__ = ["Binding", "Kind", "Module", "Scope", "Variable"]
