"""What every database with SQL stores of a space, and how each change alters its rows.

The statements are those that SQLite and PostgreSQL both understand; parameters are written `?`.
"""
