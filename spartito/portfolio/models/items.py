"""Items, the movements that make their balance, payments and their allocation."""

from datetime import date

from django.db import models
from django.db.models import Q

from spartito.access.models import OrgUnit
from spartito.portfolio.models.parties import Creditor, Customer, PaymentType, Salesperson


class Item(models.Model):
    """One due date of a document. Debits are positive, credits negative, in `currency`.

    `item_key` is `x:<external_id>`, else `type|number|year|instalment` within the customer
    (year is that of issue_date, empty when not given): unique per (creditor, customer, key)
    or per (creditor, external id).
    `open_amount` = movements up to the business date. Closed means `closed_on` is set.
    An item not yet issued at the business date has open_amount 0 and closed_on null.
    `is_inferred`: the closing is our inference from an absence, not a fact.
    `imported_level(_date)`: level at hand-over, read once by strategies at enrolment.
    Keys without an index of their own are those nobody looks items up by alone: each would cost
    a million-row import its share.
    `fingerprint`: hash of the source row; rows that did not change never reach staging.
    """

    class DocumentType(models.TextChoices):
        INVOICE = "invoice"
        CREDIT_NOTE = "credit_note"
        DEBIT_NOTE = "debit_note"
        ADVANCE = "advance"
        PAYMENT = "payment"

    class BankStatus(models.TextChoices):
        NONE = "none"
        PORTFOLIO = "portfolio"
        PRESENTED = "presented"
        CREDITED = "credited"
        RETURNED = "returned"
        RECALLED = "recalled"

    class ClosingCause(models.TextChoices):
        PAID = "paid"
        PRESENTED = "presented"
        OFFSET = "offset"
        WRITTEN_OFF = "written_off"
        TRANSFERRED = "transferred"
        REPLACED = "replaced"
        UNKNOWN = "unknown"

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="items", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="items", db_index=False)
    item_key = models.CharField(max_length=300)
    external_id = models.CharField(max_length=120, blank=True, db_default="", default="")
    document_type = models.CharField(max_length=12, choices=DocumentType.choices)
    document_number = models.CharField(max_length=80)
    instalment = models.CharField(max_length=20, blank=True, db_default="", default="")
    issue_date = models.DateField(null=True)
    due_date = models.DateField()
    original_due_date = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    open_amount = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    payment_type = models.ForeignKey(PaymentType, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    salesperson = models.ForeignKey(Salesperson, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    division = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    sector = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    bank_status = models.CharField(
        max_length=10, choices=BankStatus.choices, db_default="none", default=BankStatus.NONE
    )
    presented_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    return_reason = models.CharField(max_length=200, blank=True, db_default="", default="")
    withheld = models.DecimalField(max_digits=16, decimal_places=2, default=0, db_default=0)
    vat_split = models.DecimalField(max_digits=16, decimal_places=2, default=0, db_default=0)
    retention = models.DecimalField(max_digits=16, decimal_places=2, default=0, db_default=0)
    retention_release_date = models.DateField(null=True)
    order_number = models.CharField(max_length=80, blank=True, db_default="", default="")
    cig = models.CharField(max_length=20, blank=True, db_default="", default="")
    cup = models.CharField(max_length=20, blank=True, db_default="", default="")
    pay_to_iban = models.CharField(max_length=40, blank=True, db_default="", default="")
    replaces = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="replaced_by", db_index=False
    )
    imported_level = models.CharField(max_length=60, blank=True, db_default="", default="")
    imported_level_date = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closing_cause = models.CharField(max_length=12, choices=ClosingCause.choices, blank=True, db_default="", default="")
    is_inferred = models.BooleanField(default=False, db_default=False)
    fingerprint = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="portfolio_item_key_once", fields=["customer", "item_key"]),
            models.UniqueConstraint(
                name="portfolio_item_external_id_once",
                fields=["creditor", "external_id"],
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(
                name="portfolio_item_credit_is_negative",
                condition=Q(document_type__in=["invoice", "debit_note"], open_amount__gte=0)
                | Q(document_type__in=["credit_note", "advance", "payment"], open_amount__lte=0),
            ),
            models.CheckConstraint(
                name="portfolio_item_closed_has_cause",
                condition=Q(closed_on__isnull=True, closing_cause="")
                | (Q(closed_on__isnull=False, open_amount=0) & ~Q(closing_cause="")),
            ),
        ]
        indexes = [
            models.Index(
                name="portfolio_item_open",
                fields=["customer", "due_date"],
                condition=Q(closed_on__isnull=True),
            ),
            models.Index(name="portfolio_item_by_customer", fields=["customer", "-due_date"]),
            models.Index(name="portfolio_item_by_number", fields=["document_number"]),
            models.Index(
                name="portfolio_item_with_a_level",
                fields=["customer"],
                condition=Q(closed_on__isnull=True) & (~Q(imported_level="") | Q(replaces__isnull=False)),
            ),
            models.Index(name="portfolio_item_by_replaced", fields=["replaces"], condition=Q(replaces__isnull=False)),
        ]

    def is_only_tax(self, as_of: date) -> bool:
        """Whether what is open of a debit is withholding, split VAT and retention not yet released: not overdue (design 7).

        For one row of a page; whole ledgers ask `refresh_ageing.sql`, and a test holds both to the same answers.
        """
        released = self.retention_release_date is not None and self.retention_release_date <= as_of
        spared = self.withheld + self.vat_split + (0 if released else self.retention)
        return 0 < self.open_amount <= spared

    def days_late(self, as_of: date) -> int:
        """Days since a debit was due; 0 while it is not, and for what is not overdue."""
        days = (as_of - self.due_date).days
        return days if days > 0 and self.open_amount > 0 and not self.is_only_tax(as_of) else 0


