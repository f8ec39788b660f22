"""Learning from recorded traffic: which reading of each ambiguity a service follows."""
