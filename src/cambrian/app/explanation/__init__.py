"""What a run did, in plain language: what changed, by whom, with what gain, on what evidence.

Index:
    attribution  the lineage and its texts → steps, hunks with the steps that made them, edits by kind
    telling      the same as lines for people
"""
