"""`spartito import`, word for word what scripts rely on."""

from spartito.portfolio.models import Item

KEYS = ["batch", "mode", "rows", "created", "updated", "unchanged", "closed", "reopened", "not_closed", "rejected", "rejects", "warnings", "seconds"]  # fmt: skip
ROWS = [f"C{n},{n},2026-12-31,10.00" for n in range(1, 6)]


def test_items_in_json(cli, ledger):
    result = cli("import", "items", ledger(*ROWS, "C9,9,2026-02-31,1.00"), "--date", "2026-11-20").json
    assert list(result) == KEYS
    assert (result["mode"], result["rows"], result["created"], result["rejected"]) == ("snapshot", 6, 5, 1)
    assert {key: result["rejects"][0][key] for key in ("row", "field", "value")} == {
        "row": 7,
        "field": "due_date",
        "value": "2026-02-31",
    }


def test_a_dry_run_and_an_undo(cli, ledger):
    assert cli("import", "items", ledger(*ROWS), "--date", "2026-11-20", "--dry-run").json["batch"] is None
    assert not Item.objects.exists()
    batch = cli("import", "items", ledger(*ROWS), "--date", "2026-11-20").json["batch"]
    assert cli("import", "undo", str(batch)).status == 0
    assert not Item.objects.exists()


def test_refused_is_one_line_and_status_1(cli, ledger, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    for arguments in (
        ["items", empty],
        ["items", tmp_path / "none.csv"],
        ["items", ledger(*ROWS), "--mapping", "boh"],
        ["undo", "999"],
    ):
        done = cli("import", *arguments)
        assert (done.status, done.stdout) == (1, "")
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_ledger_of_tomorrow_is_refused(cli, ledger):
    assert cli("import", "items", ledger(*ROWS), "--date", "2099-01-01").status == 1


def test_wrong_usage_is_status_2(cli, ledger):
    assert cli("import", "items").status == 2
    assert cli("import", "items", ledger(*ROWS), "--mode", "whole").status == 2
    assert cli("import", "orders", ledger(*ROWS)).status == 2


def test_every_kind_has_its_command(cli, ledger):
    assert cli("import", "customers", ledger("C1,Rossi", heads="customer_code,customer_name")).json["created"] == 1
    assert cli("import", "contacts", ledger("C1,Anna", heads="customer_code,name")).json["created"] == 1
    assert cli("import", "salespeople", ledger("V1,Luca", heads="salesperson_code,name")).json["created"] == 1
    assert (
        cli("import", "payments", ledger("C1,2026-11-02,5.00", heads="customer_code,payment_date,amount")).json[
            "created"
        ]
        == 1
    )


def test_snapshot_force_and_delta(cli, ledger):
    cli("import", "items", ledger(*ROWS), "--date", "2026-11-19")
    assert cli("import", "items", ledger(ROWS[0]), "--date", "2026-11-20").status == 1
    assert cli("import", "items", ledger(ROWS[0]), "--date", "2026-11-20", "--mode", "delta").json["closed"] == 0
    assert cli("import", "items", ledger(ROWS[0]), "--date", "2026-11-20", "--force").json["closed"] == 4
