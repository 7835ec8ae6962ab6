"""How a variant is run and scored: one slot, whatever the kind of task. Nothing of a candidate's is believed here.

- `evaluator`: the slot that a search holds; it turns what a kind of evaluation gives into a record.
- `kind`: what every kind has to offer; `artifact` and `callable` are split (program and scorer in jails of their own).
- `attempt`: what one evaluation has gathered so far, and how it fails.
- `sampled`: several runs as one record, where an objective is noisy.
- `scorer`: the engine's side of a task's scorer.
"""

from .attempt import SAME_INPUTS
from .evaluator import Evaluator, Outcome
from .sampled import again, sampled

__all__ = ["SAME_INPUTS", "Evaluator", "Outcome", "again", "sampled"]
