"""What a message says: documents, credits, interest, payment; in the debtor's language; composed anew when facts change."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pypdf import PdfReader

from spartito.actions.models import Message
from spartito.actions.tests.stage import TODAY, debtor, house, late_invoice, pay, plan, refresh, rest_of_the_day
from spartito.communications.interest import interest_of
from spartito.communications.models import Rendition, Template
from spartito.communications.operations import CommunicationRefused, save_template
from spartito.communications.queries import messages_json
from spartito.communications.reading import page_of, pdf_for, written
from spartito.communications.rules import Run, TemplateWrong, check_template, filled, parsed, payment_reason
from spartito.portfolio.models import Hold
from spartito.reference.queries import late_rates
from tests import builders

pytestmark = pytest.mark.usefixtures("tenant")


def composed(**facts) -> Message:
    whose = debtor(**facts)
    plan(whose, [late_invoice(whose, "FT1", "1234.50"), late_invoice(whose, "FT2", "500.00", due=date(2026, 10, 20))])
    rest_of_the_day()
    return Message.objects.get()


def text_of(message: Message) -> str:
    return written(message).text


def test_the_first_reminder_in_italian():
    message = composed()
    assert message.subject == "Sollecito di pagamento: scaduto 1.734,50 EUR (documenti: 2)"
    text = text_of(message)
    assert "posizione C1" in text
    assert "FT1" in text
    assert "1.234,50" in text
    assert "01/10/2026" in text
    assert " 48 " in text
    assert "IT60 X054 2811 1010 0000 0123 456" in text
    assert "C1 FT1, FT2" in text
    assert "{" not in text


def test_in_english_for_an_english_customer_and_in_the_creditors_language_where_there_is_no_text():
    message = composed(language="en")
    assert message.subject == "Payment reminder: 1,734.50 EUR overdue (documents: 2)"
    assert "1 Oct 2026" in text_of(message)
    Message.objects.all().delete()
    whose = debtor("C2", language="pl")
    plan(whose, [late_invoice(whose, "FT9")])
    rest_of_the_day()
    assert Message.objects.get().language == "it"


def test_a_partial_payment_composes_anew_under_the_same_id_and_the_old_text_stays():
    message = composed()
    first = Rendition.objects.get()
    pay(first.message.planned_action.action_items.get(item__document_number="FT1").item, "234.50")
    rest_of_the_day()
    old, new = Rendition.objects.order_by("number")
    assert (old.pk, old.superseded_on, new.superseded_on) == (first.pk, TODAY, None)
    assert Message.objects.get().pk == message.pk
    assert Message.objects.get().subject == "Sollecito di pagamento: scaduto 1.500,00 EUR (documenti: 2)"
    rest_of_the_day()
    assert Rendition.objects.count() == 2


def test_a_part_on_hold_is_not_asked_for():
    message = composed()
    item = message.planned_action.action_items.get(item__document_number="FT1").item
    Hold.objects.create(customer=message.account, item=item, amount=Decimal(1000), kind="dispute", starts_on=TODAY)
    rest_of_the_day()
    assert "234,50" in text_of(Message.objects.get())
    assert "1.234,50" not in text_of(Message.objects.get())


def test_what_the_debtor_pays_to_the_state_or_may_still_keep_is_not_asked_for():
    whose = debtor()
    late = late_invoice(whose, "FT1", "1220", vat_split=220, withheld=100, retention=50)
    plan(whose, [late, late_invoice(whose, "FT2", "22", vat_split=22), late_invoice(whose, "FT3", "70")])
    rest_of_the_day()
    message = Message.objects.get()
    assert message.subject == "Sollecito di pagamento: scaduto 920,00 EUR (documenti: 2)"
    assert "850,00" in text_of(message)
    assert "FT2" not in text_of(message)


def test_documents_in_json_are_strings_and_credits_apart():
    message = composed()
    builders.invoice(message.account, "NC7", due=TODAY, amount="-100", issued=date(2026, 11, 1), kind="credit_note")
    rest_of_the_day()
    (told,) = messages_json(Message.objects.all())["messages"]
    assert told["documents"] == ["FT1", "FT2"]
    assert told["credits"] == ["NC7"]
    assert (told["channel"], told["sent_by"], told["status"], told["to"]) == (
        "email", "", "queued", "amministrazione@bianchi.example",
    )  # fmt: skip
    text = text_of(Message.objects.get())
    assert "A Vostro credito" in text


def test_currencies_share_a_letter_with_a_subtotal_each():
    whose = debtor()
    plan(whose, [late_invoice(whose, "FT1", "100"), late_invoice(whose, "US1", "50", currency="USD")])
    rest_of_the_day()
    message = Message.objects.get()
    assert "100,00 EUR + 50,00 USD" in message.subject
    assert not any(block.get("epc") for block in written(message).blocks)


def test_what_a_debtor_calls_itself_is_never_markup():
    message = composed(name="**<script>alert(1)</script>** {total} #eval")
    message.template = "second_reminder"
    message.save()
    rest_of_the_day()
    page = page_of(Message.objects.get())
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    letter = PdfReader(BytesIO(pdf_for(Message.objects.get(), as_of=TODAY))).pages[0].extract_text()
    assert "<script>alert(1)</script>" in letter.replace("\n", "")


def test_the_letter_is_pdf_a_with_address_page_number_and_the_same_bytes_each_time():
    message = composed()
    content = pdf_for(message, as_of=TODAY)
    text = PdfReader(BytesIO(content)).pages[0].extract_text()
    assert b"pdfaid:part" in content
    assert b"<pdfaid:conformance>B" in content
    assert "Bianchi & Figli S.p.A." in text
    assert "10121 Torino (TO)" in text
    assert "1 / 1" in text
    Rendition.objects.update(document=None)
    assert pdf_for(Message.objects.get(), as_of=TODAY) == content


def test_a_letter_shows_signs_of_its_own_language_as_they_are():
    whose = debtor(name='Fratelli "Più" \\ #emph[Verdi] $x$ S.n.c.')
    plan(whose, [late_invoice(whose, "FT-1", "10.00")])
    rest_of_the_day()
    text = PdfReader(BytesIO(pdf_for(Message.objects.get(), as_of=TODAY))).pages[0].extract_text()
    assert 'Fratelli "Più" \\ #emph[Verdi] $x$ S.n.c.' in text


def test_a_long_list_runs_over_pages_with_its_head_repeated():
    whose = debtor()
    plan(
        whose,
        [late_invoice(whose, f"FT-2026/{n:04}", "10.00", due=date(2026, 10, 1) + timedelta(n % 30)) for n in range(60)],
    )
    rest_of_the_day()
    pages = PdfReader(BytesIO(pdf_for(Message.objects.get(), as_of=TODAY))).pages
    assert len(pages) >= 2
    whole = "".join(page.extract_text() for page in pages)
    assert all(f"FT-2026/{n:04}" in whole for n in range(60))
    assert f"2 / {len(pages)}" in pages[1].extract_text()


def test_late_interest_of_the_worked_example():
    """Domain 2.4: 12,200 due 31/12/2024, 5,000 received 15/05/2025, 618 days: 1,482.81."""
    result = interest_of(
        open_amount=Decimal(7200),
        due_date=date(2024, 12, 31),
        until=date(2026, 9, 10),
        movements=[(date(2024, 10, 31), Decimal(12200)), (date(2025, 5, 15), Decimal(-5000))],
        rates=late_rates(until=date(2026, 9, 10)),
    )
    assert (result.total, result.days, len(result.tranches)) == (Decimal("1482.81"), 618, 5)


def test_a_formal_notice_shows_interest_tranche_by_tranche_and_forty_euro_a_document():
    whose = debtor()
    item = late_invoice(whose, "FT1", "12200", due=date(2024, 12, 31), issued=date(2024, 10, 31))
    pay(item, "5000", on=date(2025, 5, 15))
    refresh(date(2026, 9, 10))
    house(ledger_date=date(2026, 9, 10))
    plan(
        whose, [item], on=date(2026, 9, 10), step="formal_notice", template="formal_notice", channel="registered_letter",
        params={"include": ["late_interest", "recovery_fee"]},
    )  # fmt: skip
    rest_of_the_day(date(2026, 9, 10))
    message = Message.objects.get()
    fields = Rendition.objects.get().fields
    assert fields["interest"]["total"] == "1482.81"
    assert [tranche["days"] for tranche in fields["interest"]["documents"][0]["tranches"]] == [135, 46, 184, 181, 72]
    text = text_of(message)
    for shown in ("503,12", "1.482,81", "40,00", "8.722,81", "D.Lgs. 9 ottobre 2002, n. 231", "1219"):
        assert shown in text


def test_a_consumer_owes_legal_interest_and_no_flat_fee():
    whose = debtor(is_consumer=True)
    plan(whose, [late_invoice(whose)], template="formal_notice", params={"include": ["late_interest", "recovery_fee"]})
    rest_of_the_day()
    fields = Rendition.objects.get().fields
    assert (fields["interest"]["kind"], fields["interest"]["fee_total"]) == ("legal", "0.00")
    assert fields["interest"]["documents"][0]["tranches"][0]["percent"] == "1.6"
    text = text_of(Message.objects.get())
    assert "231/2002" not in text
    assert "n. 231" not in text
    assert "1284" in text


def test_interest_is_told_only_where_the_step_includes_it():
    whose = debtor()
    plan(whose, [late_invoice(whose)], template="second_reminder")
    rest_of_the_day()
    assert "1284" not in text_of(Message.objects.get())
    assert "n. 231" not in text_of(Message.objects.get())


@pytest.mark.usefixtures("english")
def test_a_template_with_an_unknown_field_is_refused_by_name():
    with pytest.raises(CommunicationRefused, match=r"\{customer_fax\}"):
        save_template(user=None, code="x", language="it", name="X", subject="S", body="Ciao {customer_fax}")
    with pytest.raises(TemplateWrong, match="stand alone"):
        check_template(subject="S", body="Ecco {table} qui")
    with pytest.raises(TemplateWrong, match="subject"):
        check_template(subject="{table}", body="Ciao")


def test_a_new_number_of_a_text_is_in_force_for_what_is_not_sent_yet():
    message = composed()
    save_template(
        user=None, code="first_reminder", language="it", name="N", subject="Nuovo {total}", body="Testo nuovo."
    )
    rest_of_the_day()
    assert Message.objects.get(pk=message.pk).subject == "Nuovo 1.734,50 EUR"
    assert Template.objects.filter(code="first_reminder", language="it").count() == 2


def test_a_step_whose_text_does_not_exist_is_held_in_sight():
    whose = debtor()
    plan(whose, [late_invoice(whose)], template="nowhere")
    rest_of_the_day()
    assert list(Message.objects.values_list("status", "held_because")) == [("held", "no_template")]


@given(some.text(max_size=60))
def test_no_value_ever_becomes_structure(value):
    before = parsed("Gentile **{customer_name}**, a voi.\n\n{table}")
    after = filled("Gentile **{customer_name}**, a voi.\n\n{table}", lambda name: value)
    assert [(block.kind, len(block.runs)) for block in after] == [(block.kind, len(block.runs)) for block in before]
    assert after[0].runs[1] == Run(value, bold=True)


@given(some.lists(some.text("0123456789/FT-", min_size=1, max_size=30), max_size=40))
def test_the_reason_of_a_transfer_fits_in_what_banks_carry(numbers):
    told = payment_reason(code="C1", numbers=numbers, others="e altri %d")
    assert len(told) <= 100
    assert told.startswith("C1")
