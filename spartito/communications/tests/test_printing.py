"""Letters wait, are printed together with their addresses, and are sent when somebody says they were posted."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from spartito.actions.models import Message
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, pay, person, plan, rest_of_the_day
from spartito.archive.operations import content_of
from spartito.communications.models import PrintBatch
from spartito.communications.operations import (
    CommunicationRefused,
    confirm_print_batch,
    drop_print_batch,
    make_print_batch,
)
from spartito.communications.queries import batches, letters_to_print
from spartito.journal.models import Entry

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.fixture
def anna():
    return person("anna", "collector_global")


def letter(code, **facts):
    whose = debtor(code, **facts)
    plan(
        whose,
        [late_invoice(whose, f"FT-{code}")],
        channel="registered_letter",
        template="formal_notice",
        step="formal_notice",
    )
    rest_of_the_day()
    return Message.objects.get(account=whose)


def printed(anna):
    (ready,) = letters_to_print(anna, TODAY)
    return make_print_batch(user=anna, customers=ready["accounts"], as_of=TODAY, creditor=ready["creditor"].pk)


def test_one_pdf_and_a_csv_of_addresses_that_holds_no_formula(anna):
    letter("C1", name="Alfa S.r.l.")
    letter("C2", name="=HYPERLINK(1)")
    batch = printed(anna)
    pages = PdfReader(BytesIO(content_of(batch.pdf))).pages
    assert len(pages) == sum(each.pages for each in batch.letters.all())
    assert "RACCOMANDATA A/R" in pages[0].extract_text().upper()
    csv = content_of(batch.addresses).decode("utf-8-sig")
    assert "Via Garibaldi 3" in csv
    assert "10121" in csv
    assert "registered_letter" in csv
    assert "'=HYPERLINK(1)" in csv
    assert set(Message.objects.values_list("status", flat=True)) == {"queued"}
    assert letters_to_print(anna, TODAY) == []


def test_they_are_sent_when_confirmed_but_those_left_out(anna):
    one, two = letter("C1"), letter("C2")
    batch = printed(anna)
    confirm_print_batch(
        user=anna, customers=[one.account_id, two.account_id], as_of=TODAY, batch=batch.pk, leave_out=[two.pk]
    )
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.status, one.sent_by, one.sent_on) == ("sent", "registered_letter", TODAY)
    assert one.document is not None
    assert two.status == "queued"
    assert Entry.objects.filter(verb="message.sent").count() == 1
    with pytest.raises(CommunicationRefused):
        confirm_print_batch(user=anna, customers=[one.account_id], as_of=TODAY, batch=batch.pk)
    assert [each["count"] for each in letters_to_print(anna, TODAY)] == [1]


def test_one_paid_between_printing_and_posting_is_not_sent(anna):
    one, two = letter("C1"), letter("C2")
    batch = printed(anna)
    pay(one.planned_action.action_items.get().item)
    rest_of_the_day()
    confirm_print_batch(user=anna, customers=[one.account_id, two.account_id], as_of=TODAY, batch=batch.pk)
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.status, two.status) == ("withdrawn", "sent")
    assert batch.letters.count() == 1


def test_one_partly_paid_is_printed_again(anna):
    one = letter("C1")
    batch = printed(anna)
    pay(one.planned_action.action_items.get().item, "100")
    rest_of_the_day()
    assert batch.letters.count() == 0
    again = printed(anna)
    assert "900,00" in PdfReader(BytesIO(content_of(again.pdf))).pages[0].extract_text()


def test_a_batch_can_be_printed_again_or_dropped(anna):
    letter("C1")
    batch = printed(anna)
    assert content_of(batch.pdf) == content_of(batches(anna, TODAY).get().pdf)
    drop_print_batch(user=anna, customers=[], as_of=TODAY, batch=batch.pk)
    assert not PrintBatch.objects.exists()
    assert [each["count"] for each in letters_to_print(anna, TODAY)] == [1]


@pytest.mark.usefixtures("english")
def test_nothing_to_print_is_said(anna):
    whose = debtor()
    with pytest.raises(CommunicationRefused, match="waits for printing"):
        make_print_batch(user=anna, customers=[whose.pk], as_of=TODAY, creditor=whose.creditor_id)


def test_a_batch_with_a_hidden_customer_is_hidden(anna):
    letter("C1")
    printed(anna)
    stranger = person("luca", "collector_sector", salesperson="S9")
    assert not batches(stranger, TODAY).exists()
    assert letters_to_print(stranger, TODAY) == []
