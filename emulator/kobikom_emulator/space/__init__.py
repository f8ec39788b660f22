"""A space (a whole private Kobikom) as the parts it is made of, and the registry of open spaces."""
