"""Attacks of scripts on the runtimes that run them: 41 classes, each with a control that gets through uncaged."""
