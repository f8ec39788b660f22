"""Names that a caller may have mistyped."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches


def check_names(what: str, names: Collection[str], known: Sequence[str]) -> None:
    """ValueError names the first unknown one and the known names that are nearest to it."""
    for name in [names] if isinstance(names, str) else names:
        if name not in known:
            nearest = get_close_matches(name, known, n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(nearest)}?" if nearest else "the names are " + ", ".join(known)
            raise ValueError(f"no {what} is called {name!r}; {hint}")
    if isinstance(names, str):
        raise ValueError(f"a list of names is needed, not the text {names!r}")  # noqa: TRY004  # a wrong value
