"""From a rendition to what people read: one list of blocks, shown as e-mail, plain text or letter.

A block is a plain dict: p and h {runs}, list {items}, table {title, head, align, rows, totals, note},
payment {title, lines, qr, qr_says}. Everything is worded in the debtor's language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from spartito.access.models import User
from spartito.actions.models import Message
from spartito.communications.interest_tables import delays_table, interest_table
from spartito.communications.models import Rendition
from spartito.communications.plaintext import plain_text
from spartito.communications.rules import EpcPayment, Run, filled, grouped_iban, names_in, payment_reason
from spartito.platform import money
from spartito.portfolio.models import Creditor, Customer
from spartito.reference.queries import NotKnown, legal_text

PAY_WITHIN = {"formal": 15, "final": 10}
DAYS_TO_PAY = 7
# The reason inside a payment code: short, so that the code stays coarse and quick to read.
IN_CODE = 50
# Tables of numbers are written in the debtor's language, as far as we have words for it.
WORDED_IN = ("it", "en")

Block = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """A message ready to be shown: its language, subject and blocks, and who signs it."""

    message: Message
    rendition: Rendition
    language: str
    subject: str
    blocks: list[Block]
    day: date

    @property
    def text(self) -> str:
        """The plain text alternative of the e-mail."""
        return plain_text(self.blocks)


def current_rendition(message: Message) -> Rendition | None:
    return Rendition.objects.select_related("template").filter(message=message, superseded_on__isnull=True).first()


def write(message: Message, rendition: Rendition) -> Written:
    """The text of a rendition in its template's language. Reads the account, its collector and its creditor."""
    language = rendition.template.language if rendition.template else "it"
    day = date.fromisoformat(rendition.fields["date"])
    with translation.override(language if language in WORDED_IN else "en"):
        blocks = _Writer(message, rendition, language, day).blocks()
    return Written(message, rendition, language, rendition.subject, blocks, day)


