"""Improvement: improve, heal, secure, review: pipelines over source, verify and search. Below the app.

No reading of settings or environment here; people's files are written by `applying` alone.
"""
