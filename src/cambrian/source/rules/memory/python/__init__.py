"""Rules for Python by which the same is done in less memory. One file each; trees only."""
