"""Checks the translations: dev/test --lint calls it with the working folder as its argument.

Exports the terms with Odoo's own command, then: each term stands once in the export, and every
translation in i18n/ knows every term, has no empty, fuzzy or stale one, and keeps the placeholders.
With --update it renews i18n/invoice_to_cash.pot and merges the new terms into the .po files.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import polib

MODULE = "invoice_to_cash"
ORIGINS = {(".js", ".xml"): "odoo-javascript", (".py",): "odoo-python"}
# Terms that are the same in every language.
PLACEHOLDER = re.compile(r"%\([a-z_]+\)s|%[sd]|\{[a-z_]*\}")


def export(work: Path) -> polib.POFile:
    """The terms of the installed add-on; raises CalledProcessError with Odoo's own words."""
    target = work / "log" / f"{MODULE}.po"
    subprocess.run(
        [
            *(sys.executable, "-m", "odoo", "i18n", "export", MODULE),
            *("-c", work / "odoo.conf", "-d", "i2c_template", "-o", target),
        ],
        cwd=work / "addons",
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        env=os.environ,
    )
    terms = polib.pofile(str(target))
    for entry in terms:
        # Odoo writes where a term comes from for the first of its places only, and reads no others.
        marks = [line for line in entry.comment.splitlines() if line not in ORIGINS.values()]
        marks += [mark for suffix, mark in ORIGINS.items() if _is_in_code(entry, suffix)]
        entry.comment = "\n".join(marks)
    return terms


def _is_in_code(entry: polib.POEntry, suffixes: tuple[str, ...]) -> bool:
    return any(place.startswith("code:") and place.endswith(suffixes) for place, _line in entry.occurrences)


def main() -> int:
    work = Path(sys.argv[1]).resolve()
    root = Path(__file__).resolve().parent.parent
    terms = export(work)
    problems = [
        f"exported twice: {term!r}"
        for term, number in Counter((entry.msgctxt, entry.msgid) for entry in terms).items()
        if number > 1
    ]
    wanted = {entry.msgid for entry in terms}
    sources = {entry.msgid: [mark for mark in ORIGINS.values() if mark in entry.comment] for entry in terms}
    if "--update" in sys.argv:
        update(root, terms)
    for path in sorted((root / "i18n").glob("*.po")):
        po = polib.pofile(str(path))
        have = {entry.msgid: entry for entry in po if not entry.obsolete}
        problems += [f"{path.name}: missing: {term!r}" for term in sorted(wanted - set(have))]
        problems += [f"{path.name}: stale: {term!r}" for term in sorted(set(have) - wanted)]
        for term in sorted(wanted & set(have)):
            entry = have[term]
            if [mark for mark in sources[term] if mark not in entry.comment]:
                problems.append(f"{path.name}: not loaded by the web client or the server: {term!r}")
            elif entry.fuzzy:
                problems.append(f"{path.name}: fuzzy: {term!r}")
            elif not entry.msgstr:
                problems.append(f"{path.name}: empty: {term!r}")
            elif Counter(PLACEHOLDER.findall(term)) != Counter(PLACEHOLDER.findall(entry.msgstr)):
                problems.append(f"{path.name}: other placeholders: {term!r}")
    for line in problems[:60]:
        print(line)
    if len(problems) > 60:
        print(f"and {len(problems) - 60} more")
    print(f"{len(wanted)} terms, {len(problems)} problems")
    return bool(problems)


def update(root: Path, terms: polib.POFile):
    folder = root / "i18n"
    pot = polib.POFile()
    pot.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for entry in terms:
        entry.msgstr = ""
        pot.append(entry)
    pot.save(str(folder / f"{MODULE}.pot"))
    for path in folder.glob("*.po"):
        old = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if not entry.obsolete}
        po = polib.POFile()
        po.metadata = {**pot.metadata, "Language": path.stem}
        for entry in pot:
            po.append(
                polib.POEntry(
                    msgid=entry.msgid,
                    msgstr=old.get(entry.msgid, ""),
                    occurrences=entry.occurrences,
                    comment=entry.comment,
                    flags=entry.flags,
                )
            )
        po.save(str(path))


if __name__ == "__main__":
    sys.exit(main())
