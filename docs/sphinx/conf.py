# Copyright: cloudwait.jobs contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx builds the documentation site. `make docs` calls it; no network is needed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from docutils.nodes import Element, TextElement
    from sphinx.application import Sphinx

project = "cloudwait.jobs"
html_title = project
project_copyright = "cloudwait.jobs contributors"
extensions = ["sphinx_antsibull_ext"]
html_theme = "sphinx_rtd_theme"
html_static_path = ["static"]
html_css_files = ["site.css", ("dark.css", {"media": "(prefers-color-scheme: dark)"})]
html_js_files = ["copy.js"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
# A reference that leads nowhere is a warning, and a warning ends the build.
nitpicky = True

# What our pages refer to in Ansible's own documentation: label, page, title. An inventory of all labels would have to
# be downloaded.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
ELSEWHERE = {
    "action_plugins": ("plugins/action.html#action-plugins", "Action plugins"),
    "common_return_values": ("reference_appendices/common_return_values.html#common-return-values", "Return Values"),
    "ansible_collections.ansible.builtin.uri_module": ("collections/ansible/builtin/uri_module.html", "uri"),
    "ansible_collections.ansible.builtin.uri_module__return-json": (
        "collections/ansible/builtin/uri_module.html#return-json",
        "json",
    ),
}


# A name below .example leads nowhere; galaxy.yml must have one as long as the project has no address.
DEAD_LINK = re.compile(r'  - title: ".*"\n    url: "https://\w+\.example/.*"\n    external: true\n')


# What leads somewhere in a terminal: a file of the installed collection.
FILE_LINK = re.compile(r"<docs/docsite/rst/(\w+)\.rst>`__")


def mend_links(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Take the links of a page that lead nowhere out of it, and let those to our own files lead to their pages."""
    source[0] = FILE_LINK.sub(r"<docsite/\1.html>`__", DEAD_LINK.sub("", source[0]))


class SearchWithUntil(SearchEnglish):
    """Finds `until`, which is an option here, and a word that Sphinx leaves out of English texts."""

    stopwords = SearchEnglish.stopwords - {"until"}


def set_language(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Say of a page in Chinese that it is."""
    if page.endswith("_zh"):
        context["language"] = "zh_CN"


def refer_elsewhere(_app: Sphinx, _env: Any, node: Element, content: TextElement) -> nodes.reference | None:
    """Return the link for a label of Ansible's own documentation, None for one that is not known."""
    if node["reftarget"] not in ELSEWHERE:
        return None
    page, title = ELSEWHERE[node["reftarget"]]
    shown = content if node.get("refexplicit") else nodes.inline(title, title)
    return nodes.reference("", "", shown, internal=False, refuri=ANSIBLE + page)


def setup(app: Sphinx) -> None:
    """Add to Sphinx what is said above."""
    app.add_search_language(SearchWithUntil)
    app.connect("html-page-context", set_language)
    app.connect("source-read", mend_links)
    app.connect("missing-reference", refer_elsewhere)
