"""Who the invented company is and to whom it sells: creditors, salespeople, customers, contacts."""

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from spartito.demo import identifiers
from spartito.demo.words import AREAS, FORMS, MEN, SECOND, SECTORS, STREETS, SURNAMES, WOMEN

REGION_AREA = {region: code for code, (_, _, regions) in AREAS.items() for region in regions}


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    postal_code: str
    province: str
    region: str
    vat_office: str
    cadastral_code: str
    country: str = "IT"

    @property
    def area(self) -> str:
        return REGION_AREA.get(self.region, "EST")


@dataclass(frozen=True, slots=True)
class Creditor:
    code: str
    name: str
    vat_number: str
    address: str
    place: Place
    iban: str
    domain: str


@dataclass(frozen=True, slots=True)
class Salesperson:
    code: str
    name: str
    area: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Habit:
    """How a customer pays: mean days from the due date and their spread, share of Ri.Ba. that come back."""

    name: str
    share: float
    mean: float
    spread: float
    returned: float
    rating: str


HABITS = (
    Habit("early", 0.08, -3, 2, 0.003, "A"),
    Habit("punctual", 0.28, 3, 3, 0.008, "A"),
    Habit("end_of_month", 0.15, 11, 5, 0.015, "B"),
    Habit("slow", 0.26, 23, 11, 0.05, "B"),
    Habit("late", 0.14, 48, 20, 0.14, "C"),
    Habit("very_late", 0.09, 90, 35, 0.3, "D"),
)


@dataclass(slots=True)
class Contact:
    role: str
    name: str
    email: str
    phone: str
    language: str


