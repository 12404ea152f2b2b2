"""What may not be in a policy, given to the command line: refused with its place named, and nothing changes."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from spartito.strategies.models import PaymentRule, Step, Strategy, Version
from spartito.strategies.operations import load_strategy, publish_strategy
from spartito.strategies.policy_text import StrategyRefused

GOOD = "strategy: storia\npriority: 1\nsteps:\n  - {code: first, days: 5, channel: email, template: first_reminder}\n"
CALL = GOOD + "  - {code: call, days: 15, channel: phone%s}\n"
BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD = {
    "an unknown fact": (GOOD.replace("reminder}", "reminder, conditions: {shoe_size: {'>': 44}}}"), "step first: conditions: shoe_size: not a known fact"),
    "an unknown fact of whom it is for": (GOOD + "applies_to: {shoe_size: [44]}\n", "applies_to: shoe_size: not a known fact"),
    "a fact of documents where customers are meant": (GOOD + "applies_to: {item_amount: {'>': 44}}\n", "applies_to: item_amount: is about a document"),
    "an unknown operator": (GOOD.replace("reminder}", "reminder, conditions: {overdue: {'~': 44}}}"), "step first: conditions: overdue: '~' cannot be asked"),
    "an operator of another type": (GOOD.replace("reminder}", "reminder, conditions: {rating: {'>': A}}}"), "step first: conditions: rating: '>' cannot be asked"),
    "an unknown text": (GOOD.replace("first_reminder", "firts_reminder"), "step first: template: no text is called firts_reminder"),
    "no text, and none called like the step": (GOOD.replace(", template: first_reminder", ""), "step first: template: no text is called first"),
    "an unknown text of a payment type": (GOOD + "payment_types: {RIB: {templates: {first: riba_first}}}\n", "payment_types: RIB: templates: first: no text is called riba_first"),
    "an unknown text of a return": (GOOD + "on_return: [{code: back, days: 2, channel: email}]\n", "step back: template: no text is called back"),
    "an unknown text to send": (CALL % ", outcomes: {EC: {send: estratto}}", "step call: outcomes: EC: send: no text is called estratto"),
    "an unknown text of a period": (GOOD + "periodic: [{code: monthly, every: month, channel: email}]\n", "periodic monthly: template: no text is called monthly"),
    "an unknown channel": (GOOD.replace("email", "pigeon"), "step first: channel: 'pigeon' is not one of"),
    "an unknown fallback": (GOOD.replace("reminder}", "reminder, fallback: [pigeon]}"), "step first: fallback: 'pigeon' is not one of"),
    "an unknown step": (GOOD + "on_broken_promise: third\n", "on_broken_promise: 'third' is neither"),
    "an unknown step of an outcome": (CALL % ", outcomes: {RIF: {go_to: third}}", "step call: outcomes: RIF: go_to: there is no step third"),
    "an unknown outcome": (CALL % ", outcomes: {MAYBE: {go_to: call}}", "step call: outcomes: MAYBE is not an outcome"),
    "an order that leads back": (CALL % ", outcomes: {NR: {go_to: again}}" + "  - {code: again, days: 30, channel: phone, outcomes: {RIF: {go_to: call}}}\n", "step again: outcomes: RIF: go_to: call leads back to again: it would never end"),
    "two steps with one code": (GOOD + "  - {code: first, days: 9, channel: phone}\n", "step first: code: used by 2 steps"),
    "days that fall": (GOOD + "  - {code: call, days: 4, channel: phone}\n", "step call: days: 4 comes after 5 of step first"),
    "no contact allowed": (GOOD + "contact_limit: {max: 0, days: 7}\n", "contact_limit: max: 0 is not between 1"),
    "a second one for everybody else": (GOOD + "default: true\n", "default: strategy standard is the one for everybody else"),
    "a YAML bomb": (BOMB, "line 1: anchors and aliases are not allowed"),
    "ten thousand steps": (GOOD + "".join(f"  - {{code: s{n}, days: 9, channel: phone}}\n" for n in range(10_000)), "the text is longer than 256 KB"),
    "ten thousand short steps": (GOOD + "".join(f"  - {{code: s{n}}}\n" for n in range(10_000)), "steps: more than 60"),
    "nobody to write to": (GOOD.replace("reminder}", "reminder, to: [santa]}"), "step first: to: 'santa' is not one of"),
    "a measure written to somebody": (GOOD + "  - {code: t, days: 9, action: task, to: [owner]}\n", "step t: to: only of a contact"),
    "a role twice": (GOOD.replace("reminder}", "reminder, to: [owner, owner]}"), "step first: to: owner is named twice"),
    "a contact that tells colleagues": (GOOD.replace("reminder}", "reminder, notify: [cfo]}"), "step first: notify: only of action notify"),
    "a notice for nobody known": (GOOD + "  - {code: t, days: 9, action: notify, notify: [santa]}\n", "step t: notify: 'santa' is not one of"),
    "a notice told twice over": (GOOD + "  - {code: t, days: 9, action: notify, notify: [cfo], assign_to: cfo}\n", "step t: notify: does not go with assign_to"),
    "a call that is to be written": (GOOD + "  - {code: call, days: 15, channel: phone, fallback: [letter]}\n", "step call: fallback: only of a written contact"),
    "a step called like a word of outcomes": (GOOD + "  - {code: next_step, days: 15, channel: phone}\n", "step 2: code: next_step has a meaning of its own"),
    "a name that no text file holds": (GOOD + 'name: {it: "a\\0b", en: ab}\n', "line 5: 'a\\x00b' holds what is not text"),
    "half a letter": (GOOD + 'name: "\\ud800"\n', "line 5: "),
    "what is not carried out yet": (GOOD.replace("reminder}", "reminder, must_arrive: true}"), "step first: must_arrive: not supported yet"),
}  # fmt: skip


@pytest.fixture
def english(tenant):
    """A company that is spoken to in English."""
    tenant.language = "en"
    tenant.save()


def everything() -> list[object]:
    tables = (Strategy, Version, Step, PaymentRule)
    return [sorted(table.objects.values_list(), key=str) for table in tables]


@pytest.mark.parametrize("what", BAD)
def test_it_is_refused_by_name(english, cli, tmp_path, what):
    text, says = BAD[what]
    before = everything()
    path = tmp_path / "storia.yaml"
    path.write_text(text)
    told = cli("strategy", "load", path)
    assert (told.status, told.stdout) == (1, "")
    assert says in told.stderr
    assert len(told.stderr.strip().splitlines()) == 1
    assert everything() == before


def test_one_for_everybody_is_allowed_and_says_how_many_it_takes(english, cli, tmp_path):
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(
        "customer_code,customer_name,credit_class,document_number,due_date,open_amount\n"
        + "".join(f"C{n},C{n},{kind},F{n},2026-03-01,100\n" for n, kind in enumerate(["STD", "STD", "DIR", "GRP", ""]))
    )
    cli("import", "items", ledger, "--date", "2026-03-02").json  # noqa: B018
    path = tmp_path / "storia.yaml"
    path.write_text(GOOD)
    told = cli("strategy", "load", path).json
    # One of the five, of the group, belongs to a class that nobody chases.
    assert told["warnings"] == ["applies_to: empty, so it is for everybody: 4 customers would follow it"]
    path.write_text(GOOD.replace("priority: 1", "priority: 600"))
    cli("strategy", "load", path).json  # noqa: B018
    # Key accounts come before it now.
    assert cli("strategy", "publish", "storia").json["warnings"][0].endswith("3 customers would follow it")
    cli("cycle", "--date", "2026-03-02").json  # noqa: B018
    assert [cli("explain", f"C{n}", "--date", "2026-03-02").json["strategy"] for n in range(5)] == [
        "storia", "storia", "direzionale", None, "storia",
    ]  # fmt: skip


def test_what_was_put_in_force_is_not_edited_by_hand(tenant):
    version = publish_strategy(code=load_strategy(source=CALL % "").strategy.code)
    edits = [
        "update strategies_version set source = 'x' where id = %(id)s",
        "update strategies_version set days_between_steps = 0 where id = %(id)s",
        "update strategies_version set status = 'draft' where id = %(id)s",
        "delete from strategies_version where id = %(id)s",
        "update strategies_step set days = 1 where version_id = %(id)s",
        "delete from strategies_step where version_id = %(id)s and code = 'call'",
        "insert into strategies_step (version_id, position, code, days, conditions, params, fallback) select version_id, 9, 'more', 99, conditions, params, fallback from strategies_step where version_id = %(id)s limit 1",
    ]
    for edit in edits:
        with pytest.raises(DatabaseError, match="published"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(edit, {"id": version.pk})
    assert list(version.steps.order_by("position").values_list("code", "days")) == [("first", 5), ("call", 15)]


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(live_tenant):
    load_strategy(source=GOOD)
    load_strategy(source=CALL % "")
    told, both = [], threading.Barrier(2)

    def publish() -> None:
        connection.set_tenant(live_tenant)
        both.wait()
        try:
            with translation.override("en"):
                told.append(publish_strategy(code="storia").number)
        except StrategyRefused as refused:
            told.append(str(refused))
        finally:
            connection.close()

    people = [threading.Thread(target=publish) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(map(str, told)) == ["2", "strategy storia has no draft to publish"]
    assert Strategy.objects.get(code="storia").live_version.number == 2, "the older draft is not put in force over it"


def test_who_may_not_change_policies_neither_loads_nor_publishes_one(english, cli, tmp_path):
    path = tmp_path / "storia.yaml"
    path.write_text(GOOD)
    for name, profile in (("anna", "credit_manager"), ("sara", "salesperson")):
        cli("user", "create", name, "--profile", profile, "--scope", "salesperson=S1").json  # noqa: B018
    assert (cli("strategy", "load", path, "--user", "sara").status, Strategy.objects.filter(code="storia").count()) == (
        1,
        0,
    )
    cli("strategy", "load", path, "--user", "anna").json  # noqa: B018
    told = cli("strategy", "publish", "storia", "--user", "sara")
    assert (told.status, told.stderr.strip()) == (1, "sara may not do this")
    assert Strategy.objects.get(code="storia").live_version is None


def test_where_two_persons_are_wanted_a_script_needs_them_too(tenant, english, cli, tmp_path):
    path = tmp_path / "storia.yaml"
    path.write_text(GOOD)
    for name in ("anna", "bruno"):
        cli("user", "create", name, "--profile", "credit_manager").json  # noqa: B018
    cli("tenant", "set", tenant.slug, "--second-person", "yes").json  # noqa: B018
    cli("strategy", "load", path, "--user", "anna").json  # noqa: B018
    assert "say who wrote it, and who publishes it" in cli("strategy", "publish", "storia").stderr
    assert "another person" in cli("strategy", "publish", "storia", "--user", "anna").stderr
    assert Strategy.objects.get(code="storia").live_version is None
    assert cli("strategy", "publish", "storia", "--user", "bruno").json["status"] == "published"
