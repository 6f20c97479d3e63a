"""The documentation as one site: `make site` builds it, and every warning is an error.

The pages are the Markdown files beside this one, as they read in the repository. What they link
to outside `docs/` stands in the repository only, and becomes plain text here.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

DOCS = Path(__file__).parent
INIT = (DOCS.parent / "flask_chat" / "__init__.py").read_text(encoding="utf-8")

project = "flask_chat"
author = "The flask_chat authors"
copyright = author
version = release = re.search(r'^__version__ = "([^"]+)"$', INIT, re.MULTILINE)[1]

extensions = [
    "myst_parser",
    "pallets_sphinx_themes",
    "sphinx.ext.autodoc",
]
exclude_patterns = ["_build"]

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4
myst_url_schemes = ["http", "https", "mailto", "repository"]
#: The theme's domains for Click and Jinja, which know no Markdown links; and examples that leave
#: something out with a "…".
suppress_warnings = ["myst.domains", "misc.highlighting_failure"]

autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "flask"
html_title = "flask_chat"
html_theme_options = {"index_sidebar_logo": False}
html_sidebars = {
    "index": ["project.html", "localtoc.html", "searchbox.html"],
    "**": ["localtoc.html", "relations.html", "searchbox.html"],
}
html_static_path: list[str] = []
html_show_sourcelink = False
html_copy_source = False


#: Pages here that stand elsewhere in the repository.
ELSEWHERE = {"CHANGELOG.md": "changes.rst", "CONTRIBUTING.md": "contributing.rst"}
LINK = re.compile(r"\]\(([^):#\s]+)(#[^)\s]*)?\)")


def lead_within(page: Path, text: str) -> str:
    """The page with links that lead somewhere within the site; of the others the words stay."""

    def target(link: re.Match[str]) -> str:
        path, anchor = (page.parent / link[1]).resolve(), link[2] or ""
        if path.name in ELSEWHERE:
            path = DOCS / ELSEWHERE[path.name]
        if path.suffix in (".md", ".png", ".webp", ".svg", ".rst") and path.is_relative_to(DOCS):
            return f"](/{path.relative_to(DOCS)}{anchor})"
        return f"](repository:{link[1]})"

    return LINK.sub(target, text)


def on_source(app: Sphinx, name: str, source: list[str]) -> None:
    """A page is read: its links lead within the site."""
    page = Path(app.env.doc2path(name))
    if page.suffix == ".md":
        source[0] = lead_within(page, source[0])


def on_doctree(app: Sphinx, doctree: nodes.document) -> None:
    """What was included from the top of the repository names the pages as seen from there."""
    for link in doctree.findall(pending_xref):
        path = Path(link["reftarget"])
        inside = ELSEWHERE.get(path.name) or (path.parts[0] == "docs" and Path(*path.parts[1:]))
        if inside:
            page = Path(inside).with_suffix("").as_posix()
            link.update_all_atts(
                {"refdomain": "std", "reftype": "doc", "reftarget": f"/{page}"}, replace=True
            )


class RepositoryOnly(SphinxPostTransform):
    """A link to a file of the repository that is no page: its words stay, the link does not."""

    default_priority = 5

    def run(self) -> None:
        for link in list(self.document.findall(nodes.reference)):
            if link.get("refuri", "").startswith("repository:"):
                link.replace_self(link.children)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", on_source)
    app.connect("doctree-read", on_doctree)
    app.add_post_transform(RepositoryOnly)
