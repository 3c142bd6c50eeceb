"""HTML as strict eyes see it: every element closed, every id once. And the laws that hold on each of our pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    parent: Node | None = None

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join("".join(parts).split())  # also at no-break spaces

    @property
    def classes(self) -> list[str]:
        return self.get("class").split()

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def all(self, tag: str = "", **wanted: str) -> list[Node]:
        """Every element inside. ``wanted``: attributes; ``cls`` is one of its classes."""
        cls = wanted.pop("cls", "")
        return [
            node
            for node in self.walk()
            if (not tag or node.tag == tag)
            and (not cls or cls in node.classes)
            and all(node.get(name.rstrip("_")) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **wanted: str) -> Node:
        [found] = self.all(tag, **wanted)
        return found


class Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("#root")
        self.open = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in <{tag}>"
        node = Node(tag, {name: value or "" for name, value in attrs}, parent=self.open)
        self.open.children.append(node)
        if tag not in VOID:
            self.open = node

    def handle_endtag(self, tag: str) -> None:
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)


def parse(html: str) -> Node:
    builder = Builder()
    builder.feed(html)
    builder.close()
    assert builder.open is builder.root, f"<{builder.open.tag}> is never closed"
    return builder.root


# -- laws of every page -----------------------------------------------------------------------------------------------


def check_page(root: Node, language: str) -> None:
    """What holds on each page, whatever it shows."""
    page = root.one("html")
    assert page["lang"] == language
    assert page.one("title").text.endswith("Antragslotse")
    assert len(page.all("h1")) == 1 and len(page.all("main")) == 1
    ids = [node["id"] for node in page.walk() if "id" in node.attributes]
    assert len(ids) == len(set(ids)), sorted(ids)
    _check_references(page, set(ids))
    _check_headings(page)
    for node in page.walk():
        _check_element(node)


def _check_references(page: Node, ids: set[str]) -> None:
    for node in page.walk():
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set(node.get(name).split()) <= ids, (node.tag, name, node.get(name))
        if node.get("href").startswith("#"):
            assert node["href"][1:] in ids


def _check_headings(page: Node) -> None:
    """A level is never skipped on the way down."""
    levels = [int(node.tag[1]) for node in page.walk() if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    for above, below in pairwise(levels):
        assert below <= above + 1, levels


def _check_element(node: Node) -> None:
    assert "style" not in node.attributes, "an inline style"
    assert not any(name.startswith("on") for name in node.attributes), "a handler in an attribute"
    assert node.tag not in ("style", "iframe", "object", "embed", "base", "svg")
    if node.tag == "script":
        assert node.get("src").startswith("/static/") or node.get("type") == "application/json"
    if node.tag == "img":
        assert node.get("alt") and node["src"].startswith("/")
    if node.tag in ("a", "button", "summary", "h1", "h2", "h3", "h4", "label", "legend"):
        assert node.text, f"<{node.tag}> without words"
    if node.tag == "a":
        assert node["href"].startswith(("/", "#", "tel:", "mailto:")), node["href"]
    if node.tag == "button":
        assert node.get("type") == "submit"
    if node.tag == "form":
        assert node["method"] == "post" and node["action"].startswith("/")
    if node.tag in ("input", "textarea", "select") and node.get("type") != "hidden":
        _check_field(node)


def _check_field(node: Node) -> None:
    """Every field has a name to be called by."""
    root = node
    while root.parent is not None:
        root = root.parent
    assert node.get("aria-labelledby") or root.all("label", for_=node["id"]), node.attributes
