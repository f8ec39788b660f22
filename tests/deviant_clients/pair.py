"""Two deviant clients in one: ``pair.py NAME NAME`` deviates as both do."""

import importlib
import sys

if __name__ == "__main__":
    first, second = (importlib.import_module(name).DeviantClient for name in sys.argv[1:3])
    type("Both", (first, second), {})().serve()
