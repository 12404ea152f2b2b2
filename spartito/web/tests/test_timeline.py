"""The journal as sentences."""

from datetime import date

import pytest
from django.utils import translation

from spartito.journal.models import Entry
from spartito.web.timeline import sentence

pytestmark = pytest.mark.usefixtures("tenant")


def say(verb, **data):
    with translation.override("it"):
        return sentence(Entry(verb=verb, data=data, business_date=date(2026, 11, 21)))


def test_people_and_engine_are_told_in_words():
    assert say("outcome.recorded", outcome="NR", step="call") == "Telefonata: non risponde"
    assert say("note.written", note="Paga lunedì") == "Paga lunedì"
    assert say("hold.put", kind="dispute", document="12/A", amount="100.00", because="merce difettosa") == (
        "sospeso: contestazione · 12/A · 100,00 · merce difettosa"
    )
    assert (
        say("message.sent", step="first", sent_by="email", to="a@b.it")
        == "messaggio inviato · 1° sollecito · e-mail · a@b.it"
    )
    assert say("contact.planned", step="call", channel="phone", document="7", days_overdue=12) == (
        "pianificato: Telefonata · telefono · documento 7 · in ritardo di 12 giorni"
    )
    assert say("item.closed", document="7", cause="paid", amount="10.00") == "partita chiusa · 7 · pagata · 10,00"


def test_what_was_withdrawn_says_why():
    assert say("task.withdrawn", kind="phone", step="call", because="repeated").endswith(
        "Telefonata · lo stesso passo lo chiede di nuovo"
    )
    assert say("task.reopened", kind="phone", step="call", because="undone").endswith(
        "attività di nuovo necessaria · Telefonata · l’esito è stato annullato"
    )
    for because in ("at_bank", "not_dunnable", "new_money"):
        assert because not in say("message.withdrawn", channel="email", step="first", because=because)


def test_a_verb_nobody_foresaw_is_read_as_written():
    assert say("comet.seen_again", where="Padova") == "comet: seen again · Padova"