class _Writer:
    """Fills one text. Holds what its fields are made from."""

    def __init__(self, message: Message, rendition: Rendition, language: str, day: date) -> None:
        self.fields = rendition.fields
        self.is_statement = self.fields.get("lists") == "open"
        self.template = rendition.template
        self.language = language
        self.day = day
        self.message = message
        self.account: Customer = message.account
        self.creditor: Creditor = message.creditor
        self.contact = _contact_of(self.account, self.creditor)

    def blocks(self) -> list[Block]:
        assert self.template is not None
        found: list[Block] = []
        for block in filled(self.template.body, self.value):
            if block.kind == "field":
                found += getattr(self, f"_{block.name}")()
            elif block.kind == "list":
                found.append({"kind": "list", "items": [_runs(item) for item in block.items]})
            else:
                found.append({"kind": block.kind, "runs": _runs(block.runs)})
        return found

    def value(self, name: str) -> str:
        """An inline field; block fields are left as they are."""
        made = getattr(self, f"_{name}_", None)
        return str(made()) if made else "{" + name + "}"

    def amount(self, value: str | Decimal) -> str:
        return money.written(Decimal(value), language=self.language)

    def written_day(self, value: str | date) -> str:
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return day.strftime("%d/%m/%Y") if self.language == "it" else format_date(day, "d MMM y", locale=self.language)

    # --- inline fields ---------------------------------------------------------------------------------
    def _customer_name_(self) -> str:
        return self.account.name or self.account.code

    def _customer_code_(self) -> str:
        return self.account.code

    def _creditor_name_(self) -> str:
        return self.creditor.name

    def _date_(self) -> str:
        return self.written_day(self.day)

    def _documents_count_(self) -> int:
        return (0 if self.is_statement else self.fields["overdue_count"]) or len(self.fields["documents"])

    def _told_sums(self) -> dict[str, Decimal]:
        """A statement speaks of all that is open."""
        return self._amounts("total") if self.is_statement else self._sums()

    def _sums(self) -> dict[str, Decimal]:
        return self._amounts("overdue") or self._amounts("total")

    def _amounts(self, name: str) -> dict[str, Decimal]:
        return {currency: Decimal(amount) for currency, amount in self.fields[name].items() if Decimal(amount)}

    def _total_(self) -> str:
        return " + ".join(f"{self.amount(amount)} {currency}" for currency, amount in sorted(self._told_sums().items()))

    def _total_with_interest_(self) -> str:
        sums = dict(self._sums())
        interest = self.fields.get("interest") or {}
        added = Decimal(interest.get("total", 0)) + Decimal(interest.get("fee_total", 0))
        if added:
            sums["EUR"] = sums.get("EUR", Decimal(0)) + added
        return " + ".join(f"{self.amount(amount)} {currency}" for currency, amount in sorted(sums.items()))

    def _oldest_due_date_(self) -> str:
        return self.written_day(self.fields["oldest"]) if "oldest" in self.fields else ""

    def _oldest_days_(self) -> int:
        return max((each["days"] for each in self.fields["documents"]), default=0)

    def _pay_by_(self) -> str:
        days = int(
            self.fields.get("pay_by") or PAY_WITHIN.get(self.template.tone if self.template else "", DAYS_TO_PAY)
        )
        return self.written_day(self.day + timedelta(days=days))

    def _contact_name_(self) -> str:
        return self.contact[0]

    def _contact_phone_(self) -> str:
        return self.contact[1]

    def _contact_email_(self) -> str:
        return self.contact[2]

    def _salesperson_name_(self) -> str:
        seller = self.account.salesperson
        return str(seller) if seller else self.contact[0]

    def _law(self, key: str) -> str:
        try:
            return legal_text(key=key, language="it" if self.language == "it" else "en", day=self.day)
        except NotKnown:
            return ""

    def _late_interest_law_(self) -> str:
        return self._law("legal_interest" if self.fields["customer"]["consumer"] else "late_interest")

    def _legal_interest_law_(self) -> str:
        return self._law("legal_interest")

    def _recovery_fee_law_(self) -> str:
        return self._law("recovery_fee")

    def _formal_notice_law_(self) -> str:
        return self._law("formal_notice")

    # --- block fields ----------------------------------------------------------------------------------
    def _table(self) -> list[Block]:
        """The documents past their due date, then those soon due, each with a subtotal a currency."""
        late = [each for each in self.fields["documents"] if each["days"] > 0]
        soon = [each for each in self.fields["documents"] if each["days"] <= 0]
        made = []
        if late:
            made.append(self._documents(late, title="", total=_("Total overdue"), days=True))
        if soon:
            made.append(
                self._documents(soon, title=_("Falling due") if late else "", total=_("Total falling due"), days=False)
            )
        return made

    def _documents(self, documents: list[dict[str, Any]], *, title: str, total: str, days: bool) -> Block:
        several = len({each["currency"] for each in documents}) > 1
        one = "" if several else f" {documents[0]['currency']}"
        head = [
            pgettext("letter", "Document"),
            pgettext("letter", "Dated"),
            pgettext("letter", "Due"),
            *([pgettext("letter", "Days late")] if days else []),
            pgettext("letter", "Amount") + one,
        ]
        rows = [
            [
                self._name(each),
                self.written_day(each["issued"]) if each.get("issued") else "",
                self.written_day(each["due"]),
                *([str(each["days"])] if days else []),
                self.amount(each["amount"]) + (f" {each['currency']}" if several else ""),
            ]
            for each in documents
        ]
        sums: dict[str, Decimal] = {}
        for each in documents:
            sums[each["currency"]] = sums.get(each["currency"], Decimal(0)) + Decimal(each["amount"])
        totals = [
            {"label": f"{total} {currency}", "amount": self.amount(amount)} for currency, amount in sorted(sums.items())
        ]
        align = ["left", "left", "left", *(["right"] if days else []), "right"]
        return {
            "kind": "table",
            "title": title,
            "head": head,
            "align": align,
            "rows": rows,
            "totals": totals,
            "note": "",
        }

    def _name(self, document: dict[str, Any]) -> str:
        kinds = {
            "invoice": pgettext("letter", "Invoice"),
            "debit_note": pgettext("letter", "Debit note"),
            "credit_note": pgettext("letter", "Credit note"),
            "advance": pgettext("letter", "Advance"),
            "payment": pgettext("letter", "Payment received"),
        }
        told = f"{kinds.get(document['type'], '')} {document.get('number', '')}".strip()
        order = pgettext("letter", "order")
        extra = [document.get("customer"), document.get("cig") and f"CIG {document['cig']}"]
        extra += [
            document.get("cup") and f"CUP {document['cup']}",
            document.get("order") and f"{order} {document['order']}",
        ]
        if document.get("returned"):
            extra.append(_("returned unpaid on %(day)s") % {"day": self.written_day(document["returned"])})
        return " · ".join([told, *filter(None, extra)])

    def _credits(self) -> list[Block]:
        """Credits and money not yet laid on a document, apart; nothing when there is none."""
        listed = self.fields["credits"]
        if not listed:
            return []
        rows = [
            [
                self._name(each),
                self.written_day(each["issued"]) if each.get("issued") else "",
                f"{self.amount(each['amount'])} {each['currency']}",
            ]
            for each in listed
        ]
        return [
            {
                "kind": "table",
                "title": _("In your favour"),
                "head": [pgettext("letter", "Document"), pgettext("letter", "Dated"), pgettext("letter", "Amount")],
                "align": ["left", "left", "right"],
                "rows": rows,
                "totals": self._after_credits(listed),
                "note": "",
            }
        ]

    def _after_credits(self, listed: list[dict[str, Any]]) -> list[dict[str, str]]:
        """What is left to pay of each currency once the credits are taken off."""
        left = self._told_sums()
        for each in listed:
            if each["currency"] in left:
                left[each["currency"]] += Decimal(each["amount"])
        return [
            {
                "label": _("Balance less your credits %(currency)s") % {"currency": currency},
                "amount": self.amount(amount),
            }
            for currency, amount in sorted(left.items())
        ]

    def _interest(self) -> list[Block]:
        """Interest and flat fee, line by line; nothing where the step does not include them or none is due."""
        interest = self.fields.get("interest") or {}
        return interest_table(self, interest, law=self._late_interest_law_()) if interest.get("documents") else []

    def _delays(self) -> list[Block]:
        """What was paid late in the period before, and the interest that was not charged; nothing where nothing was."""
        return delays_table(self, self.fields["delays"]) if (self.fields.get("delays") or {}).get("documents") else []

    def percent(self, value: str) -> str:
        return value.replace(".", ",") if self.language == "it" else value

    def _payment(self) -> list[Block]:
        """Where to pay, with a code for the bank's app when the sum is in euro and the account is known."""
        iban = (self.fields.get("iban") or self.creditor.iban).replace(" ", "")
        if not iban:
            return []
        numbers = list(dict.fromkeys(each["number"] for each in self.fields["documents"]))
        reason = payment_reason(code=self.account.code, numbers=numbers, others=_("and %d more"))
        lines = [
            {"label": pgettext("letter", "IBAN"), "value": grouped_iban(iban)},
            {"label": _("In the name of"), "value": self.creditor.name},
            {"label": pgettext("letter", "Bank"), "value": self.creditor.bank_name},
            {"label": pgettext("letter", "Reason"), "value": reason},
        ]
        block = {
            "kind": "payment",
            "title": _("How to pay"),
            "lines": [line for line in lines if line["value"]],
            "qr": "",
            "qr_says": _("For your bank's app"),
        }
        sums = self._sums()
        if set(sums) == {"EUR"} and Decimal(0) < sums["EUR"] < Decimal("999999999.99"):
            brief = payment_reason(code=self.account.code, numbers=numbers, others=_("and %d more"), longest=IN_CODE)
            paid = EpcPayment(self.creditor.name, iban, money.plain(sums["EUR"]), brief)
            block["epc"] = paid.text()
        return [block]

    def _signature(self) -> list[Block]:
        runs = [{"text": self.creditor.name, "bold": True}]
        for line in self.contact:
            if line:
                runs += [{"br": True, "text": ""}, {"text": line}]
        return [{"kind": "p", "runs": runs}]


def _contact_of(account: Customer, creditor: Creditor) -> tuple[str, str, str]:
    """Name, phone and e-mail of who answers: the account's collector, else the creditor's office."""
    person: User | None = account.collector if account.collector and account.collector.is_active else None
    if person is not None:
        return (person.full_name or person.username, person.phone or creditor.phone, person.email or creditor.email)
    return (_("Credit office"), creditor.phone, creditor.email)


def _runs(runs: Iterable[Run]) -> list[dict[str, Any]]:
    return [{"text": run.text, "bold": run.bold, "italic": run.italic, "br": run.br} for run in runs]


def uses(rendition: Rendition, name: str) -> bool:
    """Whether the text of a rendition names a field."""
    return rendition.template is not None and name in names_in(rendition.template.body)
