"""Made-up but valid Kazakh identifiers: BIN, IIN and IBAN.

Check digit of BIN and IIN: weights 1..11 modulo 11; if that gives 10, weights 3..11, 1, 2; if that
gives 10 too, the number is never issued. IBAN: ISO 13616, KZ + 2 check digits + 3 digits of the bank + 13.
"""

#: bank code inside the IBAN -> (BIC, name as it is printed on payment orders)
BANKS = {
    "722": ("CASPKZKA", "АО «Kaspi Bank»"),
    "601": ("HSBKKZKX", "АО «Народный Банк Казахстана»"),
    "856": ("KCJBKZKX", "АО «Банк ЦентрКредит»"),
    "965": ("IRTYKZKA", "АО «ForteBank»"),
    "998": ("TSESKZKA", "АО «Alatau City Bank»"),
    "563": ("KPSTKZKA", "АО «Казпочта»"),
    "070": ("KKMFKZ2A", "РГУ «Комитет казначейства МФ РК»"),
}
#: how the 13 characters after the bank code begin (the rest are digits)
_ACCOUNT_PREFIX = {"722": "S0000", "998": "CTB00", "563": "D35", "070": "10"}


def check_digit(first_eleven):
    """The twelfth digit of a BIN or IIN as int, or None when such a number is never issued."""
    digits = [int(char) for char in first_eleven]
    control = sum(digit * weight for digit, weight in zip(digits, range(1, 12), strict=True)) % 11
    if control == 10:
        weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
        control = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return None if control == 10 else control


def make_bin(rng, year=None):
    """A BIN of a resident legal person (head office): YYMM + 4 + 0 + serial + check digit."""
    while True:
        registered = (year or rng.randint(1998, 2024)) % 100
        stem = f"{registered:02d}{rng.randint(1, 12):02d}40{rng.randint(0, 39999):05d}"
        control = check_digit(stem)
        if control is not None:
            return f"{stem}{control}"


def make_iin(rng, female=False):
    """An IIN of somebody born in 1962 to 1999: YYMMDD + sex digit (3 or 4) + serial + check digit."""
    while True:
        born = f"{rng.randint(62, 99):02d}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
        stem = f"{born}{4 if female else 3}{rng.randint(0, 9999):04d}"
        control = check_digit(stem)
        if control is not None:
            return f"{stem}{control}"


def make_iban(rng, bank):
    """A KZ IBAN (20 characters) of the bank with this three-digit code; its mod 97 is 1."""
    prefix = _ACCOUNT_PREFIX.get(bank, "")
    account = prefix + "".join(str(rng.randint(0, 9)) for _digit in range(13 - len(prefix)))
    rearranged = f"{bank}{account}KZ00"
    number = int("".join(str(int(char, 36)) for char in rearranged))
    return f"KZ{98 - number % 97:02d}{bank}{account}"


def bank_of(iban):
    """(BIC, name) of the bank of an IBAN of ours."""
    return BANKS[iban[4:7]]
