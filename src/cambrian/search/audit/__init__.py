"""The evaluator doctor: wrong answers are put to a task's own evaluator, in its jail, before a search finds them.

A *hole* is shown: an answer that is wrong by construction was worth at least as much as the honest one. A *risk* is
read in the evaluator's text, or odd, and nothing is shown. *Contained* is what was tried in vain.

Index:
    auditing    an audit from beginning to end
    findings    what it gives
    bench       where probes are tried, and what is better than the honest answer
    artifacts, foreign   the benches of artifact mode and of other frameworks' evaluators
    spoiling    the task's program with spoilt answers, as text
    hints       what an evaluator's text gives away
    tolerances  its tolerances, and its text with stricter ones
    families    the probes
"""

from .auditing import QUICK, THOROUGH, audit_task
from .findings import Audit, Finding

__all__ = ["QUICK", "THOROUGH", "Audit", "Finding", "audit_task"]
