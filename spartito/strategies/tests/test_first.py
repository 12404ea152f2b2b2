from datetime import date
import pytest
from tests.builders import customer, invoice
from spartito.cycle.runs import run_cycle

POLICY = """
strategy: mine
priority: 1
contact_limit: {max: 2, days: 7}
steps:
  - {code: courtesy, days: -5, channel: email, template: courtesy}
  - {code: first, days: 5, channel: email, template: first_reminder}
  - {code: call, days: 15, channel: phone, assign_to: collector}
  - {code: block, days: 15, action: order_block, level: 3}
"""

def test_it(tenant, cli, tmp_path):
    tenant.clock="last_run"; tenant.save()
    f=tmp_path/"m.yaml"; f.write_text(POLICY)
    print(cli("strategy","load",str(f)).json)
    print(cli("strategy","publish","mine").json)
    print(cli("strategy","list").json)
    c=customer("C1", email="a@b.it")
    invoice(c,"F1",due=date(2026,3,2),amount=500,issued=date(2026,1,2))
    for d in [date(2026,2,25),date(2026,3,9),date(2026,3,18)]:
        from datetime import timedelta
        e=cli("explain","C1","--date",(d-timedelta(days=1)).isoformat())
        print(e.stdout, e.stderr)
        r=cli("cycle","--date",d.isoformat()); print(r.stdout[:300], r.stderr[:3000])
        print(cli("messages","--date",d.isoformat()).stdout)
    assert 0
