"""Rules by which the same is done in less memory."""
