"""Fuzzers of everything that reads what others wrote: `script/fuzz`. Inputs to begin with are in `corpus/`."""
