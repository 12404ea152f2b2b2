"""A process killed (kill -9) at any moment of an import leaves nothing half; run again, all is as if it had not been.

One helper process loads everything once, then forks an import per attempt and kills it: the first right at
the start, the last after its usual end.
"""

import json
import os
import subprocess
import sys
from decimal import Decimal

from spartito.ingest.models import Batch
from spartito.portfolio.models import Customer, Item, Movement

MOMENTS = 20
ROWS = 400
KILLER = """
import json, os, signal, sys, time
import django
django.setup()
from datetime import date
from django.db import connection
from spartito.ingest.operations import import_file
from spartito.tenants.models import Tenant

slug, folder, moments = sys.argv[1], sys.argv[2], int(sys.argv[3])

def attempt(number, dry_run):
    child = os.fork()
    if child == 0:
        connection.set_tenant(Tenant.objects.get(slug=slug))
        import_file(path=f"{folder}/{number}.csv", kind="items", as_of=date(2026, 11, 20), dry_run=dry_run)
        os._exit(0)
    return child

started = time.monotonic()
os.waitpid(attempt(0, True), 0)
usual = time.monotonic() - started
ends = []
for number in range(moments):
    child = attempt(number, False)
    time.sleep(usual * 1.2 * number / moments)
    os.kill(child, signal.SIGKILL)
    ends.append(os.WIFSIGNALED(os.waitpid(child, 0)[1]))
print(json.dumps(ends))
"""


def test_killed_at_twenty_moments(live_tenant, tmp_path, spartito):
    for number in range(MOMENTS):
        lines = [f"C{n % 40},{n},2026-12-31,{100 + number}.00,V{number}" for n in range(ROWS)]
        heads = "customer_code,document_number,due_date,open_amount,salesperson_code"
        (tmp_path / f"{number}.csv").write_text("\n".join([heads, *lines, ""]))
    command = [sys.executable, "-c", KILLER, live_tenant.slug, str(tmp_path), str(MOMENTS)]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=True)
    ends = json.loads(done.stdout.splitlines()[-1])
    assert any(ends), "no attempt was killed"
    amounts = set(Item.objects.values_list("open_amount", flat=True))
    assert len(amounts) <= 1, "an import went in by half"
    assert Item.objects.count() in (0, ROWS)
    assert Batch.objects.exclude(status="done").count() == 0
    last = spartito("import", "items", tmp_path / f"{MOMENTS - 1}.csv", "--date", "2026-11-20").json
    assert last["rejected"] == 0
    assert set(Item.objects.values_list("open_amount", flat=True)) == {Decimal(100 + MOMENTS - 1)}
    assert (Item.objects.count(), Customer.objects.count()) == (ROWS, 40)
    total = sum(Movement.objects.values_list("amount", flat=True))
    assert total == ROWS * (100 + MOMENTS - 1)
