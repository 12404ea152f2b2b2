"""The editor of strategies: a draft changed in place, compared, put in force."""

from datetime import date

import pytest
from django.test import Client

from spartito.actions.models import Message, PlannedAction
from spartito.communications.models import Rendition
from spartito.portfolio.models import Customer
from spartito.portfolio.operations.holds import put_hold
from spartito.portfolio.steps import refresh
from spartito.strategies.drafts import fingerprint
from spartito.strategies.models import Enrolment, Strategy
from spartito.tenants.models import Tenant
from spartito.web.tests.drafting import CALL, DRAFT, LIMITS, counted, save, the_draft

pytestmark = pytest.mark.django_db


def test_a_step_is_moved_and_its_condition_changed_and_the_page_says_so(editor: Client) -> None:
    page = save(editor, "steps/call/", **CALL, fact_0="overdue", sign_0=">=", value_0="2.500,00")
    step = the_draft().steps.get(code="call")
    assert (step.days, step.conditions["value"]) == (12, "2500")
    assert "<del>10</del> → <ins>12</ins>" in page
    assert "2.500,00" in page


def test_a_condition_over_single_documents_is_asked_of_steps_and_not_of_whom_it_is_for(editor: Client) -> None:
    save(editor, "steps/call/", **CALL, fact_0="item_amount", sign_0=">=", value_0="5.000")
    assert the_draft().steps.get(code="call").conditions == {"fact": "item_amount", "operator": ">=", "value": "5000"}
    assert 'value="item_amount"' in editor.get(f"{DRAFT}steps/call/").content.decode()
    assert 'value="item_amount"' not in editor.get(f"{DRAFT}limits/").content.decode()


def test_a_condition_that_cannot_be_is_said_at_its_field(editor: Client) -> None:
    page = save(editor, "steps/call/", **CALL, fact_0="overdue", sign_0=">=", value_0="tanto")
    assert "Non è un numero." in page
    assert the_draft().steps.get(code="call").days == 10


def test_a_step_dropped_on_another_takes_its_day_before_it(editor: Client) -> None:
    save(editor, "steps/second/move/", days=10, before="call")
    assert list(the_draft().steps.order_by("position").values_list("code", flat=True))[1:4] == [
        "first",
        "second",
        "call",
    ]


def test_a_new_step_comes_and_another_goes(editor: Client) -> None:
    save(editor, "steps/new/", code="sms", days=6, what="sms", name="SMS", template="first_reminder", together="all")
    page = save(editor, "steps/decide/drop/")
    codes = set(the_draft().steps.values_list("code", flat=True))
    assert "sms" in codes
    assert "decide" not in codes
    assert "aggiunto" in page
    assert "tolto" in page


def test_what_follows_an_outcome_is_said_and_changed_and_given_back_to_the_house(editor: Client) -> None:
    page = editor.get(f"{DRAFT}steps/call/").content.decode()
    assert "si riprova dopo 1 giorno, al massimo 3 volte; poi il passo successivo" in page
    save(editor, "steps/call/outcomes/NR/", retry_in=2, max=4, then="second", task_for="collector")
    assert the_draft().steps.get(code="call").params["outcomes"]["NR"] == {"retry_in": 2, "max": 4, "then": "second"}
    save(editor, "steps/call/outcomes/NR/", of_the_house="on", task_for="collector")
    assert not the_draft().steps.get(code="call").params.get("outcomes")


def test_an_outcome_that_would_never_end_is_refused(editor: Client) -> None:
    page = save(editor, "steps/call/outcomes/RIF/", go_to="call", task_for="collector")
    assert "call" in page
    assert not the_draft().steps.get(code="call").params.get("outcomes")


def test_for_whom_and_limits(editor: Client) -> None:
    save(editor, "limits/", **LIMITS)
    draft = the_draft()
    assert (str(draft.minimum_overdue), draft.minimum_item, draft.contact_max, draft.on_broken_promise) == (
        "75.50",
        0,
        2,
        "call",
    )
    assert draft.applies_to == {"fact": "credit_class", "operator": "in", "value": ["STD", "EST"]}


def test_a_payment_type_is_never_dunned(editor: Client) -> None:
    save(editor, "payment-types/CAR/", treatment="never")
    assert not the_draft().payment_rules.get(payment_type="CAR").is_dunnable
    save(editor, "payment-types/CAR/", treatment="usual")
    assert not the_draft().payment_rules.filter(payment_type="CAR").exists()


def test_a_text_that_is_no_policy_names_the_step_and_the_field(editor: Client) -> None:
    before = the_draft().source
    page = save(editor, "text/", source=before.replace("channel: phone", "channel: pigeon", 1))
    assert "call" in page
    assert "channel" in page
    assert the_draft().source == before


def test_nobody_writes_over_a_change_made_meanwhile(editor: Client) -> None:
    old = fingerprint(the_draft().source)
    save(editor, "steps/call/", **CALL)
    page = editor.post(f"{DRAFT}steps/call/", {"seen": old, **CALL, "days": 14}, follow=True).content.decode()
    assert "nel frattempo" in page
    assert the_draft().steps.get(code="call").days == 12


def test_put_in_force_it_is_the_live_version(editor: Client) -> None:
    save(editor, "steps/call/", **CALL)
    number = the_draft().number
    save(editor, "publish/")
    assert Strategy.objects.get(code="standard").live_version.number == number  # type: ignore[union-attr]


def test_where_two_persons_are_wanted_the_author_does_not_put_it_in_force(editor: Client, tenant: Tenant) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(second_person_publishes=True)
    save(editor, "steps/call/", **CALL)
    save(editor, "submit/", comment="più pazienza")
    page = save(editor, "publish/")
    assert "persona diversa" in page
    assert the_draft().comment == "più pazienza"


