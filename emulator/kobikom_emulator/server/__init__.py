"""HTTP for the vendor's API: reads requests from sockets, calls the gateway and writes its answers. It knows paths and
methods, and not what the documents contain.
"""