@dataclass(slots=True)
class Customer:
    creditor: Creditor
    code: str
    name: str
    credit_class: str
    sector: str
    division: str
    place: Place
    address: str
    salesperson: Salesperson
    collector: str
    payment_type: str
    terms: "Terms"
    habit: Habit
    weight: float
    vat_number: str = ""
    tax_code: str = ""
    is_consumer: bool = False
    language: str = "it"
    email: str = ""
    pec: str = ""
    phone: str = ""
    payer: "Customer | None" = None
    parent: "Customer | None" = None
    dun_group: bool = False
    credit_limit: int = 0
    insured_limit: int = 0
    contacts: list[Contact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Terms:
    """Days of each instalment after the invoice, or after the end of its month."""

    label: str
    days: tuple[int, ...]
    end_of_month: bool = False


TERMS = (
    (Terms("30 gg d.f.", (30,)), 10),
    (Terms("60 gg d.f.f.m.", (60,), True), 24),
    (Terms("30/60/90 gg f.m.", (30, 60, 90), True), 26),
    (Terms("90 gg d.f.f.m.", (90,), True), 20),
    (Terms("60/90/120 gg f.m.", (60, 90, 120), True), 20),
)
ON_RECEIPT, THIRTY = Terms("rimessa diretta", (10,)), Terms("30 gg d.f.", (30,))


@dataclass(slots=True)
class Company:
    creditors: tuple[Creditor, Creditor]
    salespeople: list[Salesperson]
    customers: list[Customer]


@cache
def places() -> tuple[Place, ...]:
    """Italian cities with postal code, province, region and the code of their VAT office (Istat)."""
    with Path(__file__).with_name("places.csv").open(encoding="utf-8", newline="") as source:
        return tuple(Place(**row) for row in csv.DictReader(source))


def make_company(*, seed: int, customers: int = 2000) -> Company:
    """The company of this seed: two creditors that use the same customer codes, and their customers."""
    rng = Random(seed)
    creditors = _creditors(rng)
    salespeople = _salespeople(rng)
    second = customers // 6
    every = [_customer(rng, creditors[0], n, salespeople) for n in range(customers - second)]
    every += [_customer(rng, creditors[1], n, salespeople) for n in range(second)]
    _tie(rng, every, customers - second)
    return Company(creditors=creditors, salespeople=salespeople, customers=every)


def _creditors(rng: Random) -> tuple[Creditor, Creditor]:
    rimini = next(place for place in places() if place.city == "Rimini")
    made = [
        Creditor(
            code=code, name=name, vat_number=identifiers.vat_number(rng=rng, office=rimini.vat_office),
            address=street, place=rimini, iban=identifiers.iban(rng=rng), domain=domain,
        )
        for code, name, street, domain in (
            ("ADR", "Adriatica Forniture S.p.A.", "Via del Lavoro, 42", "adriaticaforniture.example"),
            ("ASV", "Adriatica Servizi S.r.l.", "Via del Lavoro, 44", "adriaticaservizi.example"),
        )
    ]  # fmt: skip
    return made[0], made[1]


def _salespeople(rng: Random) -> list[Salesperson]:
    """Two for each area on the road, one for foreign customers."""
    made: list[Salesperson] = []
    for area in [code for code, (_, _, regions) in AREAS.items() if regions] * 2 + ["EST"]:
        first, last = rng.choice(MEN + WOMEN), rng.choice(SURNAMES)
        made.append(
            Salesperson(
                code=f"V{len(made) + 1:02d}", name=f"{first} {last}", area=area,
                email=f"{first}.{last}@adriaticaforniture.example".lower().replace("'", ""), phone=_phone(rng, "349"),
            )
        )  # fmt: skip
    return made


def _customer(rng: Random, creditor: Creditor, number: int, salespeople: list[Salesperson]) -> Customer:
    kind = _kind(rng, creditor)
    place = _foreign(rng) if kind == "EST" else rng.choice(places())
    sector = _sector(rng, kind, creditor)
    sellers = [person for person in salespeople if person.area == place.area]
    customer = Customer(
        creditor=creditor,
        code=f"{100_001 + number}",
        name="",
        credit_class="STD" if kind == "COND" else kind,
        sector=sector,
        division="SER" if creditor.code == "ASV" else rng.choices(("IDR", "ELE", "EDI"), (5, 3, 4))[0],
        place=place,
        address=f"{rng.choice(STREETS)}, {rng.randrange(1, 180)}",
        salesperson=rng.choice(sellers),
        collector=_collector(kind, sector, place.area),
        payment_type="BON",
        terms=THIRTY,
        habit=rng.choices(HABITS, [habit.share for habit in HABITS])[0],
        weight=rng.paretovariate(1.15) if kind != "PF" else 0.25,
    )
    _name(rng, customer)
    _payment(rng, customer, kind)
    _reach(rng, customer)
    return customer


def _kind(rng: Random, creditor: Creditor) -> str:
    """The credit class, plus COND for condominiums (which are standard customers)."""
    if creditor.code == "ASV":
        return rng.choices(("STD", "COND", "ENT", "PF", "DIR"), (45, 30, 8, 15, 2))[0]
    return rng.choices(
        ("STD", "NUO", "ASS", "DIR", "ENT", "PF", "EST", "GDO", "GRP"), (72, 4, 6, 2, 4, 7, 3, 1.5, 0.5)
    )[0]


def _sector(rng: Random, kind: str, creditor: Creditor) -> str:
    fixed = {"COND": "COND", "ENT": "PA", "PF": "PRIV", "GDO": "GDO"}
    if kind in fixed:
        return fixed[kind]
    weights = (10, 10, 5, 30, 40) if creditor.code == "ASV" else (35, 25, 20, 12, 8)
    return rng.choices(("INST", "IMPR", "RIV", "IND", "HOR"), weights)[0]


def _collector(kind: str, sector: str, area: str) -> str:
    """Who works it: names of `cast.USERS`."""
    if kind in {"DIR", "ENT", "GDO", "EST", "GRP"}:
        return "laura.conti"
    if sector == "PRIV":
        return "anna.neri"
    return "giulia.ferri" if area in {"EMR", "NE", "LOM", "NO"} else "marco.riva"


def _name(rng: Random, customer: Customer) -> None:
    """Gives a name, a VAT number and a tax code that fit the class and the place."""
    place, trades = customer.place, SECTORS[customer.sector][1]
    woman = rng.random() < 0.5
    first, last = rng.choice(WOMEN if woman else MEN), rng.choice(SURNAMES)
    if customer.credit_class == "PF":
        customer.name, customer.is_consumer = f"{last} {first}", True
        customer.tax_code = _person(rng, first, last, woman, place)
    elif customer.sector == "COND":
        customer.name = f"Condominio {rng.choice(STREETS)} {rng.randrange(1, 90)}"
        customer.tax_code = identifiers.public_tax_code(rng=rng)
    elif customer.credit_class == "ENT":
        customer.name = f"{rng.choice(trades)} {place.city}"
        customer.tax_code = identifiers.public_tax_code(rng=rng)
    elif customer.credit_class == "EST":
        customer.name = f"{last} {_foreign_form(place.country)}"
        customer.vat_number = identifiers.foreign_vat(rng=rng, country=place.country)
    else:
        sole_trader = rng.random() < 0.15
        customer.name = _firm(rng, trades, first, last, sole_trader)
        customer.vat_number = identifiers.vat_number(rng=rng, office=place.vat_office)
        customer.tax_code = _person(rng, first, last, woman, place) if sole_trader else customer.vat_number
    if customer.credit_class == "GRP":
        customer.name = (
            f"Adriatica {rng.choice(('Logistica', 'Immobiliare', 'Energia', 'Trasporti', 'Ceramiche'))} S.r.l."
        )


def _person(rng: Random, first: str, last: str, woman: bool, place: Place) -> str:
    cadastral = place.cadastral_code
    return identifiers.person_tax_code(rng=rng, first=first, last=last, woman=woman, cadastral=cadastral)


def _firm(rng: Random, trades: tuple[str, ...], first: str, last: str, sole_trader: bool) -> str:
    trade = rng.choice(trades)
    if sole_trader:
        return f"{trade} {last} di {last} {first}"
    middle = rng.choice((last, last, f"F.lli {last}", f"{last} & {rng.choice(SURNAMES)}", rng.choice(SECOND)))
    return f"{trade} {middle} {rng.choice(FORMS)}"


def _foreign(rng: Random) -> Place:
    return rng.choice(
        (
            Place("München", "80331", "", "Bayern", "", "", "DE"),
            Place("Stuttgart", "70173", "", "Baden-Württemberg", "", "", "DE"),
            Place("Innsbruck", "6020", "", "Tirol", "", "", "AT"),
            Place("Wien", "1010", "", "Wien", "", "", "AT"),
            Place("Lyon", "69001", "", "Rhône", "", "", "FR"),
            Place("Nice", "06000", "", "Alpes-Maritimes", "", "", "FR"),
        )
    )


def _foreign_form(country: str) -> str:
    return {"DE": "Haustechnik GmbH", "AT": "Installationen GmbH", "FR": "Distribution SARL"}[country]


def _payment(rng: Random, customer: Customer, kind: str) -> None:
    """Payment type, terms and limits."""
    customer.terms = rng.choices([terms for terms, _ in TERMS], [share for _, share in TERMS])[0]
    if kind == "PF":
        customer.payment_type, customer.terms = rng.choice(("BON", "CAR", "BOL")), ON_RECEIPT
    elif kind in {"ENT", "EST", "COND"}:
        customer.terms = rng.choice((THIRTY, TERMS[1][0]))
    elif rng.random() < 0.55:
        customer.payment_type = "RIB"
    elif rng.random() < 0.08:
        customer.payment_type = "SDDB"
    if kind not in {"PF", "ENT", "GRP"}:
        customer.credit_limit = int(min(250, 3 + customer.weight * 9)) * 1000
    if kind == "ASS":
        customer.insured_limit = customer.credit_limit * 8 // 10


def _phone(rng: Random, prefix: str) -> str:
    return f"+39 {prefix} 555{rng.randrange(10_000):04d}"


def _slug(name: str) -> str:
    plain = name.lower().translate(str.maketrans("àèéìòùäöüç", "aeeiouaouc"))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in plain).split()
    return "-".join(
        word
        for word in words
        if word not in {"srl", "spa", "snc", "sas", "srls", "s", "r", "l", "p", "a", "n", "c", "di"}
    )[:40]


