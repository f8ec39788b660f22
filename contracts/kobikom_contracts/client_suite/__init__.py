"""The client suite: contracts that a client of the API must keep, and the function that judges one."""
