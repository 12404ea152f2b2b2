"""What a profile's first page shows beside its own score."""

import re
from datetime import timedelta
from html import unescape

from spartito.actions.tests.stage import late_invoice
from spartito.portfolio.models import Hold, Item
from spartito.web.tests.desk import TODAY, enter, person
from tests.builders import customer


def test_the_legal_office_reads_one_row_a_customer_with_what_is_open(house):
    first, second, third = Item.objects.filter(customer__code="C1").order_by("document_number")
    since = TODAY - timedelta(days=30)
    at_law = {"kind": "legal", "because": "Affidata all'avvocato", "customer": first.customer}
    Hold.objects.create(item=first, starts_on=since, **at_law)
    Hold.objects.create(item=second, amount="120.00", starts_on=TODAY, **at_law)
    Hold.objects.create(item=third, starts_on=TODAY, **at_law)
    Item.objects.filter(pk=third.pk).update(closed_on=TODAY, closing_cause="paid", open_amount=0)
    failed = customer("C2", name="Verdi S.r.l.")
    dollars = late_invoice(failed, "9", "70.00", currency="USD")
    Hold.objects.create(customer=failed, item=dollars, kind="insolvency", starts_on=since)
    client = enter(house, person("legal_clerk"))
    table = client.get(f"{client.prefix}/").text.split('id="law-title"')[1].split("</table>")[0]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in table.split("<tr")[2:]]
    told = [[unescape(" ".join(re.sub(r"<[^>]+>", " ", cell).split())) for cell in row] for row in rows]
    assert [row[1:5] for row in told] == [
        ["2", "620,00", "Affidata all'avvocato", "21 ott"],
        ["1", "70,00 USD", "procedura concorsuale", "21 ott"],
    ]
    assert told[0][0].startswith("Rossi S.r.l. C1")