def _reach(rng: Random, customer: Customer) -> None:
    """Addresses under .example: 7 in 100 have no e-mail, firms have a PEC, half have named contacts."""
    domain = f"{_slug(customer.name)}.example"
    private = customer.credit_class == "PF"
    customer.language = {"DE": "de", "AT": "de", "FR": "fr"}.get(customer.place.country, "it")
    if rng.random() > 0.07:
        box = f"{_slug(customer.name)}@posta.example" if private else f"amministrazione@{domain}"
        customer.email = box
    if not private and customer.place.country == "IT":
        customer.pec = f"{_slug(customer.name)}@pec.example"
    if rng.random() > 0.05:
        customer.phone = _phone(rng, "347" if private else f"0{rng.randrange(10, 99)}")
    if not private:
        _add_contacts(rng, customer, domain)


def _add_contacts(rng: Random, customer: Customer, domain: str) -> None:
    for role, chance in (("accounting", 0.6), ("owner", 0.3), ("purchasing", 0.15), ("disputes", 0.05)):
        if rng.random() < chance:
            first, last = rng.choice(MEN + WOMEN), rng.choice(SURNAMES)
            email = f"{first[0]}.{last}@{domain}".lower().replace("'", "")
            customer.contacts.append(Contact(role, f"{first} {last}", email, _phone(rng, "348"), customer.language))


def _tie(rng: Random, every: list[Customer], first: int) -> None:
    """Groups with a parent, administrators who pay for condominiums, firms that buy from both creditors."""
    own, other = every[:first], every[first:]
    firms = [c for c in own if c.credit_class in {"STD", "DIR", "GDO"}]
    for _ in range(max(1, len(every) // 150)):
        head, *members = rng.sample(firms, rng.randrange(3, 7))
        if head.parent is None:
            head.dun_group = rng.random() < 0.5
            _join(head, members)
    condominiums = [c for c in other if c.sector == "COND"]
    for start in range(0, len(condominiums) // 2, 6):
        administrator = condominiums[start]
        administrator.name = f"Studio Amministrazioni {rng.choice(SURNAMES)}"
        for condominium in condominiums[start + 1 : start + 6]:
            condominium.payer = administrator
    for twin in rng.sample([c for c in other if c.vat_number], max(1, len(other) // 8)):
        same = rng.choice(firms)
        twin.name, twin.vat_number, twin.tax_code, twin.place = same.name, same.vat_number, same.tax_code, same.place
        twin.email, twin.pec, twin.address, twin.habit = same.email, same.pec, same.address, same.habit


def _join(head: Customer, members: list[Customer]) -> None:
    brand = head.name.split()[1] if len(head.name.split()) > 1 else head.name
    for member in members:
        if member.parent is None and not member.dun_group:
            member.parent = head
            member.name = f"{member.name.rsplit(' ', 1)[0]} Gruppo {brand}"
