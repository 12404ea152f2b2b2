"""Creditors, debtors, their contacts and the people who sell to them."""

from django.db import models
from django.db.models import F, Q

from spartito.access.models import OrgUnit, User
from spartito.platform.fields import json_object
from spartito.platform.history import tracked


class Address(models.Model):
    """A postal address; `country` is ISO 3166 alpha-2."""

    address = models.CharField(max_length=200, blank=True, db_default="", default="")
    postal_code = models.CharField(max_length=20, blank=True, db_default="", default="")
    city = models.CharField(max_length=100, blank=True, db_default="", default="")
    province = models.CharField(max_length=60, blank=True, db_default="", default="")
    country = models.CharField(max_length=2, blank=True, db_default="", default="")

    class Meta:
        abstract = True


class Reachable(models.Model):
    """Where someone is written to and called."""

    email = models.CharField(max_length=254, blank=True, db_default="", default="")
    pec = models.CharField(max_length=254, blank=True, db_default="", default="")
    phone = models.CharField(max_length=60, blank=True, db_default="", default="")

    class Meta:
        abstract = True


@tracked()
class Creditor(Address, Reachable):
    """A legal entity that owns receivables."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    vat_number = models.CharField(max_length=20, blank=True, db_default="", default="")
    tax_code = models.CharField(max_length=20, blank=True, db_default="", default="")
    iban = models.CharField(max_length=40, blank=True, db_default="", default="")
    bank_name = models.CharField(max_length=100, blank=True, db_default="", default="")
    language = models.CharField(max_length=5, db_default="it", default="it")
    currency = models.CharField(max_length=3, db_default="EUR", default="EUR")
    letterhead = json_object()
    in_start_up = models.BooleanField(default=False, db_default=False)
    ledger_date = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@tracked()
class CreditClass(models.Model):
    """The nature of a customer (domain 11.1); a class not dunnable has no strategy."""

    code = models.CharField(max_length=20, unique=True)
    name_it = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    is_dunnable = models.BooleanField(default=True, db_default=True)
    retired_on = models.DateField(null=True, blank=True)


@tracked()
class PaymentType(models.Model):
    """How an item is to be paid (domain 11.2)."""

    code = models.CharField(max_length=20, unique=True)
    name_it = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    is_dunnable = models.BooleanField(default=True, db_default=True)
    retired_on = models.DateField(null=True, blank=True)


@tracked()
class Salesperson(Address, Reachable):
    """An agent or salesperson (C089). `user` when the person logs in."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200, blank=True, db_default="", default="")
    area = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    retired_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.code


class Party(models.Model):
    """The same debtor across creditors, tied by VAT number or tax code; in-house eyes only."""

    country = models.CharField(max_length=2, db_default="IT", default="IT")
    vat_number = models.CharField(max_length=20, blank=True, db_default="", default="")
    tax_code = models.CharField(max_length=20, blank=True, db_default="", default="")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="portfolio_party_vat_once", fields=["country", "vat_number"], condition=~Q(vat_number="")
            ),
            models.UniqueConstraint(
                name="portfolio_party_tax_code_once",
                fields=["country", "tax_code"],
                condition=Q(vat_number="") & ~Q(tax_code=""),
            ),
        ]


@tracked()
class Customer(Address, Reachable):
    """A debtor of one creditor; key (creditor, code).

    `account` is who is written to, kept by `steps/resolve_accounts.sql` from payer and
    parent (one hop): payer, else the parent where it is marked `dun_group`, else itself.
    Salesperson, area, division, sector: master data, else the latest item's (design 3).
    Amounts are in the creditor's currency. `collector` is who works it (`assigned_to`).
    """

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="customers", db_index=False)
    code = models.CharField(max_length=80)
    party = models.ForeignKey(Party, on_delete=models.SET_NULL, null=True, related_name="customers")
    name = models.CharField(max_length=200, blank=True, db_default="", default="")
    vat_number = models.CharField(max_length=20, blank=True, db_default="", default="")
    tax_code = models.CharField(max_length=20, blank=True, db_default="", default="")
    credit_class = models.ForeignKey(CreditClass, on_delete=models.PROTECT, null=True, related_name="+")
    rating = models.CharField(max_length=10, blank=True, db_default="", default="")
    is_consumer = models.BooleanField(default=False, db_default=False)
    language = models.CharField(max_length=5, blank=True, db_default="", default="")
    payer = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="pays_for", db_index=False
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="members", db_index=False
    )
    dun_group = models.BooleanField(default=False, db_default=False)
    account = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="account_members")
    salesperson = models.ForeignKey(Salesperson, on_delete=models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+")
    division = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sector = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    collector = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    payment_type = models.ForeignKey(PaymentType, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    payment_terms = models.CharField(max_length=80, blank=True, db_default="", default="")
    currency = models.CharField(max_length=3, blank=True, db_default="", default="")
    credit_limit = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    insured_limit = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    payable_balance = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    strategy_code = models.CharField(max_length=60, blank=True, db_default="", default="")
    is_excluded = models.BooleanField(default=False, db_default=False)
    excluded_because = models.CharField(max_length=300, blank=True, db_default="", default="")
    # Which of the five facts above come from master data ("m") and not from the latest item.
    master_facts = json_object()
    # Since when someone (a strategy's measure or a person) proposes it for the lawyers.
    legal_proposed_on = models.DateField(null=True, blank=True)
    created_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="portfolio_customer_code_once", fields=["creditor", "code"]),
            models.CheckConstraint(
                name="portfolio_customer_payer_is_another", condition=Q(payer__isnull=True) | ~Q(payer=F("id"))
            ),
            models.CheckConstraint(
                name="portfolio_customer_parent_is_another", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            ),
        ]
        indexes = [
            models.Index(name="portfolio_customer_by_code", fields=["code"]),
            models.Index(name="portfolio_customer_by_payer", fields=["payer"], condition=Q(payer__isnull=False)),
            models.Index(name="portfolio_customer_by_parent", fields=["parent"], condition=Q(parent__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name or self.code


@tracked()
class Contact(Address, Reachable):
    """A person or site of a customer (C088) or of a salesperson (C089), valid from-until."""

    class Role(models.TextChoices):
        """Domain 11.9."""

        OWNER = "owner"
        ACCOUNTING = "accounting"
        PURCHASING = "purchasing"
        FINANCE = "finance"
        INVOICES = "invoices"
        PEC = "pec"
        DISPUTES = "disputes"
        LAWYER = "lawyer"
        LIQUIDATOR = "liquidator"
        GUARANTOR = "guarantor"
        AGENT = "agent"
        SALES = "sales"
        SITE = "site"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="contacts")
    salesperson = models.ForeignKey(Salesperson, on_delete=models.CASCADE, null=True, related_name="contacts")
    role = models.CharField(max_length=20, choices=Role.choices, db_default="accounting", default="accounting")
    name = models.CharField(max_length=200, blank=True, db_default="", default="")
    mobile = models.CharField(max_length=60, blank=True, db_default="", default="")
    fax = models.CharField(max_length=60, blank=True, db_default="", default="")
    language = models.CharField(max_length=5, blank=True, db_default="", default="")
    is_preferred = models.BooleanField(default=False, db_default=False)
    note = models.CharField(max_length=500, blank=True, db_default="", default="")
    external_id = models.CharField(max_length=120, blank=True, db_default="", default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="portfolio_contact_of_one_owner",
                condition=Q(customer__isnull=False, salesperson__isnull=True)
                | Q(customer__isnull=True, salesperson__isnull=False),
            ),
            models.CheckConstraint(
                name="portfolio_contact_ends_after_start",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
        ]