class Movement(models.Model):
    """One dated change of an item's open amount, signed, in the item's currency.

    `amount` adds to the balance: opening an invoice of 100 is +100, paying it is −100.
    `cause`: `opened`, `reopened`, `corrected`, or a closing cause (a partial reduction
    seen in a ledger is `unknown` until a payment explains it). `is_applied`: already
    counted in `item.open_amount`; false for days after the business date.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="movements", db_index=False)
    day = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    cause = models.CharField(max_length=12)
    payment = models.ForeignKey(
        "Payment", on_delete=models.PROTECT, null=True, related_name="movements", db_index=False
    )
    is_inferred = models.BooleanField(default=False, db_default=False)
    is_applied = models.BooleanField(default=False, db_default=False)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="portfolio_movement_moves", condition=~Q(amount=0)),
        ]
        indexes = [
            models.Index(name="portfolio_movement_by_item", fields=["item", "day"]),
            models.Index(name="portfolio_movement_pending", fields=["day"], condition=Q(is_applied=False)),
            models.Index(name="portfolio_movement_by_batch", fields=["batch_id"]),
            models.Index(name="portfolio_movement_by_payment", fields=["payment"], condition=Q(payment__isnull=False)),
        ]


class Payment(models.Model):
    """Money received, positive, in `currency`. `unallocated` = amount − allocations."""

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="payments", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments", db_index=False)
    external_id = models.CharField(max_length=120, blank=True, db_default="", default="")
    day = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    unallocated = models.DecimalField(max_digits=16, decimal_places=2)
    currency = models.CharField(max_length=3)
    payment_type = models.ForeignKey(PaymentType, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reference = models.CharField(max_length=300, blank=True, db_default="", default="")
    fingerprint = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="portfolio_payment_external_id_once",
                fields=["creditor", "external_id"],
                condition=~Q(external_id=""),
            ),
            models.CheckConstraint(name="portfolio_payment_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="portfolio_payment_unallocated_not_negative", condition=Q(unallocated__gte=0)),
        ]
        indexes = [models.Index(name="portfolio_payment_by_customer", fields=["customer", "-day"])]


class Allocation(models.Model):
    """Part of a payment laid on an item; `explains` is what a ledger had already taken off."""

    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="allocations")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="allocations")
    day = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    explains = models.DecimalField(max_digits=16, decimal_places=2, default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="portfolio_allocation_positive", condition=Q(amount__gt=0)),
        ]
