"""Law: measures what the project promises of its speed (P1-P9). Imports the emulator only; nobody imports it.

Every promise is a ratio, because machines differ and shared ones swing by a third between seconds. What is compared
runs in turns (A, B, A, B, ...) and the median of the ratios of neighbours counts. Run it with ``script/bench``.
"""
