"""Measures the emulator's speed and memory against the project's targets P1 to P23. Run it with ``script/bench``.

Most targets are ratios, because machines differ and the speed of a shared machine varies by a third within seconds.
The two sides of a ratio are measured alternately (A, B, A, B, ...), and the result is the median of the ratios of the
pairs.
"""
