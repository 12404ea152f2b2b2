"""What a new tenant starts with, each row with the source it was taken from."""

from datetime import date
from decimal import Decimal
from functools import cache

import holidays
from babel import Locale
from babel.numbers import get_currency_name, get_currency_precision, get_territory_currencies

FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(2100, 12, 31)

# key, days overdue from, to (None = open): domain 1.1 "fascia di scaduto"
BUCKETS: list[tuple[str, int | None, int | None]] = [
    ("not_due", None, 0),
    ("1-30", 1, 30),
    ("31-60", 31, 60),
    ("61-90", 61, 90),
    ("91-120", 91, 120),
    ("121-180", 121, 180),
    ("181-365", 181, 365),
    ("over_365", 366, None),
]

OLD_ECB = "Confindustria, tabella dei saggi degli interessi moratori dal 2002"
ECB = "MEF, comunicato semestrale in Gazzetta Ufficiale (D.Lgs. 231/2002 art. 5); BCE, tasso di rifinanziamento"
# One string a year, first and second semester; 2002 has only the second (from 8 August).
ECB_BY_YEAR = """
2002 - 3.35
2003 2.85 2.10
2004 2.02 2.01
2005 2.09 2.05
2006 2.25 2.83
2007 3.58 4.07
2008 4.20 4.10
2009 2.50 1.00
2010 1.00 1.00
2011 1.00 1.25
2012 1.00 1.00
2013 0.75 0.50
2014 0.25 0.15
2015 0.05 0.05
2016 0.05 0.00
2017 0.00 0.00
2018 0.00 0.00
2019 0.00 0.00
2020 0.00 0.00
2021 0.00 0.00
2022 0.00 0.00
2023 2.50 4.00
2024 4.50 4.25
2025 3.15 2.15
2026 2.15 2.40
"""

LEGAL = "art. 1284 c.c.; decreti annuali del MEF in Gazzetta Ufficiale"
LEGAL_RATES = {
    date(1942, 4, 21): "5",
    date(1990, 12, 16): "10",
    date(1997, 1, 1): "5",
    date(1999, 1, 1): "2.5",
    date(2001, 1, 1): "3.5",
    date(2002, 1, 1): "3",
    date(2004, 1, 1): "2.5",
    date(2008, 1, 1): "3",
    date(2010, 1, 1): "1",
    date(2011, 1, 1): "1.5",
    date(2012, 1, 1): "2.5",
    date(2014, 1, 1): "1",
    date(2015, 1, 1): "0.5",
    date(2016, 1, 1): "0.2",
    date(2017, 1, 1): "0.1",
    date(2018, 1, 1): "0.3",
    date(2019, 1, 1): "0.8",
    date(2020, 1, 1): "0.05",
    date(2021, 1, 1): "0.01",
    date(2022, 1, 1): "1.25",
    date(2023, 1, 1): "5",
    date(2024, 1, 1): "2.5",
    date(2025, 1, 1): "2",
    date(2026, 1, 1): "1.6",
}

# The surcharge hangs on the date of the contract, not on the semester.
SURCHARGES = [
    (date(2002, 8, 8), Decimal(7), "D.Lgs. 231/2002 art. 5, testo originario: contratti conclusi fino al 31/12/2012"),
    (date(2013, 1, 1), Decimal(8), "D.Lgs. 231/2002 art. 5 come modificato dal D.Lgs. 192/2012"),
]
FEES = [
    ("recovery_fee", date(2013, 1, 1), Decimal("40.00"), "D.Lgs. 231/2002 art. 6 come modificato dal D.Lgs. 192/2012")
]

# What a message costs to send, taken for the rehearsal of a policy until the company writes its own prices.
COST_SOURCE = "Spartito, stima: da sostituire con i prezzi dell'azienda"
MESSAGE_COSTS = {
    "email": Decimal("0.00"),
    "pec": Decimal("0.00"),
    "sms": Decimal("0.08"),
    "fax": Decimal("0.10"),
    "letter": Decimal("1.30"),
    "registered_letter": Decimal("7.50"),
    "phone": Decimal("0.00"),
}

LEGAL_TEXTS = {
    "late_interest": {
        "it": "interessi moratori ai sensi degli artt. 4 e 5 del D.Lgs. 9 ottobre 2002, n. 231",
        "en": "late-payment interest under arts. 4 and 5 of Italian Legislative Decree no. 231 of 9 October 2002",
    },
    "legal_interest": {
        "it": "interessi al tasso legale ai sensi dell'art. 1284 del codice civile",
        "en": "interest at the legal rate under art. 1284 of the Italian Civil Code",
    },
    "recovery_fee": {
        "it": "importo forfettario a titolo di risarcimento del danno ai sensi dell'art. 6 del D.Lgs. 231/2002",
        "en": "fixed sum for recovery costs under art. 6 of Italian Legislative Decree no. 231/2002",
    },
    "formal_notice": {
        "it": "La presente vale quale costituzione in mora ai sensi dell'art. 1219 del codice civile "
        "e interrompe la prescrizione ai sensi dell'art. 2943 del codice civile.",
        "en": "This letter is a formal notice of default under art. 1219 of the Italian Civil Code "
        "and interrupts the limitation period under art. 2943 of the Italian Civil Code.",
    },
}

