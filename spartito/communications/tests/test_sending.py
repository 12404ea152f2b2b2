"""Messages leave once, checked again at the door; what may not leave waits in sight."""

import email
import email.policy
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings

from spartito.actions.models import Message, PlannedAction, Task
from spartito.actions.operations import confirm_sent, release_message
from spartito.actions.tests.stage import TODAY, debtor, house, late_invoice, pay, plan, rest_of_the_day
from spartito.archive.models import Document
from spartito.archive.operations import content_of
from spartito.communications.dispatch import claim, send_queued
from spartito.communications.operations import lift_pause, pause_channel
from spartito.communications.queries import waiting
from spartito.communications.steps import compose
from spartito.journal.models import Entry
from spartito.portfolio.models import Hold, Payment
from tests.fixtures import free_port

pytestmark = pytest.mark.usefixtures("tenant")


class PostOffice:
    """A real SMTP server that keeps what it gets, or refuses every recipient with `refuses`."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.refuses = ""
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.raw.append(envelope.content)
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"


@pytest.fixture
def server(settings: Any) -> Iterator[PostOffice]:
    """The server, and Django told about it."""
    office = PostOffice()
    office.controller.start()
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.controller.port
    yield office
    office.controller.stop()


def queued(code: str = "C1", **facts: Any) -> Message:
    whose = debtor(code, **facts)
    plan(whose, [late_invoice(whose, f"FT-{code}")])
    rest_of_the_day()
    return Message.objects.get(account=whose)


def test_an_email_leaves_with_text_page_and_payment_code_and_is_in_the_archive(server):
    message = queued()
    result = send_queued(as_of=TODAY)
    assert result.sent == [message.pk]
    (mail,) = server.messages
    assert mail["Subject"] == message.subject
    assert mail["To"] == '"Bianchi & Figli S.p.A." <amministrazione@bianchi.example>'
    assert mail["From"] == '"Rossi Meccanica S.r.l." <credito@rossi.example>'
    kinds = {part.get_content_type() for part in mail.walk()}
    assert {"text/plain", "text/html", "image/png"} <= kinds
    assert "FT-C1" in mail.get_body(("plain",)).get_content()
    message.refresh_from_db()
    assert (message.status, message.sent_by, message.sent_on) == ("sent", "email", TODAY)
    assert content_of(message.document).replace(b"\r\n", b"\n").strip() == server.raw[0].replace(b"\r\n", b"\n").strip()
    assert Entry.objects.get(verb="message.sent").customer_id == message.account_id


def test_it_leaves_once(server):
    queued()
    send_queued(as_of=TODAY)
    send_queued(as_of=TODAY)
    assert len(server.messages) == 1


def test_a_payment_between_composing_and_leaving_stops_it(server):
    message = queued()
    pay(message.planned_action.action_items.get().item)
    from spartito.actions.tests.stage import refresh

    refresh()
    assert send_queued(as_of=TODAY).sent == []
    assert server.messages == []
    message.refresh_from_db()
    assert message.status == "withdrawn"


def test_money_received_and_not_yet_allocated_stops_it(server):
    message = queued()
    Payment.objects.create(
        creditor=message.creditor, customer=message.account, day=TODAY, amount=1000, unallocated=1000, currency="EUR"
    )
    assert send_queued(as_of=TODAY).sent == []
    message.refresh_from_db()
    assert (message.status, PlannedAction.objects.get().withdrawn_because) == ("withdrawn", "new_money")


def test_a_hold_put_meanwhile_stops_it(server):
    message = queued()
    Hold.objects.create(customer=message.account, kind="do_not_contact", starts_on=TODAY)
    send_queued(as_of=TODAY)
    assert server.messages == []
    message.refresh_from_db()
    assert message.status == "withdrawn"


def test_a_part_paid_meanwhile_is_not_asked_for(server):
    message = queued()
    pay(message.planned_action.action_items.get().item, "400")
    from spartito.actions.tests.stage import refresh

    refresh()
    send_queued(as_of=TODAY)
    (mail,) = server.messages
    assert "600,00" in mail.get_body(("plain",)).get_content()


def test_a_paused_channel_waits_until_it_is_lifted(server):
    message = queued()
    pause = pause_channel(user=None, as_of=TODAY, channel="email", because="Il dominio è in manutenzione")
    send_queued(as_of=TODAY)
    message.refresh_from_db()
    assert (message.status, message.held_because) == ("held", "channel_paused")
    lift_pause(user=None, as_of=TODAY, pause=pause.pk)
    rest_of_the_day()
    assert send_queued(as_of=TODAY).sent == [message.pk]


def test_an_old_ledger_makes_messages_wait_and_a_new_one_lets_them_go(server):
    message = queued()
    house(ledger_date=TODAY - timedelta(days=2))  # Monday: two working days
    send_queued(as_of=TODAY)
    message.refresh_from_db()
    assert (message.status, message.held_because) == ("held", "waiting_data")
    house(ledger_date=TODAY - timedelta(days=1))
    rest_of_the_day()
    assert send_queued(as_of=TODAY).sent == [message.pk]


def test_a_weekend_is_not_old_data():
    monday = date(2026, 11, 23)
    whose = debtor()
    house(ledger_date=date(2026, 11, 20))  # Friday
    plan(whose, [late_invoice(whose)], on=monday)
    rest_of_the_day(monday)
    assert Message.objects.get().status == "queued"


def test_in_start_up_everything_is_composed_and_nothing_leaves(server):
    house(in_start_up=True)
    whose = debtor()
    house(in_start_up=True)
    plan(whose, [late_invoice(whose)])
    rest_of_the_day()
    assert list(Message.objects.values_list("status", "held_because")) == [("held", "start_up")]
    house(in_start_up=False)
    rest_of_the_day()
    assert len(send_queued(as_of=TODAY).sent) == 1


def test_without_a_server_messages_are_held_and_told(settings):
    settings.EMAIL_CONFIGURED = False
    from spartito.actions.tests.stage import person

    message = queued()
    boss = person("boss", "credit_manager")
    assert [(each.because, each.count) for each in waiting(boss, TODAY)] == [("no_server", 1)]
    assert send_queued(as_of=TODAY).waiting == [message.pk]
    message.refresh_from_db()
    assert (message.status, message.held_because) == ("held", "no_server")
    assert [(each.because, each.count) for each in waiting(boss, TODAY)] == [("no_server", 1)]


def test_a_server_that_appears_later_sends_what_was_held(settings, request):
    settings.EMAIL_CONFIGURED = False
    message = queued()
    send_queued(as_of=TODAY)
    server = request.getfixturevalue("server")
    assert send_queued(as_of=TODAY).sent == [message.pk]
    assert len(server.messages) == 1


def test_a_server_that_is_down_leaves_messages_queued(settings):
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    message = queued()
    result = send_queued(as_of=TODAY)
    assert "Refused" in result.unreachable
    message.refresh_from_db()
    assert (message.status, message.claimed_at) == ("queued", None)


def test_a_refused_address_fails_and_somebody_is_asked(server):
    server.refuses = "550 no such mailbox"
    message = queued()
    assert send_queued(as_of=TODAY).failed == [message.pk]
    message.refresh_from_db()
    assert message.status == "failed"
    assert "no such mailbox" in message.error
    assert Task.objects.get(subject="failed_message").message_id == message.pk


def test_a_server_too_busy_is_tried_again_later(server):
    server.refuses = "451 try later"
    message = queued()
    assert send_queued(as_of=TODAY).waiting == [message.pk]
    message.refresh_from_db()
    assert (message.status, message.attempts, message.claimed_at) == ("queued", 1, None)


def test_a_sender_that_died_leaves_an_uncertain_message_that_is_never_sent_by_itself(server):
    message = queued()
    assert claim(as_of=TODAY, limit=10) == [message.pk]
    Message.objects.update(claimed_at="2026-11-18T05:00:00Z")  # long ago
    send_queued(as_of=TODAY)
    message.refresh_from_db()
    assert message.status == "uncertain"
    assert server.messages == []
    assert Task.objects.get(subject="uncertain_message").status == "open"

    confirm_sent(user=None, customers=[message.account_id], as_of=TODAY, message=message.pk)
    message.refresh_from_db()
    assert message.status == "sent"
    assert Task.objects.get(subject="uncertain_message").status == "done"


def test_a_person_may_send_an_uncertain_message_again_under_the_same_message_id(server):
    message = queued()
    send_queued(as_of=TODAY)
    Message.objects.update(status="uncertain")
    release_message(user=None, customers=[message.account_id], as_of=TODAY, message=message.pk)
    send_queued(as_of=TODAY)
    assert len({mail["Message-ID"] for mail in server.messages}) == 1
    assert len(server.messages) == 2


def test_a_claimed_message_is_neither_withdrawn_nor_claimed_twice():
    message = queued()
    claim(as_of=TODAY, limit=10)
    assert claim(as_of=TODAY, limit=10) == []
    pay(message.planned_action.action_items.get().item)
    rest_of_the_day()
    message.refresh_from_db()
    assert message.status == "queued"


def test_formal_texts_and_long_lists_carry_the_letter(server):
    whose = debtor()
    plan(whose, [late_invoice(whose, f"FT{n}", "10.00") for n in range(30)])
    rest_of_the_day()
    send_queued(as_of=TODAY)
    (mail,) = server.messages
    names = [part.get_filename() for part in mail.walk() if part.get_content_type() == "application/pdf"]
    assert names == ["C1-2026-11-18.pdf"]
    assert Document.objects.filter(kind="letter").count() == 1
    page = mail.get_body(("html",)).get_content()
    assert "e altri 5 documenti" in page


def test_the_copy_goes_to_the_salesperson(server):
    from spartito.portfolio.models import Salesperson

    seller = Salesperson.objects.create(code="S1", name="Luca", email="luca@rossi.example")
    whose = debtor(salesperson=seller)
    plan(whose, [late_invoice(whose)], params={"copy_to": ["salesperson"]})
    rest_of_the_day()
    send_queued(as_of=TODAY)
    assert server.messages[0]["Cc"] == "luca@rossi.example"


def test_in_a_replayed_history_messages_are_sent_when_the_next_day_begins_and_nothing_leaves(tenant, server):
    tenant.clock, tenant.max_data_age = "last_run", None
    message = queued()
    message.refresh_from_db()
    assert (message.status, message.sent_by) == ("queued", "")
    tenant.last_run_date = TODAY
    compose(as_of=TODAY, run_id=None)
    message.refresh_from_db()
    assert message.status == "queued"
    compose(as_of=TODAY + timedelta(days=1), run_id=None)
    message.refresh_from_db()
    assert (message.status, message.sent_by, message.sent_on) == ("sent", "replay", TODAY)
    assert server.messages == []


def test_the_settings_of_tests_send_nothing_by_accident():
    assert not django_settings.EMAIL_CONFIGURED
