"""What runs inside a scorer's jail. Standard library and the core codec only; nothing else of Cambrian may be used.

- `scoring`: loads a task's evaluator and confers scores.
- `equality`: whether two answers are the same.
"""
