"""Add or change phrases of the till in its Qt Linguist files, all languages at once.

Usage: python -m tools.phrases, with JSON on standard input:
  {"nav.more": {"en": "More", "es-ES": "Más", "zh-CN": "更多"},
   "uses": {"en": ["{n} use", "{n} uses"], "es-ES": ["{n} uso", "{n} usos"], "zh-CN": ["{n} 次"]}}
A phrase that counts gives its plural forms as a list: one and many, in Chinese many alone. A new phrase of which a
language is left out is unfinished there, which the tests do not let pass. null takes a phrase away.
Translators open the same files: .venv/bin/pyside6-linguist resources/translations/*.ts
"""

import json
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from xml.sax.saxutils import escape

import resources
from pos_app.ui.phrases import LANGUAGES, linguist_file

SOURCE = "en"
_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
_MARKS = {'"': "&quot;", "'": "&apos;"}

Forms = str | list[str]


def main() -> int:
    """Do what standard input says; always 0."""
    given: dict[str, dict[str, Forms] | None] = json.load(sys.stdin)
    for language in LANGUAGES:
        path = resources.path(linguist_file(language))
        path.write_text(changed(path.read_text(encoding="utf-8"), language, given), encoding="utf-8")
    return 0


def changed(text: str, language: str, given: Mapping[str, Mapping[str, Forms] | None]) -> str:
    """Return a Linguist file with phrases added or changed, or taken away (None).

    Sorted by key, so that two branches seldom meet in one place.
    """
    blocks = {message.attrib["id"]: _lines(message) for message in ET.fromstring(text).iter("message")}
    for key, texts in given.items():
        if texts is None:
            blocks.pop(key, None)
        elif key not in blocks or language in texts:
            blocks[key] = _lines(_message(key, texts, language))
    body = "".join(blocks[key] for key in sorted(blocks))
    opening = f'<TS version="2.1" language="{language.replace("-", "_")}" sourcelanguage="{SOURCE}">\n'
    return f"{_HEAD}{opening}<context>\n    <name></name>\n{body}</context>\n</TS>\n"


def _message(key: str, texts: Mapping[str, Forms], language: str) -> ET.Element:
    source = texts[SOURCE]
    message = ET.Element("message", id=key)
    ET.SubElement(message, "source").text = source if isinstance(source, str) else source[-1]
    translation = ET.SubElement(message, "translation")
    forms = texts.get(language)
    if forms is None:
        translation.set("type", "unfinished")
    elif isinstance(forms, str):
        translation.text = forms
    else:
        message.set("numerus", "yes")
        for form in forms:
            ET.SubElement(translation, "numerusform").text = form
    return message


def _lines(element: ET.Element, depth: int = 1) -> str:
    """Write an element as Linguist does, so that neither of us moves the other's lines."""
    indent = "    " * depth
    marks = "".join(f' {name}="{escape(value, _MARKS)}"' for name, value in element.attrib.items())
    inside = "\n" + "".join(_lines(child, depth + 1) for child in element) + indent if len(element) else ""
    return f"{indent}<{element.tag}{marks}>{inside or escape(element.text or '', _MARKS)}</{element.tag}>\n"


if __name__ == "__main__":
    sys.exit(main())
