"""The invented company keeps the rules of real books."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from stdnum import iban
from stdnum.eu import vat as european_vat
from stdnum.it import codicefiscale, iva

from spartito.demo import files
from spartito.demo.company import Company, make_company, places
from spartito.demo.trade import Trade, is_working, make_trade

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def company() -> Company:
    return make_company(seed=7, customers=300)


@pytest.fixture(scope="module")
def trade(company: Company) -> Trade:
    return make_trade(company, seed=7, today=TODAY, items=9000)


def test_every_vat_number_and_tax_code_is_valid(company: Company) -> None:
    for customer in company.customers:
        if customer.vat_number:
            check = iva if customer.place.country == "IT" else european_vat
            assert check.is_valid(customer.vat_number), customer
        if customer.tax_code:
            assert codicefiscale.is_valid(customer.tax_code), customer


def test_a_vat_number_names_the_office_of_its_province(company: Company) -> None:
    offices = {place.province: place.vat_office for place in places()}
    for customer in company.customers:
        if customer.vat_number and customer.place.country == "IT":
            assert customer.vat_number[7:10] == offices[customer.place.province]


def test_bank_accounts_are_valid(company: Company) -> None:
    assert all(iban.is_valid(creditor.iban) for creditor in company.creditors)


def test_the_two_creditors_use_the_same_codes_for_different_customers(company: Company) -> None:
    by_code = Counter(customer.code for customer in company.customers)
    assert max(by_code.values()) == 2
    assert len({(customer.creditor.code, customer.code) for customer in company.customers}) == len(company.customers)


def test_mail_goes_nowhere(company: Company) -> None:
    written = [c.email for c in company.customers] + [c.pec for c in company.customers]
    written += [contact.email for customer in company.customers for contact in customer.contacts]
    assert all(address.endswith(".example") for address in written if address)


def test_no_payer_or_parent_has_one_of_its_own(company: Company) -> None:
    for customer in company.customers:
        for above in (customer.payer, customer.parent):
            assert above is None or (above.payer is None and above.parent is None)


def test_what_is_open_is_the_amount_less_the_payments(trade: Trade) -> None:
    for item in trade.items:
        paid = sum(receipt.cents for receipt in item.receipts)
        assert item.open_cents(TODAY) == item.cents - paid
        assert 0 <= item.open_cents(TODAY) <= item.cents or item.document_type == "credit_note"


def test_nothing_is_paid_before_it_is_issued_nor_after_today_nor_on_a_sunday(trade: Trade) -> None:
    for item in trade.items:
        for receipt in item.receipts:
            assert item.issue_date <= receipt.day <= TODAY
            assert is_working(receipt.day)


def test_document_numbers_are_unique_and_follow_the_calendar(trade: Trade) -> None:
    keys = [item.external_id for item in trade.items]
    assert len(keys) == len(set(keys))
    for creditor in ("ADR", "ASV"):
        invoices = [i for i in trade.items if i.customer.creditor.code == creditor and i.document_type == "invoice"]
        assert all(a.issue_date <= b.issue_date for a, b in pairwise(invoices))


def test_the_same_seed_and_day_give_the_same_books(tmp_path, trade: Trade) -> None:
    again = make_trade(make_company(seed=7, customers=300), seed=7, today=TODAY, items=9000)
    for name, books in (("one.csv", trade), ("two.csv", again)):
        files.write_ledger(trade=books, day=TODAY, path=tmp_path / name)
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_another_seed_gives_another_company(company: Company) -> None:
    other = make_company(seed=8, customers=300)
    assert [c.vat_number for c in other.customers] != [c.vat_number for c in company.customers]


def test_only_firms_are_insolvent(trade: Trade) -> None:
    insolvent = {item.customer.sector for item in trade.items if item.hold == "insolvency"}
    assert insolvent
    assert not insolvent & {"COND", "ENT"}
