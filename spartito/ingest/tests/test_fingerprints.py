"""A fingerprint is the same in every process and after every upgrade: these numbers may never change by accident."""

import polars as pl

from spartito.ingest.fingerprints import fingerprints, places_of, seed_of
from spartito.ingest.mapping import Spec

SPEC = Spec(columns={"customer_code": "Cliente", "open_amount": "Residuo"})
ROWS = pl.DataFrame({"0": ["10,00", "10,01", "10,00"], "1": ["C1", "C1", "C1"], "2": ["x", "y", "z"]})


def of(spec: Spec = SPEC, **changed: str) -> list[int]:
    seed = seed_of(changed.get("kind", "items"), spec, creditor=changed.get("creditor", "A"))
    return fingerprints(ROWS, places=places_of("items", spec, ["Residuo", "Cliente", "Altro"]), seed=seed).to_list()


def test_they_are_these_numbers():
    assert of() == [-9144804386328857830, -1682929251299422169, -9144804386328857830]


def test_only_the_cells_the_mapping_reads_count():
    first, _second, third = of()
    assert first == third


def test_another_creditor_kind_or_mapping_makes_others():
    assert of(creditor="B")[0] != of()[0]
    assert of(kind="payments")[0] != of()[0]
    assert of(Spec(columns=SPEC.columns, dates="mdy"))[0] != of()[0]
    assert of(Spec(columns=SPEC.columns, decimal=","))[0] == of()[0]
