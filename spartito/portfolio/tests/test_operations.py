"""What a person changes by hand: checked, kept in the row's history, told in the journal, and not paid for by imports."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from spartito.access.operations import create_user
from spartito.journal.models import Entry
from spartito.portfolio import operations
from spartito.portfolio.models import Customer, Hold, Party, Salesperson
from spartito.portfolio.operations import PortfolioRefused
from spartito.portfolio.queries import contacts_of, find_customers, search, statement
from spartito.portfolio.tests import ledger
from spartito.portfolio.tests.ledger import DAY, bring_to

PARTITA_IVA = "00743110157"


@pytest.fixture
def boss(tenant):
    return create_user(user=None, as_of=DAY, username="capo", profile="credit_manager", full_name="Rita Capo")


@pytest.fixture
def alfa(tenant):
    made = ledger.customer("ALFA")
    ledger.item(made, "F1", "100.00")
    ledger.item(made, "F2", "60.00", due=DAY + timedelta(days=3))
    bring_to()
    return made


def history_of(row):
    model = apps.get_model(row._meta.app_label, f"{type(row).__name__}Event")
    return list(model.objects.filter(pgh_obj=row).order_by("pgh_id"))


def test_an_edit_is_kept_and_told_as_a_persons(boss, alfa):
    customer, doubts = operations.edit_customer(
        user=boss, customers=[alfa.pk], as_of=DAY, name="Alfa S.r.l.", vat_number="123", phone="02 1234567"
    )
    assert (customer.name, len(doubts), "123" in doubts[0]) == ("Alfa S.r.l.", 1, True)
    (kept,) = history_of(customer)
    assert (kept.pgh_label, kept.name, kept.pgh_context.metadata["user"]) == ("update", "Alfa S.r.l.", boss.pk)
    entry = Entry.objects.get(verb="customer.edited")
    assert (entry.customer_id, entry.actor, entry.data["changed"]["name"]) == (
        alfa.pk, "Rita Capo", ["Cliente ALFA", "Alfa S.r.l."],
    )  # fmt: skip


def test_set_based_writes_leave_no_history(boss, alfa):
    Customer.objects.update(name="Importato")
    assert history_of(alfa) == []
    operations.edit_customer(user=boss, customers=[alfa.pk], as_of=DAY, city="Milano")
    Customer.objects.update(name="Importato ancora")
    assert len(history_of(alfa)) == 1


def test_a_new_customer_is_written_to_itself_and_tied_to_its_party(boss, alfa):
    first = operations.create_customer(
        user=boss, as_of=DAY, creditor=alfa.creditor, code="N1", name="Nuova", vat_number=PARTITA_IVA
    )
    assert (first.account, first.created_on, first.party.vat_number) == (first, DAY, PARTITA_IVA)
    other = operations.create_customer(
        user=boss, as_of=DAY, creditor=ledger.creditor("ALTRA"), code="N9", name="Nuova", vat_number=PARTITA_IVA
    )
    assert other.party == first.party
    assert Party.objects.count() == 1
    with pytest.raises(PortfolioRefused, match="N1"):
        operations.create_customer(user=boss, as_of=DAY, creditor=alfa.creditor, code="N1", name="Ancora")


def test_payers_are_of_the_same_creditor_and_exclusions_have_a_reason(boss, alfa):
    stranger = ledger.customer("X", of="ALTRA")
    with pytest.raises(PortfolioRefused, match="payer"):
        operations.edit_customer(user=boss, customers=[alfa.pk], as_of=DAY, payer=stranger)
    with pytest.raises(PortfolioRefused, match=r"excluded_because|solleciti"):
        operations.edit_customer(user=boss, customers=[alfa.pk], as_of=DAY, is_excluded=True)
    with pytest.raises(PortfolioRefused, match="account"):
        operations.edit_customer(user=boss, customers=[alfa.pk], as_of=DAY, account=stranger)


def test_who_owes_is_not_retired(boss, alfa):
    with pytest.raises(PortfolioRefused):
        operations.retire_customer(user=boss, customers=[alfa.pk], as_of=DAY)
    empty = ledger.customer("VUOTO")
    operations.retire_customer(user=boss, customers=[empty.pk], as_of=DAY)
    assert not find_customers(user=boss, as_of=DAY, words="VUOTO")
    operations.retire_customer(user=boss, customers=[empty.pk], as_of=DAY, back=True)
    assert find_customers(user=boss, as_of=DAY, words="VUOTO")


@pytest.mark.parametrize(("kind", "review"), [("manual", 14), ("dispute", 30), ("do_not_contact", None)])
def test_holds_are_reviewed_as_their_kind_asks(boss, alfa, kind, review):
    (hold,) = operations.put_hold(user=boss, customers=[alfa.pk], as_of=DAY, kind=kind, because="prova")
    assert hold.review_on == (DAY + timedelta(days=review) if review else None)
    assert (hold.owner, hold.ends_on) == (boss, None)


def test_wrong_holds_are_refused(boss, alfa):
    item = ledger.Item.objects.get(document_number="F1")

    def refused(**values):
        with pytest.raises(PortfolioRefused):
            operations.put_hold(user=boss, customers=[alfa.pk], as_of=DAY, **values)

    refused(kind="holiday", because="x")
    refused(kind="manual")
    refused(kind="promise")
    refused(kind="manual", because="x", amount=Decimal(5))
    refused(kind="manual", because="x", item=item.pk, amount=Decimal("100.01"))
    refused(kind="manual", because="x", starts_on=DAY, ends_on=DAY - timedelta(days=1))
    refused(kind="manual", because="x", item=ledger.item(ledger.customer("B"), "G1", "5.00").pk)
    assert not Hold.objects.exists()


def test_a_hold_is_extended_and_released(boss, alfa):
    (hold,) = operations.put_hold(user=boss, customers=[alfa.pk], as_of=DAY, kind="promise", ends_on=DAY)
    later = DAY + timedelta(days=9)
    operations.extend_hold(user=boss, customers=[alfa.pk], as_of=DAY, hold=hold.pk, ends_on=later)
    operations.release_hold(user=boss, customers=[alfa.pk], as_of=DAY, because="pagato")
    hold.refresh_from_db()
    assert (hold.ends_on, hold.released_on, hold.released_by) == (later, DAY, boss)
    assert [event.pgh_label for event in history_of(hold)] == ["insert", "update", "update"]
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "hold.put", "hold.extended", "hold.released",
    ]  # fmt: skip


def test_the_statement_shows_what_is_held(boss, alfa):
    item = ledger.Item.objects.get(document_number="F1")
    operations.put_hold(
        user=boss,
        customers=[alfa.pk],
        as_of=DAY,
        kind="dispute",
        because="rotto",
        item=item.pk,
        amount=Decimal("30.00"),
    )
    first, second = statement(user=boss, customer=alfa, as_of=DAY).lines
    assert (first.item, first.days, first.held, first.running) == (item, 10, Decimal("30.00"), Decimal("100.00"))
    assert (second.days, second.held, second.running) == (-3, Decimal(0), Decimal("160.00"))


def test_one_block_in_force_and_its_history(boss, alfa):
    operations.put_block(user=boss, customers=[alfa.pk], as_of=DAY, level=1, reason="scaduto")
    assert operations.put_block(user=boss, customers=[alfa.pk], as_of=DAY, level=1, reason="ancora") == []
    operations.put_block(user=boss, customers=[alfa.pk], as_of=DAY, level=3, reason="insoluto")
    assert [block.level for block in alfa.blocks.filter(released_on__isnull=True)] == [3]
    operations.release_block(user=boss, customers=[alfa.pk], as_of=DAY, because="pagato")
    assert alfa.blocks.count() == 2


def test_contacts_come_and_go(boss, alfa):
    contact, doubts = operations.save_contact(
        user=boss, customers=[alfa.pk], as_of=DAY, role="accounting", name="Lia", email="lia@", is_preferred=True
    )
    assert len(doubts) == 1
    operations.save_contact(
        user=boss, customers=[alfa.pk], as_of=DAY, role="accounting", name="Ugo", phone="02 7654321", is_preferred=True
    )
    assert [row.name for row in contacts_of(customer=alfa, as_of=DAY)] == ["Ugo", "Lia"]
    operations.end_contact(user=boss, customers=[alfa.pk], as_of=DAY, contact=contact.pk)
    assert [row.name for row in contacts_of(customer=alfa, as_of=DAY)] == ["Ugo"]
    with pytest.raises(PortfolioRefused):
        operations.save_contact(user=boss, customers=[alfa.pk], as_of=DAY, role="accounting")


def test_a_salesperson_is_made_and_retired(boss, alfa):
    seller, doubts = operations.save_salesperson(user=boss, as_of=DAY, code="ROSSI", name="Rossi", email="rossi@x.it")
    assert doubts == []
    operations.retire_salesperson(user=boss, as_of=DAY, salesperson=seller)
    assert Salesperson.objects.get(code="ROSSI").retired_on == DAY
    assert [event.pgh_label for event in history_of(seller)] == ["insert", "update"]


def test_search_finds_by_code_name_number_and_document(boss, alfa):
    for words in ("alfa", "Cliente AL", "F1", "f1"):
        assert [row.code for row in search(user=boss, as_of=DAY, words=words)] == ["ALFA"], words
    assert search(user=boss, as_of=DAY, words="a") == []


def test_who_may_not_does_not(alfa):
    seller = create_user(user=None, as_of=DAY, username="v", profile="salesperson")
    for do in (operations.edit_customer, operations.release_hold, operations.retire_customer):
        with pytest.raises(PortfolioRefused):
            do(user=seller, customers=[alfa.pk], as_of=date(2026, 11, 20))
