"""Test kit for users and for this project's own tests: conformance suites, fakes, a clock moved by hand.

Nothing in Cambrian imports it; it may import anything below `app`.

Index:
    store_suite   conformance of a journal store: subclass `StoreSuite`, give one fixture
    durability_suite  the same for one that keeps its content: subclass `DurabilitySuite`
    script_runtime    conformance of a runtime of scripts: subclass `ScriptRuntimeSuite`, give one fixture
    script_cases  its tables; `script_play` plays a script
    crash         run a child process that dies at a labelled crash point
    clock         `ManualClock`
"""
