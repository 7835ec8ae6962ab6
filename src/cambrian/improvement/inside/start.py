"""Improvement, inside: laid beside a project as ``sitecustomize``: begins a watch in each of its Python processes."""

import importlib
import importlib.machinery
import importlib.util
import json
import os
import sys


def _begin() -> None:
    settings = json.loads(os.environ["CAMBRIAN_WATCH"])
    importlib.import_module("_cambrian_watch." + settings["kind"]).begin(settings)


def _go_on() -> None:
    """The environment's own file of this name, which ours hides."""
    here = os.path.dirname(os.path.abspath(__file__))
    finders = [path for path in sys.path if os.path.abspath(path or ".") != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", finders)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


_go_on()
_begin()
