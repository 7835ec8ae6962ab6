"""Improvement: `cambrian secure`: looks for what an attacker could use, and fixes what has a safe fix.

Index:
    report        what was found, for people and programs
    scanning      file by file through a project, callers after those they call
    ignoring      comments by which a person takes a finding for settled, and files of findings that are known
    fixing        fixes put together, and checked
    checking      fixes of SQL run before and after, on harmless and on hostile values
    dependencies  packages that a project asks for, against a folder of advisories
    sarif         the report for other tools

Untrusted code is run in `checking` alone, in a jail. Nothing is written here.
"""
