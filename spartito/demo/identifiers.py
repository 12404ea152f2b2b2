"""Valid Italian identifiers for people and firms that do not exist."""

from random import Random

from stdnum import luhn
from stdnum.at import uid
from stdnum.iso7064 import mod_11_10
from stdnum.it import codicefiscale

MONTHS = "ABCDEHLMPRST"
VOWELS = set("AEIOU")


def vat_number(*, rng: Random, office: str) -> str:
    """A partita IVA of the provincial office (3 digits), with its check digit."""
    body = f"{rng.randrange(1_000_000, 9_999_999):07d}{office}"
    return body + luhn.calc_check_digit(body)


def public_tax_code(*, rng: Random) -> str:
    """The 11-digit tax code of a body without partita IVA (they begin with 8 or 9)."""
    body = f"{rng.choice('89')}{rng.randrange(10**6):06d}{rng.randrange(1, 100):03d}"
    return body + luhn.calc_check_digit(body)


def person_tax_code(*, rng: Random, first: str, last: str, woman: bool, cadastral: str) -> str:
    """A person's codice fiscale from the name, an invented birth day and the commune's cadastral code."""
    year, month, day = rng.randrange(1948, 2004), rng.randrange(12), rng.randrange(1, 29)
    code = _letters(last) + _first_name(first) + f"{year % 100:02d}{MONTHS[month]}{day + 40 * woman:02d}{cadastral}"
    return code + codicefiscale.calc_check_digit(code)


def _letters(word: str) -> str:
    letters = [c for c in word.upper() if c.isalpha() and c.isascii()]
    ordered = [c for c in letters if c not in VOWELS] + [c for c in letters if c in VOWELS]
    return ("".join(ordered) + "XXX")[:3]


def _first_name(word: str) -> str:
    consonants = [c for c in word.upper() if c.isalpha() and c.isascii() and c not in VOWELS]
    if len(consonants) > 3:
        return consonants[0] + consonants[2] + consonants[3]
    return _letters(word)


def iban(*, rng: Random) -> str:
    """An Italian IBAN whose bank, CIN and check digits are right; the account is invented."""
    bank = f"03069{rng.randrange(1000, 99999):05d}{rng.randrange(10**12):012d}"
    body = _cin(bank) + bank
    digits = "".join(str(int(c, 36)) for c in body + "IT00")
    return f"IT{98 - int(digits) % 97:02d}{body}"


def _cin(bank: str) -> str:
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
    total = sum(odd[int(c)] if i % 2 == 0 else int(c) for i, c in enumerate(bank))
    return chr(ord("A") + total % 26)


def cig(*, rng: Random) -> str:
    """A tender code: ten characters."""
    return f"{rng.choice('ABZ')}{rng.randrange(16**9):09X}"


def cup(*, rng: Random) -> str:
    """A public-investment code: fifteen characters."""
    return f"{rng.choice('BCDEFGH')}{rng.randrange(10, 99)}{rng.choice('BCDEFGHIJ')}{rng.randrange(10, 27)}{rng.randrange(10**8):08d}0"[
        :15
    ]


def foreign_vat(*, rng: Random, country: str) -> str:
    """A VAT number, with its country prefix, of DE, AT or FR."""
    if country == "DE":
        body = str(rng.randrange(10_000_000, 99_999_999))
        return "DE" + body + mod_11_10.calc_check_digit(body)
    if country == "AT":
        body = f"U{rng.randrange(10**7):07d}"
        return "AT" + body + uid.calc_check_digit(body)
    number = f"{rng.randrange(30_000_000, 89_999_999)}"
    number += luhn.calc_check_digit(number)
    return f"FR{(12 + 3 * (int(number) % 97)) % 97:02d}{number}"
