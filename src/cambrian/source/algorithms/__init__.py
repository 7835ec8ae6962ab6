"""Source: algorithms that a slow function can be replaced by, as plain Python, by family. Data: nothing here is run.

Each public function of a family's file is one algorithm. It stands for itself: what it needs it imports at the top of
the file or defines within. Its docstring names it, says where it is from, and after the last semicolon what it costs.
Annotations of parameters say what it takes. It ends in a ``return``. What it gives for arguments outside of its domain
is its own; where that matters, whoever puts it in another function's place keeps that function's code for them.
"""

from .library import Algorithm, Parameter, algorithms
from .placing import Adapter, Placement, placed

__all__ = ["Adapter", "Algorithm", "Parameter", "Placement", "algorithms", "placed"]
