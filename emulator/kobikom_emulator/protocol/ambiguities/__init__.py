"""The ambiguities of the vendor's page, by area."""
