"""What a server with a store promises, whatever happens to its process and its disk."""
