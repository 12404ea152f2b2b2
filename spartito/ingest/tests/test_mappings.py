"""Foreign files: columns and formats guessed, or said by a mapping."""

import json
from datetime import date
from decimal import Decimal

import pytest
import yaml

from spartito.ingest.files import open_source
from spartito.ingest.guess import guess
from spartito.ingest.mapping import MappingRefused, from_dict
from spartito.ingest.operations import import_file, save_mapping
from spartito.ingest.queries import preview
from spartito.portfolio.models import Item

DAY = date(2026, 11, 20)


def test_an_italian_ledger_is_understood_at_once(ledger, tenant):
    path = ledger(
        "000123;Rossi S.r.l.;FT;123/A;30/09/2026;30/11/2026;1.234,56;1.234,56;Ri.Ba.;01234567890",
        "000124;Bianchi;NC;124/A;01/10/2026;01/10/2026;-500,00;-500,00;Bonifico;12345678901",
        heads="Cod. Cliente;Ragione Sociale;Tipo Doc.;Num. Documento;Data Doc.;Scadenza;Importo;Residuo;Pagamento;P.IVA",
        encoding="cp1252",
    )
    result = import_file(path=path, kind="items", as_of=DAY)
    assert (result.created, result.rejected) == (2, 0)
    first = Item.objects.get(document_number="123/A")
    assert (first.open_amount, first.issue_date, first.due_date) == (
        Decimal("1234.56"),
        date(2026, 9, 30),
        date(2026, 11, 30),
    )
    assert (first.payment_type.code, first.customer.vat_number) == ("RIB", "01234567890")
    assert Item.objects.get(document_number="124/A").document_type == "credit_note"


@pytest.mark.parametrize(
    ("days", "order"),
    [(["03/04/2026", "25/04/2026"], "dmy"), (["03/04/2026", "04/25/2026"], "mdy"), (["03/04/2026"], "dmy")],
)
def test_ambiguous_dates_follow_the_whole_column(ledger, days, order):
    path = ledger(*[f"C1,{n},{day},1.00" for n, day in enumerate(days)])
    found = guess(open_source(path), kind="items")
    assert found.spec.dates_of("due_date") == order
    assert bool(found.doubts) == (len(days) == 1)


def test_columns_without_a_known_head_are_found_by_their_values(ledger):
    path = ledger('C1,1,2026-12-31,"1.234,56",info@rossi.it', heads="cliente,numero,quando,quanto,xyz")
    found = guess(open_source(path), kind="items").spec
    assert (found.columns["due_date"], found.columns["open_amount"], found.columns["email"]) == (
        "quando",
        "quanto",
        "xyz",
    )
    assert found.decimal_of("open_amount") == ","


MAPPING = {
    "columns": {"customer_code": "Conto", "document_number": "Doc", "due_date": "Quando", "document_type": "T"},
    "constants": {"currency": "EUR", "creditor_code": "ROSSI"},
    "difference": {"open_amount": ["Dare", "Avere"]},
    "values": {"document_type": {"V": "invoice", "A": "credit_note"}},
    "dates": "mdy",
    "decimal": ",",
    "skip": {"Stato": ["C"]},
}
ROWS = ['7,1,12/31/2026,V,"1.200,50","0,50",', '7,2,01/02/2027,A,0,"30,00",', "7,3,01/02/2027,V,1,0,C"]


@pytest.mark.parametrize("how", ["dict", "saved", "yaml", "json"])
def test_a_mapping_says_it_all(tenant, ledger, tmp_path, how):
    path = ledger(*ROWS, heads="Conto,Doc,Quando,T,Dare,Avere,Stato")
    mapping: object = MAPPING
    if how == "saved":
        mapping = save_mapping(name="gestionale", kind="items", spec=MAPPING).name
    elif how in ("yaml", "json"):
        mapping = tmp_path / f"mapping.{how}"
        mapping.write_text(yaml.safe_dump(MAPPING) if how == "yaml" else json.dumps(MAPPING), encoding="utf-8")
    result = import_file(path=path, kind="items", as_of=DAY, mapping=mapping)
    assert (result.rows, result.created) == (2, 2)
    told = dict(Item.objects.values_list("document_number", "open_amount"))
    assert told == {"1": Decimal("1200.00"), "2": Decimal("-30.00")}
    assert Item.objects.get(document_number="1").creditor.code == "ROSSI"


def test_a_sign_column(tenant, ledger):
    mapping = {"columns": {"customer_code": "c", "document_number": "n", "due_date": "d", "open_amount": "a"},
               "sign": {"column": "s", "negative": ["A"]}, "negative_is": "credit_note"}  # fmt: skip
    import_file(
        path=ledger("1,1,2026-12-31,5.00,D", "1,2,2026-12-31,3.00,A", heads="c,n,d,a,s"),
        kind="items",
        as_of=DAY,
        mapping=mapping,
    )
    assert set(Item.objects.values_list("document_type", "open_amount")) == {("invoice", 5), ("credit_note", -3)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"colonne": {}},
        {"columns": {"importo": "x"}},
        {"decimal": ";"},
        {"dates": "ydm"},
        {"sign": {"column": "x"}},
        {"difference": {"amount": ["a"]}},
        [],
        {"columns": []},
    ],
)
def test_a_wrong_mapping_is_refused_by_name(wrong):
    with pytest.raises(MappingRefused):
        from_dict(wrong, kind="items")


def test_a_mapping_nobody_saved(tenant, ledger):
    with pytest.raises(MappingRefused):
        import_file(path=ledger("C1,1,2026-12-31,1.00"), kind="items", as_of=DAY, mapping="mai-visto")


def test_a_preview_shows_rows_and_guess(ledger, tenant):
    shown = preview(
        path=ledger("C1,1,2026-12-31,1.00,x", heads="customer_code,numero,scadenza,residuo,boh"), kind="items"
    )
    assert shown.columns["open_amount"] == "residuo"
    assert (shown.unmapped, shown.missing) == (["boh"], [])
    assert shown.rows[0]["boh"] == "x"
