"""Strict YAML: text to a tree of texts, lists and mappings, with the line of everything. Reads no files.

Block style only, two blanks a level; no anchors, aliases, tags, tabs, duplicate keys, folded texts or second
documents. Every scalar is a text. Whatever YAML would silently cut or reinterpret is refused with its cure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.procedures.errors import DialogError, DialogErrors
from bot.procedures.source import Key, Positions

DEPTH: Final = 16
_QUOTE: Final = 'put the text in "double quotes"'
_CURES: Final = {
    "mapping values are not allowed here": f"a text with ': ' must not stand bare; {_QUOTE}",
    "could not find expected ':'": f"a key needs ': ' and a value; or {_QUOTE}",
    "expected <block end>, but found '<block mapping start>'": "indented too far; two blanks a level",
    "expected <block end>, but found '<block sequence start>'": "indented wrongly; two blanks a level",
    "expected <block end>, but found '<scalar>'": f"text goes on behind a closing quote; {_QUOTE}",
    "did not find expected <document start>": f"indented wrongly, or a text begins with a special sign; {_QUOTE}",
}


class Tree(NamedTuple):
    """``content``: nested dicts, lists and texts. ``positions``: the line of each key and item."""

    content: Any
    positions: Positions


def read_yaml(text: str, path: Path) -> Tree:
    """Reads one file's text. Raises :class:`DialogErrors` with everything that is not strict YAML."""
    reader = _Reader(text, path)
    content = reader.read()
    if reader.errors:
        raise DialogErrors(reader.errors)
    return Tree(content, reader.positions)


class _TooDeep(Exception):
    pass


class _Reader:
    """One text on its way to a tree. Collects mistakes and goes on as long as YAML itself can."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text.replace("\r\n", "\n")
        self.path = path
        self.errors: list[DialogError] = []
        self.positions: dict[Key, int] = {}
        self.events: Iterator[Event] = iter(())

    def read(self) -> Any:
        for number, line in enumerate(self.text.split("\n"), 1):
            if "\t" in line:
                self._wrong(number, "tabs are not allowed; indent with blanks")
        if self.errors:
            return None
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._wrong(mark.line + 1 if mark else 0, _cure(error.problem or error.context or "not readable"))
        except yaml.YAMLError:
            self._wrong(self._strange_line(), "a character that no text may hold; remove it")
        except _TooDeep:
            self._wrong(0, "nested too deeply")
        return None

    def _document(self) -> Any:
        self.events = yaml.parse(self.text, yaml.BaseLoader)
        content, documents = None, 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                self._check_document(event, documents)
            elif isinstance(event, (ScalarEvent, MappingStartEvent, SequenceStartEvent)):
                content = self._node(event, (), 0)
        if not isinstance(content, dict):
            self._wrong(1, "the file must begin with a key")
        return content

    def _check_document(self, event: DocumentStartEvent, documents: int) -> None:
        line = _line(event)
        if documents > 1:
            self._wrong(line, "a second document; one file holds one document")
        if event.version or event.tags:
            self._wrong(line, "lines beginning with % are not allowed")

    def _node(self, event: Event, key: Key, column: int) -> Any:
        if len(key) > DEPTH:
            raise _TooDeep
        self._check_plainness(event)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, MappingStartEvent):
            self._check_block(event, column)
            return self._mapping(key, _column(event))
        if isinstance(event, SequenceStartEvent):
            self._check_block(event, column)
            return self._sequence(key, _column(event))
        return ""

    def _check_plainness(self, event: Event) -> None:
        if isinstance(event, AliasEvent):
            self._wrong(_line(event), f"a bare text may not begin with *; {_QUOTE}")
        elif getattr(event, "anchor", None) is not None:
            self._wrong(_line(event), f"a bare text may not begin with &; {_QUOTE}")
        elif getattr(event, "tag", None) is not None:
            self._wrong(_line(event), f"a bare text may not begin with !; {_QUOTE}")

    def _check_block(self, event: Any, column: int) -> None:
        line = _line(event)
        if event.flow_style:
            sign = "{" if isinstance(event, MappingStartEvent) else "["
            self._wrong(line, f"a bare text may not begin with {sign}; {_QUOTE}, and write lists with '- '")
        elif _column(event) != column:
            self._wrong(line, f"indented by {_column(event)} blanks instead of {column}; two blanks a level")

    def _mapping(self, key: Key, column: int) -> dict[str, Any]:
        content: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            name = self._key_name(event, key)
            line = _line(event)
            if name in content:
                self._wrong(line, f"key '{name}' stands twice, first in line {self.positions[(*key, name)]}")
            self.positions.setdefault((*key, name), line)
            content.setdefault(name, self._node(next(self.events), (*key, name), column + 2))
        return content

    def _key_name(self, event: Event, key: Key) -> str:
        name = self._node(event, (*key, "?"), -1)
        if not isinstance(event, ScalarEvent) or event.style or self.text[_end(event) :][:1] != ":":
            self._wrong(_line(event), "a key is one bare word followed by a colon")
        return str(name)

    def _sequence(self, key: Key, column: int) -> list[Any]:
        content: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            item: Key = (*key, len(content))
            self.positions[item] = _line(event)
            content.append(self._node(event, item, column + 2))
        return content

    def _scalar(self, event: ScalarEvent) -> str:
        line = _line(event)
        if not event.style and not event.value:
            self._wrong(line, "there is no value; write one or leave the key out")
        elif event.style == ">":
            self._wrong(line, "'>' joins lines; put long texts after |")
        elif event.style != "|" and self.text.count("\n", _start(event), _end(event)):
            self._wrong(line, "a text over several lines stands after |")
        elif not event.style and _CUT.match(self.text, _end(event)):
            self._wrong(line, f"the text is cut off at ' #'; {_QUOTE}, or give the comment its own line")
        elif event.style in ("'", '"') and event.value != event.value.strip():
            self._wrong(line, "the text begins or ends with a blank")
        return str(event.value)

    def _strange_line(self) -> int:
        found = _STRANGE.search(self.text)
        return self.text.count("\n", 0, found.start()) + 1 if found else 0

    def _wrong(self, line: int, message: str) -> None:
        self.errors.append(DialogError(self.path, line, message))


_CUT: Final = re.compile(r" +#")
_STRANGE: Final = yaml.reader.Reader.NON_PRINTABLE


def _line(event: Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.line + 1


def _column(event: Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.column


def _start(event: Event) -> int:
    assert event.start_mark is not None
    return event.start_mark.index


def _end(event: Event) -> int:
    assert event.end_mark is not None
    return event.end_mark.index


def _cure(problem: str) -> str:
    if problem in _CURES:
        return _CURES[problem]
    if "cannot start any token" in problem:
        return f"a bare text may not begin with this sign; {_QUOTE}"
    return f"not readable: {problem}; a text with ': ' or ' #' or a special first sign needs \"double quotes\""
