"""The judging core that the server suite and the client suite share: contract, run, verdict, report."""
