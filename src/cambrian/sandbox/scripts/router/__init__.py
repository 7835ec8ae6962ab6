"""Sandbox, scripts, router: which runtime gets a script, with reasons. Starts nothing but probes.

Index:
    policy    presets: how strongly a runtime has to be confined, in a fixed table
    table     what a runtime can do, by feature
    snippets  small scripts, one per feature
    probe     tries them on a runtime; keeps what came out by version
    cost      how long a script will take on a runtime, learnt from what others took
    breaker   leaves a runtime alone whose machinery fails
    route     puts these together: an order of runtimes

The floor comes from the preset that a person chose, and from nothing else: neither a script's text nor what was learnt
has a way to it.
"""
