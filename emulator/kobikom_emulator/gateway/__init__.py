"""The core's shell: bytes in, an answer out, everything explained in the journal. Knows no HTTP server and no adapter."""
