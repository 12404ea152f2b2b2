"""A credit manager's morning: a file with bad rows, corrected and handed in again, the cycle, new tasks."""

import csv
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from spartito.actions.models import Task
from spartito.portfolio.models import Item
from tests.browser.waiting import worker

HEADS = "Cod. cliente;Ragione sociale;Num. documento;Data documento;Scadenza;Residuo;Livello;Data livello;Telefono"
ROWS = [
    "N01;Officine Nuove S.r.l.;9001;01/09/2026;10/10/2026;2.440,00;first;26/10/2026;02 5551234",
    "N02;Bar Sport S.n.c.;9002;01/09/2026;31/02/2026;500,00;;;",
    "N03;Tipografia Gallo;9003;01/09/2026;12/10/2026;un sacco;;;",
]


def hand_in(page: Any, company: Any, path: Path) -> None:
    page.goto(f"{company.path}/imports/")
    page.get_by_label("File (CSV, Excel, ODS)").set_input_files(path)
    page.get_by_role("button", name="Avanti").click()
    page.get_by_role("heading", name=path.name).wait_for()


def test_bad_rows_are_corrected_and_become_tasks(company, sign_in, tmp_path):
    page = sign_in("credit_manager")
    file = tmp_path / "scadenzario.csv"
    file.write_text("\r\n".join([HEADS, *ROWS]), encoding="cp1252")

    # The mapping was guessed; the rows are shown as they are.
    hand_in(page, company, file)
    assert page.locator("select[name=column_4]").input_value() == "due_date"
    assert page.locator("select[name=column_5]").input_value() == "open_amount"
    expect(page.get_by_role("cell", name="Officine Nuove S.r.l.")).to_be_visible()
    page.get_by_label("Come", exact=True).select_option("delta")

    # A rehearsal changes nothing and says which rows would not go in.
    page.get_by_role("button", name="Controlla tutto il file").click()
    page.get_by_text("Puoi lasciare questa pagina").wait_for()
    worker()
    page.get_by_role("heading", name=re.compile("Che cosa succederebbe")).wait_for()
    expect(page.get_by_role("cell", name="31/02/2026")).to_be_visible()
    expect(page.get_by_role("cell", name="un sacco")).to_be_visible()
    assert not Item.objects.filter(document_number__startswith="900").exists()

    # The good rows go in.
    page.get_by_role("button", name="Importa le righe buone").click()
    page.get_by_text("Puoi lasciare questa pagina").wait_for()
    worker()
    page.get_by_role("heading", name="Righe respinte").wait_for()
    assert list(Item.objects.filter(document_number__startswith="900").values_list("document_number", flat=True)) == [
        "9001"
    ]

    # The rejected ones come down, are corrected, and handed in again.
    with page.expect_download() as coming:
        page.get_by_role("link", name="Righe respinte (CSV)").click()
    rejected = tmp_path / "corrette.csv"
    correct(Path(coming.value.path()), rejected)
    hand_in(page, company, rejected)
    page.get_by_role("button", name="Importa senza controllare").click()
    page.get_by_text("Puoi lasciare questa pagina").wait_for()
    worker()
    page.get_by_role("button", name="Esegui ora il ciclo").wait_for()
    assert Item.objects.filter(document_number__startswith="900").count() == 3

    # The cycle finds who is to be called.
    before = set(Task.objects.values_list("pk", flat=True))
    page.get_by_role("button", name="Esegui ora il ciclo").click()
    page.get_by_text("Puoi lasciare questa pagina").wait_for()
    worker()
    page.get_by_role("heading", name="Che cosa ha previsto").wait_for()
    expect(page.get_by_role("cell", name="telefono").first).to_be_visible()
    new = Task.objects.exclude(pk__in=before)
    assert "phone" in set(new.filter(customer__code="N01").values_list("kind", flat=True))
    page.goto(f"{company.path}/customers/?q=Officine+Nuove")
    page.get_by_role("link", name="Officine Nuove S.r.l.").first.click()
    page.get_by_role("heading", name="Officine Nuove S.r.l.", level=1).wait_for()
    assert "9001" in page.content()


def correct(source: Path, target: Path) -> None:
    """What a person does to the file of rejected rows in a spreadsheet."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["Scadenza"] = row["Scadenza"].replace("31/02/2026", "28/09/2026")
        row["Residuo"] = row["Residuo"].replace("un sacco", "610,00")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
