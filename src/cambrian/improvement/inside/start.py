"""Improvement, inside: laid beside a project as ``sitecustomize``: begins a watch in each of its Python processes."""

import importlib
import importlib.machinery
import importlib.util
import json
import os
import sys

_HERE = os.path.dirname(os.path.abspath(__file__))


def _begin() -> None:
    with open(os.path.join(_HERE, "_cambrian_watch", "settings.json"), encoding="utf-8") as file:
        settings = json.load(file)
    importlib.import_module("_cambrian_watch." + settings["kind"]).begin(settings)


def _go_on() -> None:
    """The environment's own file of this name, which ours hides."""
    finders = [path for path in sys.path if os.path.abspath(path or ".") != _HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", finders)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)


_go_on()
_begin()
