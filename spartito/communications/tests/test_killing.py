"""kill -9 of senders and composers: nothing leaves twice, nothing is lost from sight."""

import os
import signal
import subprocess
import sys
import textwrap
import time

from spartito.actions.models import Message
from spartito.actions.tests.stage import TODAY, debtor, late_invoice, plan, rest_of_the_day
from spartito.communications.models import Rendition


def test_a_sender_killed_at_any_moment_never_sends_twice(live_tenant, mail_server, django_db_blocker):
    """Ten messages, the sender killed again and again: each leaves at most once, and none is lost from sight."""
    with django_db_blocker.unblock():
        for n in range(10):
            whose = debtor(f"K{n}")
            plan(whose, [late_invoice(whose, f"FT-{n}")])
        rest_of_the_day()
        ids = list(Message.objects.values_list("pk", flat=True))
        code = f"""
            import django; django.setup()
            from datetime import date
            from django.db import connection
            from spartito.tenants.models import Tenant
            from spartito.communications.dispatch import send_queued
            connection.set_tenant(Tenant.objects.get(slug={live_tenant.slug!r}))
            send_queued(as_of=date({TODAY.year}, {TODAY.month}, {TODAY.day}), limit=3)
        """
        environment = os.environ | {
            "SPARTITO_EMAIL_URL": mail_server.url,
            "DJANGO_SETTINGS_MODULE": "spartito.config.settings",
            "DATABASE_URL": database_url(),
        }
        for wait in (0.9, 1.2, 1.5, 1.8):
            sender = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], env=environment)
            time.sleep(wait)
            sender.send_signal(signal.SIGKILL)
            sender.wait()
        for _ in range(4):
            subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env=environment, check=True)
        states = dict(Message.objects.filter(pk__in=ids).values_list("pk", "status"))
        claimed = set(Message.objects.filter(pk__in=ids, claimed_at__isnull=False).values_list("pk", flat=True))
    arrived = [
        mail["To"].addresses[0].addr_spec + mail["Subject"] + mail["Message-ID"] for mail in mail_server.messages
    ]
    assert len(arrived) == len(set(arrived))
    assert all(status == "sent" or pk in claimed for pk, status in states.items())


def database_url() -> str:
    """This test's database, for another process."""
    from django.db import connection

    facts = connection.settings_dict
    return os.environ.get("DATABASE_URL") or f"postgresql://{facts['USER']}@/{facts['NAME']}?host={facts['HOST']}"


def test_a_composer_killed_at_any_moment_leaves_what_the_next_one_completes(live_tenant, django_db_blocker):
    """Thirty contacts planned, carrying out and composing killed again and again: thirty messages, one text each."""
    with django_db_blocker.unblock():
        for n in range(30):
            whose = debtor(f"K{n:02}")
            plan(
                whose,
                [late_invoice(whose, f"FT-{n}")],
                params={"include": ["late_interest"]},
                template="second_reminder",
            )
        code = f"""
            import django; django.setup()
            from datetime import date
            from django.db import connection, transaction
            from spartito.tenants.models import Tenant
            import spartito.actions.steps, spartito.communications.steps
            connection.set_tenant(Tenant.objects.get(slug={live_tenant.slug!r}))
            for step in (spartito.actions.steps.carry_out, spartito.communications.steps.compose):
                with transaction.atomic():
                    step(as_of=date({TODAY.year}, {TODAY.month}, {TODAY.day}), run_id=None)
        """
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "spartito.config.settings",
            "DATABASE_URL": database_url(),
        }
        for wait in (0.7, 0.9, 1.1, 1.3, 1.6):
            composer = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], env=environment)
            time.sleep(wait)
            composer.send_signal(signal.SIGKILL)
            composer.wait()
        subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env=environment, check=True)
        texts = list(
            Rendition.objects.values_list(
                "message__account__code", "number", "superseded_on", "fields__interest__total"
            )
        )
    assert len(texts) == len({code for code, *_ in texts}) == 30
    assert {(number, superseded) for _, number, superseded, _ in texts} == {(1, None)}
    assert all(total for *_, total in texts)
