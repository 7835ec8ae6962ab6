"""What runs inside jails, sent there as text: the standard library, the core codec and these files only."""
