"""Rules: what can be written better, found and rewritten in text. One rule, one file; nothing is executed.

Index:
    rule        what a rule is, and what it finds
    catalogue   all rules: those shipped here and those of installed packages
"""
