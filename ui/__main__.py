"""`python -m ui`: the `griot` command; alone, it serves the chat."""

import sys

from ui.cli import main

sys.exit(main(sys.argv[1:] or ["chat"]))
