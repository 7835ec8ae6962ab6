"""Security rules for Python, one to a file. Text and trees only."""
