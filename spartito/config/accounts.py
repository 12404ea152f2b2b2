"""How people get in: only users that an administrator made; nobody signs up."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """allauth's behaviour, with the open door closed."""

    def is_open_for_signup(self, request):  # type: ignore[no-untyped-def]
        return False
