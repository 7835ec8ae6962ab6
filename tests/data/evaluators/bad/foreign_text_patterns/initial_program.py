"""Finds the rule behind examples of texts."""

# EVOLVE-BLOCK-START


def transform(text):
    """Answer the text changed by the rule."""
    return text.title()


# EVOLVE-BLOCK-END
