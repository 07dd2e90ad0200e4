"""Payment codes: making and finding them."""

import sys

from core.references import find, make

from .common import Figure, report, seconds


def main(_arguments) -> int:
    number = 20_000
    codes = [make(i) for i in range(number)]
    purposes = [f"Оплата по счету {code} от 01.02.2026, в т.ч. НДС 16%" for code in codes]
    floor = seconds(lambda: [purpose.casefold().split() for purpose in purposes], 3)
    found = seconds(lambda: [find(purpose) for purpose in purposes], 3)
    return report(
        "payment codes",
        [
            Figure("found a second", number / found),
            Figure("against splitting the text", found / floor, "x"),
        ],
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
