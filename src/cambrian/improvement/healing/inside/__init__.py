"""What runs in a jail while programs are healed, shipped there as text: standard library only."""
