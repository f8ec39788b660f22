"""Lets the tests of recordings import the modules beside them, and the deviant servers."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
