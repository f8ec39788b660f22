"""The server suite: contracts that a server of the API must keep, and the function that judges one."""
