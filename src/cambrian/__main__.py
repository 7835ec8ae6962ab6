"""``python -m cambrian``: the command line."""

import sys

from cambrian.app.cli import main

if __name__ == "__main__":
    sys.exit(main())
