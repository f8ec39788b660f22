"""An MCP server for coding agents: tools on the spaces of a running emulator, over its control API.

Needs the extra `mcp`.
"""
