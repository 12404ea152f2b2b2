"""Several results of one contact, from a file: `spartito outcome --results`."""

from datetime import date
from decimal import Decimal

import pytest

from spartito.actions.models import Attempt, Task
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, person, plan, rest_of_the_day

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.fixture
def call(cli, tmp_path):
    """Records the call as done, with the results that a file of this text tells."""
    bianchi = debtor()
    plan(bianchi, [late_invoice(bianchi, "0123"), late_invoice(bianchi, "FT2")], channel="phone", step="call")
    person("anna", "collector_global")
    rest_of_the_day()
    told = tmp_path / "results.yaml"

    def record(text):
        told.write_text(text)
        task = Task.objects.get().pk
        return cli("outcome", task, "REF", "--user", "anna", "--date", TODAY, "--results", told)

    return record


@pytest.mark.parametrize(
    "text",
    [
        "- {code: PDP, documents: [0123], amount: 50.00, on: 2026-12-01, note: by phone}",
        '[{"code": "PDP", "documents": ["0123"], "amount": 50.00, "on": "2026-12-01", "note": "by phone"}]',
    ],
)
def test_a_result_is_read_as_it_is_written(call, text):
    assert call(text).status == 0
    made = Attempt.objects.get(outcome="PDP")
    assert (made.documents, made.amount, made.on_date) == (["0123"], Decimal("50.00"), date(2026, 12, 1))
    assert made.note == "by phone"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("- {code: PDP, on: 20261301}", "20261301"),
        ("- {code: PDP, amount: 1.005}", "1.005"),
        ("- {code: PDP, amount: .nan}", "nan"),
        ("- {code: [PDP]}", "PDP"),
        ("- {code: PDP, documents: {a: b}}", "documents"),
        ("- {code: PDP, when: 2026-12-01}", "when"),
        ("code: PDP", "results.yaml"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_and_changes_nothing(call, text, named):
    refused = call(text)
    assert refused.status == 1
    assert named in refused.stderr
    assert refused.stderr.count("\n") <= 1
    assert not Attempt.objects.exists()
