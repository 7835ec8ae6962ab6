"""What runs inside a scorer's jail. Standard library and the core codec only; nothing else of Cambrian may be used.

- `scoring`: loads a task's evaluator and confers scores.
What is the same is told by `verify.inside`.
"""
