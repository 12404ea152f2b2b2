"""Customers, contacts and salespeople, and what a person corrected here."""

from decimal import Decimal

from spartito.access.models import User
from spartito.ingest.models import FieldOwner, Proposal
from spartito.portfolio.models import Contact, Customer, Item, Salesperson

CUSTOMERS = "customer_code,customer_name,credit_limit,is_consumer,payer_code,parent_code,dun_group,payment_terms,rating,vat_number,country"


def customer(code: str) -> Customer:
    return Customer.objects.get(code=code)


def test_everything_a_customer_file_says(take):
    take(
        10,
        "C1,Rossi,5000,no,P,G,,60 gg f.m.,B,01234567890,Italia",
        "G,Gruppo,,,,,si,,,,",
        heads=CUSTOMERS,
        kind="customers",
    )
    rossi = customer("C1")
    assert (rossi.name, rossi.credit_limit, rossi.is_consumer) == ("Rossi", Decimal("5000.00"), False)
    assert (rossi.payer.code, rossi.parent.code, rossi.parent.dun_group) == ("P", "G", True)
    assert (rossi.payment_terms, rossi.rating, rossi.country) == ("60 gg f.m.", "B", "IT")
    assert rossi.party.vat_number == "01234567890"


def test_one_party_for_the_same_vat_number_at_two_creditors(take):
    heads = "creditor_code,customer_code,vat_number"
    take(10, "A,C1,01234567890", "B,X9,01234567890", heads=heads, kind="customers")
    assert customer("C1").party_id == customer("X9").party_id is not None


def test_the_same_customers_again_change_nothing(take):
    rows = ["C1,Rossi,5000,no,,,,,,,"]
    take(10, *rows, heads=CUSTOMERS, kind="customers")
    assert take(11, *rows, heads=CUSTOMERS, kind="customers").unchanged == 1


def test_an_empty_cell_erases_nothing(take):
    take(10, "C1,Rossi,5000,no,,,,60 gg,,,", heads=CUSTOMERS, kind="customers")
    take(11, "C1,Rossi,6000,,,,,,,,", heads=CUSTOMERS, kind="customers")
    assert (customer("C1").payment_terms, customer("C1").credit_limit) == ("60 gg", 6000)


def test_what_a_person_corrected_is_kept_and_the_difference_proposed(take):
    take(10, "C1,Rosi,5000,no,,,,,,,", heads=CUSTOMERS, kind="customers")
    Customer.objects.filter(code="C1").update(name="Rossi S.r.l.")
    take(11, "C1,Rossi SRL,7000,no,,,,,,,", heads=CUSTOMERS, kind="customers")
    assert (customer("C1").name, customer("C1").credit_limit) == ("Rossi S.r.l.", 7000)
    proposal = Proposal.objects.get()
    assert (proposal.field, proposal.current_value, proposal.proposed_value) == (
        "customer_name",
        "Rossi S.r.l.",
        "Rossi SRL",
    )
    take(12, "C1,Rossi SRL,8000,no,,,,,,,", heads=CUSTOMERS, kind="customers")
    assert Proposal.objects.count() == 1


def test_a_field_owned_by_the_erp_is_always_its_own(take):
    FieldOwner.objects.create(table="customers", field="customer_name", owner="erp")
    take(10, "C1,Rosi,5000,no,,,,,,,", heads=CUSTOMERS, kind="customers")
    Customer.objects.filter(code="C1").update(name="Rossi S.r.l.")
    take(11, "C1,Rossi SRL,5000,no,,,,,,,", heads=CUSTOMERS, kind="customers")
    assert customer("C1").name == "Rossi SRL"
    assert not Proposal.objects.exists()


def test_a_ledger_does_not_undo_a_correction_either(take):
    heads = "customer_code,customer_name,document_number,due_date,open_amount"
    take(10, "C1,Rosi,1,2026-12-31,10.00", heads=heads)
    Customer.objects.filter(code="C1").update(name="Rossi S.r.l.")
    take(11, "C1,Rosi,1,2026-12-31,8.00", heads=heads)
    assert customer("C1").name == "Rossi S.r.l."


def test_salesperson_of_the_latest_item_unless_master_data_say_it(take):
    heads = "customer_code,document_number,due_date,open_amount,issue_date,salesperson_code,area_code"
    take(10, "C1,1,2026-12-31,10.00,2026-10-01,V1,NORD", "C1,2,2026-12-31,10.00,2026-11-01,V2,SUD", heads=heads)
    assert (customer("C1").salesperson.code, customer("C1").area.code) == ("V2", "SUD")
    take(11, "C1,V9", heads="customer_code,salesperson_code", kind="customers")
    take(12, "C1,1,2026-12-31,9.00,2026-11-10,V3,EST", "C1,2,2026-12-31,10.00,2026-11-01,V2,SUD", heads=heads)
    assert (customer("C1").salesperson.code, customer("C1").area.code) == ("V9", "EST")
    assert Item.objects.get(document_number="2").salesperson.code == "V2"


def test_who_works_the_customer_is_found_by_user_name(take):
    User.objects.create_user("anna")
    heads = "customer_code,document_number,due_date,open_amount,assigned_to"
    result = take(10, "C1,1,2026-12-31,10.00,Anna", "C2,2,2026-12-31,10.00,nessuno", heads=heads)
    assert customer("C1").collector.username == "anna"
    assert any("nessuno" in warning for warning in result.warnings)


def test_contacts_are_found_again_and_corrections_kept(take):
    heads = "customer_code,name,role,email,phone"
    take(10, "C1,Anna Bianchi,amministrazione,a@x.it,1", heads=heads, kind="contacts")
    Contact.objects.update(email="anna@x.it")
    result = take(11, "C1,Anna Bianchi,amministrazione,a@x.it,2", heads=heads, kind="contacts")
    anna = Contact.objects.get()
    assert (result.updated, anna.role, anna.email, anna.phone) == (1, "accounting", "anna@x.it", "2")


def test_salespeople_with_area_and_login(take):
    person = User.objects.create_user("verdi")
    take(10, "V1,Luca Verdi,NORD,verdi", heads="salesperson_code,name,area_code,username", kind="salespeople")
    seller = Salesperson.objects.get(code="V1")
    assert (seller.name, seller.area.code, seller.user) == ("Luca Verdi", "NORD", person)
