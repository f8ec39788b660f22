"""The HTTP shell: sockets in, gateway calls, bytes out. Knows paths and methods, nothing of the dialect's content."""
