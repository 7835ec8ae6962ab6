"""What runs inside the jail of an evaluation that is not split: an evaluator written for another framework, as it is.

Standard library only. The evaluator runs the candidate in this very process, so nothing that is computed here is more
than the candidate's own word; the engine takes it as such.

- `runner`: prepares the place and calls one of the frameworks.
- `openevolve`, `shinka`, `gepa`: how each framework calls an evaluator and what it makes of the answer.
- `answer`: numbers and words as they cross the border.
"""
