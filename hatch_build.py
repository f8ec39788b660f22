"""What the metadata of a wheel has beyond pyproject.toml: the addresses of the repository, where one is named.

`KOBIKOM_REPOSITORY` is the URL of the repository that builds a release. With it the links of the README become
absolute, because a package index shows the README without the files beside it, and the project's URLs are set.
"""

import os
import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?://|#|mailto:)([^)\s]+)\)")


class RepositoryLinks(MetadataHookInterface):
    """Sets `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Read README.md, and make its links absolute where the repository's URL is known."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        repository = os.environ.get("KOBIKOM_REPOSITORY", "").rstrip("/")
        if repository:
            text = absolute(text, repository)
            pages = f"{repository}/blob/main"
            metadata["urls"] = {
                "Repository": repository,
                "Documentation": f"{pages}/README.md",
                "Changelog": f"{pages}/CHANGELOG.md",
                "Issues": f"{repository}/issues",
            }
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def absolute(text: str, repository: str) -> str:
    """A text in Markdown whose relative links, pictures included, lead to the repository."""

    def lead(link: re.Match[str]) -> str:
        picture, words, target = link.groups()
        words = _LINK.sub(lead, words)
        return f"{picture}[{words}]({repository}/{'raw' if picture else 'blob'}/main/{target})"

    return _LINK.sub(lead, text)
