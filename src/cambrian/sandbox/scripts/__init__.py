"""Sandbox, scripts: runs code that an AI wrote, for its value, with tools, on one of several runtimes."""
