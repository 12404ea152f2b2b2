"""The draft of the standard strategy, changed as its pages change it."""

from django.test import Client

from spartito.strategies.drafts import fingerprint
from spartito.strategies.models import Version

DRAFT = "/t/test/strategies/standard/draft/"
CALL = {"days": 12, "what": "phone", "name": "Telefonata", "assign_to": "collector", "together": "all"}
LIMITS = {"name": "Clienti standard", "default": "on", "priority": 50, "minimum_overdue": "75,50", "minimum_item": "", "contact_max": 2, "contact_days": 10,
          "days_between_steps": 8, "task_patience": 9, "bank_lag": 1, "absorb_lower": 0, "catch_up": "one_by_one",
          "on_broken_promise": "call", "together": "all",
          "fact_0": "credit_class", "sign_0": "in", "value_0": "STD, EST"}  # fmt: skip


def the_draft() -> Version:
    return Version.objects.get(strategy__code="standard", status="draft")


def save(client: Client, path: str, **said: object) -> str:
    """What the page says after a form of the draft was sent."""
    answer = client.post(f"{DRAFT}{path}", {"seen": fingerprint(the_draft().source), **said}, follow=True)
    return answer.content.decode()


def counted(client: Client, **asked: object) -> str:
    return " ".join(client.get(f"{DRAFT}matching/", asked).content.decode().split())
