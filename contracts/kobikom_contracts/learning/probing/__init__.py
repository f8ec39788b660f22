"""Learning by asking: requests that decide what a service's readings are, the cheapest first."""
