"""Reports of a run: on the terminal, as JSON, as JUnit XML and as an HTML page."""