PROVINCES = {
    "Abruzzo": "AQ L'Aquila|CH Chieti|PE Pescara|TE Teramo",
    "Basilicata": "MT Matera|PZ Potenza",
    "Calabria": "CS Cosenza|CZ Catanzaro|KR Crotone|RC Reggio Calabria|VV Vibo Valentia",
    "Campania": "AV Avellino|BN Benevento|CE Caserta|NA Napoli|SA Salerno",
    "Emilia-Romagna": "BO Bologna|FC Forlì-Cesena|FE Ferrara|MO Modena|PC Piacenza|PR Parma|RA Ravenna"
    "|RE Reggio Emilia|RN Rimini",
    "Friuli-Venezia Giulia": "GO Gorizia|PN Pordenone|TS Trieste|UD Udine",
    "Lazio": "FR Frosinone|LT Latina|RI Rieti|RM Roma|VT Viterbo",
    "Liguria": "GE Genova|IM Imperia|SP La Spezia|SV Savona",
    "Lombardia": "BG Bergamo|BS Brescia|CO Como|CR Cremona|LC Lecco|LO Lodi|MB Monza e della Brianza|MI Milano"
    "|MN Mantova|PV Pavia|SO Sondrio|VA Varese",
    "Marche": "AN Ancona|AP Ascoli Piceno|FM Fermo|MC Macerata|PU Pesaro e Urbino",
    "Molise": "CB Campobasso|IS Isernia",
    "Piemonte": "AL Alessandria|AT Asti|BI Biella|CN Cuneo|NO Novara|TO Torino|VB Verbano-Cusio-Ossola|VC Vercelli",
    "Puglia": "BA Bari|BR Brindisi|BT Barletta-Andria-Trani|FG Foggia|LE Lecce|TA Taranto",
    "Sardegna": "CA Cagliari|NU Nuoro|OR Oristano|SS Sassari|SU Sud Sardegna",
    "Sicilia": "AG Agrigento|CL Caltanissetta|CT Catania|EN Enna|ME Messina|PA Palermo|RG Ragusa|SR Siracusa|TP Trapani",
    "Toscana": "AR Arezzo|FI Firenze|GR Grosseto|LI Livorno|LU Lucca|MS Massa-Carrara|PI Pisa|PO Prato|PT Pistoia"
    "|SI Siena",
    "Trentino-Alto Adige": "BZ Bolzano|TN Trento",
    "Umbria": "PG Perugia|TR Terni",
    "Valle d'Aosta": "AO Aosta",
    "Veneto": "BL Belluno|PD Padova|RO Rovigo|TV Treviso|VE Venezia|VI Vicenza|VR Verona",
}


def ecb_rates() -> list[tuple[date, date, Decimal, str]]:
    """First and last day of each semester, percent, source."""
    rates = []
    for line in ECB_BY_YEAR.split("\n"):
        for half, value in enumerate(line.split()[1:]):
            year = int(line.split()[0])
            start = date(2002, 8, 8) if year == 2002 else date(year, 1 + 6 * half, 1)
            end = date(year, 12, 31) if half else date(year, 6, 30)
            if value != "-":
                rates.append((start, end, Decimal(value), ECB if year > 2012 else OLD_ECB))
    return rates


# decision, authority, up to which amount (None: any), months of a plan, days of a release
APPROVAL_LIMITS: list[tuple[str, str, int | None, int | None, int | None]] = [
    ("credit_limit", "credit_manager", 50_000, None, None),
    ("credit_limit", "cfo", 250_000, None, None),
    ("credit_limit", "board", None, None, None),
    ("block_release", "credit_manager", 20_000, None, 15),
    ("block_release", "cfo", 100_000, None, None),
    ("block_release", "board", None, None, None),
    ("plan", "collector", 5_000, 3, None),
    ("plan", "credit_manager", 50_000, 12, None),
    ("plan", "cfo", 250_000, None, None),
    ("plan", "board", None, None, None),
    ("interest_waiver", "collector", 100, None, None),
    ("interest_waiver", "credit_manager", 2_500, None, None),
    ("interest_waiver", "cfo", None, None, None),
    ("settlement", "credit_manager", 2_500, None, None),
    ("settlement", "cfo", 25_000, None, None),
    ("settlement", "board", None, None, None),
    ("write_off", "collector", 25, None, None),
    ("write_off", "credit_manager", 2_500, None, None),
    ("write_off", "cfo", 25_000, None, None),
    ("write_off", "board", None, None, None),
    ("legal_action", "credit_manager", 26_000, None, None),
    ("legal_action", "cfo", None, None, None),
]
APPROVAL_LIMITS_SOURCE = "Spartito: limits to start from; each company sets its own"


def provinces() -> list[tuple[str, str, str]]:
    """Code, name, region."""
    return [(entry[:2], entry[3:], region) for region, entries in PROVINCES.items() for entry in entries.split("|")]


@cache
def currencies() -> list[tuple[str, str, int]]:
    """Code, English name and decimals of every currency that is legal tender somewhere (Unicode CLDR)."""
    codes = {
        code
        for territory in Locale("en").territories
        if len(str(territory)) == 2
        for code in get_territory_currencies(str(territory))
    }
    return [(code, get_currency_name(code, locale="en"), get_currency_precision(code)) for code in sorted(codes)]


@cache
def country_holidays(country: str, language: str) -> dict[date, str]:
    """Public holidays of a country from 1970 to 2100, named in the language where the library has it."""
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    try:
        plain = holidays.country_holidays(country, years=FIRST_DAY.year)
    except NotImplementedError:
        return {}
    known = [name for name in plain.supported_languages if name.split("_")[0] == language]
    return dict(holidays.country_holidays(country, years=years, language=known[0] if known else None))