def test_the_keys_that_few_use_are_fields_and_those_that_do_not_fit_are_left_out(editor: Client) -> None:
    call = {
        **CALL,
        "to_0": "accounting",
        "to_1": "customer",
        "lets_letters_go": "on",
        "consult": "salesperson",
        "consult_days": 3,
        "consult_silence": "wait",
    }
    save(editor, "steps/call/", **call, pay_by=10, include=["late_interest"])
    said = the_draft().steps.get(code="call").params
    assert (said["absorbs"], said["pay_by"], said["to"]) == (False, 10, ["accounting", "customer"])
    assert said["consult"] == {"who": "salesperson", "working_days": 3, "silence": "wait", "max_delay": 7}
    assert "include" not in said
    save(editor, "steps/call/", **CALL)
    assert not {"absorbs", "pay_by", "to", "consult"} & set(the_draft().steps.get(code="call").params)


def test_quiet_days_and_what_waits_after_a_hold(editor: Client) -> None:
    page = save(editor, "limits/", **LIMITS, quiet_from_0="8/8", quiet_to_0="25/8", quiet_most_0="first", after_dispute=10, release="on")  # fmt: skip
    assert "giorni di silenzio <del>–</del> → <ins>dal 8/8 al 25/8" in page
    assert "<ins>contestazione: 10 giorni</ins>" in page
    kept = the_draft().further
    assert kept["quiet"] == [{"from": "08-08", "to": "08-25", "max_step": "first"}]
    assert (kept["after_hold"], kept["release"]) == ({"dispute": 10}, "next_working_day")
    assert "Un giorno di ogni anno" in save(editor, "limits/", **LIMITS, quiet_from_0="32/8", quiet_to_0="agosto")
    save(editor, "limits/", **LIMITS)
    assert not {"quiet", "after_hold", "release"} & set(the_draft().further)


def test_a_payment_type_gets_steps_and_templates_of_its_own(editor: Client) -> None:
    step = {
        "code": "riba",
        "days": 3,
        "what": "letter",
        "template": "first_reminder",
        "together": "all",
        "track": "RIB*returned",
    }
    page = save(editor, "steps/new/", **step)
    assert the_draft().steps.get(code="riba").track == "RIB*returned"
    assert "insoluto" in page
    save(editor, "payment-types/BON/", treatment="usual", shift_days=5, template_first="formal_notice")
    assert the_draft().further["templates"] == {"BON": {"first": "formal_notice"}}
    save(editor, "payment-types/RIB/", treatment="returned")
    assert the_draft().steps.filter(code="riba").exists()
    save(editor, "steps/riba/drop/")
    assert not the_draft().steps.filter(track="RIB*returned").exists()


def test_a_refusal_stands_beside_its_field(editor: Client) -> None:
    page = save(editor, "steps/call/", **CALL, repeat_every=5)
    field = page.split('name="repeat_every"')[1].split("</div></div>")[0]
    assert "field-error" in field
    assert "repeat_every" in field


def test_customers_that_match_now_are_counted_while_one_writes(editor: Client, ledger: object) -> None:
    everybody = Customer.objects.count()
    assert f"tutti i <strong>{everybody}</strong> clienti" in counted(editor, together="all")
    owing = Customer.objects.filter(position__overdue__gte=1000).count()
    assert f"<strong>{owing}</strong>" in counted(editor, fact_0="overdue", sign_0=">=", value_0="1000")
    assert "Non si può ancora contare" in counted(editor, fact_0="overdue", sign_0=">=", value_0="mille")


def test_a_text_is_read_on_a_real_customer_and_leaves_no_trace(editor: Client, ledger: object) -> None:
    found = Customer.objects.get(code="C1")
    asked = {"template": "first_reminder", "what": "letter", "days": 5}
    before = (Message.objects.count(), PlannedAction.objects.count(), Rendition.objects.count())
    page = editor.get(f"{DRAFT}says/{found.pk}/", asked).content.decode()
    assert "Vostro codice cliente: C1" in page
    assert "2026/1" in page
    letter = editor.get(f"{DRAFT}says/{found.pk}/", {**asked, "as": "pdf"})
    assert letter.content.startswith(b"%PDF")
    assert "scegli prima un modello" in editor.get(f"{DRAFT}says/{found.pk}/").content.decode()
    assert (Message.objects.count(), PlannedAction.objects.count(), Rendition.objects.count()) == before
    assert found.name in editor.get(f"{DRAFT}says/", {**asked, "q": found.code}).content.decode()


def test_who_is_wholly_on_hold_is_no_reader_to_choose_and_why_is_said(editor: Client, today: date) -> None:
    said = {"template": "first_reminder", "what": "letter", "days": 5}
    offered = Customer.objects.filter(enrolment__strategy__code="standard", position__overdue__gt=0).earliest("code")
    assert offered.name in editor.get(f"{DRAFT}says/", said).content.decode()
    put_hold(user=None, as_of=today, customers=[offered.pk], kind="dispute", because="merce resa")
    refresh(as_of=today, run_id=None)
    assert offered.name not in editor.get(f"{DRAFT}says/", said).content.decode()
    page = editor.get(f"{DRAFT}says/{offered.pk}/", said).content.decode()
    assert "oggi non si può chiedere nulla" in page


def test_the_strategy_for_everybody_else_counts_those_who_follow_it(editor: Client, ledger: object) -> None:
    followers = Enrolment.objects.filter(strategy__code="standard").count()
    assert followers
    assert f"<strong>{followers}</strong>" in counted(editor, step="call", together="all")
