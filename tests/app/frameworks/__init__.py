"""Tasks of other frameworks: found, recognised, explained."""
