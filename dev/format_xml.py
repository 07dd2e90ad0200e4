"""Checks that XML files are well formed, with spaces and a declaration; --fix mends what it can.

    dev/format_xml.py [--fix] FILE...

Text inside elements is left alone: blanks in mail and page templates are content.
"""

import sys
from pathlib import Path

from lxml import etree

DECLARATION = '<?xml version="1.0" encoding="utf-8" ?>\n'


def mended(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\t", "    ").split("\n")]
    body = "\n".join(lines).strip("\n") + "\n"
    if body.startswith("<?xml"):
        body = body[body.index("?>") + 2 :].lstrip("\n")
    return DECLARATION + body


def main() -> int:
    fix = "--fix" in sys.argv
    bad = 0
    for name in (argument for argument in sys.argv[1:] if not argument.startswith("--")):
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        try:
            etree.fromstring(text.encode())
        except etree.XMLSyntaxError as error:
            print(f"{name}: {error}")
            bad += 1
            continue
        if text != mended(text):
            if fix:
                path.write_text(mended(text), encoding="utf-8")
            else:
                print(f"{name}: run dev/format_xml.py --fix on it")
                bad += 1
    return bad and 1


if __name__ == "__main__":
    sys.exit(main())
