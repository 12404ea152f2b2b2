"""The customer's page: what is late, what holds, and what the reader may do."""

from datetime import timedelta

from spartito.portfolio.models import Hold, Item
from spartito.web.tests.desk import TODAY, enter, person


def page_of(client):
    return client.get(f"{client.prefix}/customers/{Item.objects.get(document_number='1').customer_id}/").text


def test_what_is_open_only_for_split_vat_is_not_late(house):
    client = enter(house, person("collector_global"))
    assert "40 giorni" in page_of(client).split('id="items"')[1]
    Item.objects.filter(document_number="1").update(vat_split="500.00")
    statement = page_of(client).split('id="items"')[1].split("</table>")[0]
    assert "40 giorni" not in statement
    assert "solo imposte" in statement
    Item.objects.filter(document_number="1").update(vat_split=0, retention="500.00", retention_release_date=TODAY)
    assert "40 giorni" in page_of(client).split('id="items"')[1], "a retention released today is owed"


def test_holds_alike_in_all_but_the_document_are_told_once(house):
    first, second, third = Item.objects.order_by("document_number")
    alike = {"kind": "legal", "because": "Affidata all'avvocato", "starts_on": TODAY, "customer": first.customer}
    for item in (first, second):
        Hold.objects.create(item=item, **alike)
    Hold.objects.create(item=third, **(alike | {"starts_on": TODAY - timedelta(days=1)}))
    told = page_of(enter(house, person("lawyer_internal"))).split('id="live-holds"')[1].split("</section>")[0]
    assert told.count("al legale</strong>") == 2
    assert "2 documenti" in told
    assert told.count("/release/") == 3, "each is released by itself"


def test_who_works_no_tasks_records_no_contact(house):
    principal = enter(house, person("principal", creditor=Item.objects.first().creditor.code))
    page = page_of(principal)
    assert "/note/" in page
    assert "/contact/" not in page
    customer = Item.objects.first().customer_id
    assert principal.get(f"{principal.prefix}/customers/{customer}/contact/").status_code == 403
