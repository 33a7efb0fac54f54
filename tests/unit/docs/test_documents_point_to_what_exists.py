"""Links, anchors, paths and make targets that the documents name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "dialplan/*.md", "docker/*.md", "recordings/*.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(#[^)\s]+)?\)")
CODE = re.compile(r"`([^`\s]+)`")
TOP = (
    "ctiserver/",
    "acd/",
    "tests/",
    "benchmarks/",
    "ivr_flows/",
    "dialplan/",
    "migrations/",
    "web/",
    "docker/",
    "docs/",
)
TO_BE_MADE = re.compile(r"NAME|NNNN|[<>{}…]|web/dist|/welcome\.wav|_add_colour_")  # for the reader to make, or examples


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings: lower case, no punctuation, dashes for spaces."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document: Path) -> None:
    broken: list[str] = []
    for target, anchor in LINK.findall((ROOT / document).read_text(encoding="utf-8")):
        page = (ROOT / document.parent / target) if target else ROOT / document
        if not page.exists() or (anchor and anchor[1:] not in anchors(page)):
            broken.append(target + anchor)
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_paths_exist(document: Path) -> None:
    named = CODE.findall((ROOT / document).read_text(encoding="utf-8"))
    paths = [name.partition("::")[0] for name in named if name.startswith(TOP) and not TO_BE_MADE.search(name)]
    missing = [path for path in paths if not any(ROOT.glob(path.rstrip("/")))]
    assert not missing


def test_make_knows_the_targets_that_are_named() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named: set[str] = set()
    for document in DOCUMENTS:
        named |= set(re.findall(r"`make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8")))
    assert named
    assert named <= targets
