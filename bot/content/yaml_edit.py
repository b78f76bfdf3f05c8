"""Changes single values of a YAML text and leaves every other byte as it was.

Whoever wrote the file keeps their comments, their order and their quotes. A library that reads and
writes the whole file would rewrite `null`, line breaks and quotes elsewhere in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from bot.content.files import ContentError

Key = tuple[str, ...]

_BARE = re.compile(r"[^\W\d_][\w .()§–/+-]*", re.UNICODE)


def with_values(text: str, changes: Mapping[Key, object]) -> str:
    """`text` with these values, by their path; a path that is not there yet is added.

    Values are texts, dates, lists of texts, or None. Raises ContentError when the text cannot be
    read, or when it would not say exactly what it should afterwards.
    """
    expected = _read(text)
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
        raise ContentError("one value stands for several in the file; use an editor")
    for path, value in changes.items():
        text = _changed(text, path, value)
        _put(expected, path, value)
    if _read(text) != expected:
        raise ContentError("the file cannot be changed here without changing more; use an editor")
    return text


def _changed(text: str, path: Key, value: object) -> str:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        raise ContentError("not a list of named values; see a neighbouring file")
    for depth, name in enumerate(path):
        pair = _pair(node, name)
        if pair is None:
            return _inserted(text, node, name, _nested(path[depth + 1 :], value))
        key, found = pair
        if isinstance(found, yaml.MappingNode) and not found.value and not node.flow_style:
            return _filled(text, key, found, _nested(path[depth + 1 :], value))
        if depth == len(path) - 1 or not isinstance(found, yaml.MappingNode):
            return _replaced(text, key, found, _nested(path[depth + 1 :], value))
        node = found
    raise ContentError("no path was given; name a value")


def _pair(node: yaml.MappingNode, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _replaced(text: str, key: yaml.Node, node: yaml.Node, value: object) -> str:
    colon = text.index(":", key.end_mark.index) + 1
    written = _written(value, plain=getattr(node, "style", '"') is None)
    return f"{text[:colon]} {written}{text[max(_end(text, node), colon) :]}"


def _inserted(text: str, node: yaml.MappingNode, name: str, value: object) -> str:
    """One more line in a mapping, or one more value between its braces."""
    if node.flow_style:
        at = _end(text, node.value[-1][1]) if node.value else node.start_mark.index + 1
        comma = ", " if node.value else ""
        return f"{text[:at]}{comma}{name}: {_written(value)}{text[at:]}"
    end = _end(text, node.value[-1][1])
    at = text.find("\n", end)
    line = _block(name, value, node.value[0][0].start_mark.column)
    if at < 0:
        return f"{text}\n{line}\n"
    return f"{text[: at + 1]}{line}\n{text[at + 1 :]}"


def _filled(text: str, key: yaml.Node, node: yaml.Node, value: object) -> str:
    """The first value of a mapping that was empty: `{}` becomes lines of its own."""
    colon = text.index(":", key.end_mark.index) + 1
    rest = text[max(_end(text, node), colon) :]
    if not isinstance(value, Mapping):
        return f"{text[:colon]} {_written(value)}{rest}"
    lines = (_block(str(name), one, key.start_mark.column + 2) for name, one in value.items())
    return f"{text[:colon]}\n{chr(10).join(lines)}{rest}"


def _block(name: str, value: object, column: int) -> str:
    """One value on a line of its own, or a mapping on several."""
    if not isinstance(value, Mapping):
        return f"{' ' * column}{name}: {_written(value, plain=True)}"
    inside = (_block(str(key), one, column + 2) for key, one in value.items())
    return "\n".join((f"{' ' * column}{name}:", *inside))


def _end(text: str, node: yaml.Node) -> int:
    """Where a value ends, without the blank lines and comments that follow it."""
    if isinstance(node, yaml.ScalarNode):
        end = node.end_mark.index
        if node.style in ("|", ">"):
            return len(text[:end].rstrip("\n"))
        return int(end)
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, last[1] if isinstance(node, yaml.MappingNode) else last)


def _nested(path: Key, value: object) -> object:
    for name in reversed(path):
        value = {name: value}
    return value


def _written(value: object, plain: bool = False) -> str:
    """A value on one line. `plain`: a text without quotes where that reads the same."""
    if value is None:
        return "null"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(one) for one in value)}]"
    if isinstance(value, Mapping):
        inside = ", ".join(f"{key}: {_written(one, plain=True)}" for key, one in value.items())
        return f"{{{inside}}}"
    text = str(value)
    if plain and _BARE.fullmatch(text) and text == text.strip() and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=False)


def _put(data: Any, path: Key, value: object) -> None:
    for name in path[:-1]:
        if not isinstance(data.get(name), dict):
            data[name] = {}
        data = data[name]
    data[path[-1]] = list(value) if isinstance(value, tuple) else value


def _read(text: str) -> Any:
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        raise ContentError("cannot be read as YAML; look for a missing quote") from None
    if not isinstance(found, dict):
        raise ContentError("not a list of named values; see a neighbouring file")
    return found
