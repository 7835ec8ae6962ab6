"""Evaluators written for other frameworks: found, recognised and made a task of. Nothing of theirs is executed here.

- `finding`: from what a person names to a task; its `find_task` is what commands call.
- `shape`: what an evaluator's text defines.
- `detection`: whose evaluator it is, and what to say when that cannot be told.
- `reading`: program, evaluator and config as a `Task`.
- `plain_yaml`: the plain part of YAML; refuses what is none.
- `config`: the few keys of a ``config.yaml`` that count here.
- `imports`: what they import and is not installed.
- `explicit`: what a ``task.toml`` says of such an evaluator.
- `writing`: such a task as a ``task.toml``.
"""
