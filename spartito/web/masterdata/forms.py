"""Forms of master data. They only collect and check shapes; operations decide."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spartito.access.models import OrgUnit, User
from spartito.portfolio.models import Contact, CreditClass, Creditor, Customer, PaymentType, Salesperson
from spartito.web.labels import ROLES
from spartito.web.masterdata.labels import KINDS, field_label
from spartito.web.templatetags.spartito import label

ADDRESS = ["address", "postal_code", "city", "province", "country", "email", "pec", "phone"]
LANGUAGES = [("", "–"), *settings.LANGUAGES]


class ByName(forms.ModelChoiceField):
    """A choice among rows called by their name in the page's language."""

    def label_from_instance(self, obj: Any) -> str:
        return label(obj) if hasattr(obj, "name_it") else str(obj)


class RowForm(forms.ModelForm):
    """A form over a row that is never saved by it: `changes()` says what an operation is to set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nullable = {field.name for field in self._meta.model._meta.concrete_fields if field.null}  # noqa: SLF001
        for name, field in self.fields.items():
            field.label = field_label(name)
            field.required = field.required and name not in nullable
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            if name == "country":
                field.widget.attrs.update(maxlength=2, size=3, placeholder="IT")
            if name in ("email", "pec"):
                field.widget.input_type = "email"  # type: ignore[attr-defined]
            if name in ("phone", "mobile", "fax"):
                field.widget.input_type = "tel"  # type: ignore[attr-defined]
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=field_label("language"), choices=LANGUAGES, required=False
            )

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"]
        if country and (len(country) != 2 or not country.isalpha()):
            raise forms.ValidationError(_("Two letters, as in IT or DE."))
        return country.upper()

    def changes(self) -> dict[str, Any]:
        """The fields a person changed, with their new values; all filled ones for a new row."""
        if self.instance.pk is None:
            return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    def _post_clean(self) -> None:
        """The row stays as it is: operations compare with it."""


class CustomerForm(RowForm):
    """A customer's own data. Payer and parent are named by their code at the same creditor."""

    payer = forms.CharField(required=False, max_length=80)
    parent = forms.CharField(required=False, max_length=80)
    credit_class = ByName(CreditClass.objects.filter(retired_on__isnull=True).order_by("code"), required=False)
    payment_type = ByName(PaymentType.objects.filter(retired_on__isnull=True).order_by("code"), required=False)
    salesperson = ByName(Salesperson.objects.filter(retired_on__isnull=True).order_by("name", "code"), required=False)
    area = ByName(OrgUnit.objects.filter(kind="area", retired_on__isnull=True).order_by("name", "code"), required=False)
    division = ByName(
        OrgUnit.objects.filter(kind="division", retired_on__isnull=True).order_by("name", "code"), required=False
    )
    sector = ByName(
        OrgUnit.objects.filter(kind="sector", retired_on__isnull=True).order_by("name", "code"), required=False
    )

    class Meta:
        model = Customer
        fields = [
            "name", "vat_number", "tax_code", "credit_class", "rating", "is_consumer", *ADDRESS, "language",
            "salesperson", "area", "division", "sector", "payment_type", "payment_terms", "credit_limit",
            "insured_limit", "payable_balance", "payer", "parent", "dun_group", "is_excluded", "excluded_because",
        ]  # fmt: skip

    def __init__(self, *args: Any, creditor: Creditor | None = None, **kwargs: Any) -> None:
        row = kwargs.get("instance")
        if row is not None:
            named = {name: getattr(getattr(row, name), "code", "") for name in ("payer", "parent")}
            kwargs["initial"] = {**named, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.creditor = creditor or (row.creditor if row is not None and row.creditor_id else None)
        for name in ("payer", "parent"):
            self.fields[name].help_text = _("Customer's code, at the same creditor.")

    def _other(self, name: str) -> Customer | None:
        code = self.cleaned_data[name].strip()
        if not code:
            return None
        found = Customer.objects.filter(Q(creditor=self.creditor), code=code).first()
        if found is None:
            raise forms.ValidationError(_("No customer of this creditor has the code %(code)s."), params={"code": code})
        return found

    def clean_payer(self) -> Customer | None:
        return self._other("payer")

    def clean_parent(self) -> Customer | None:
        return self._other("parent")


class NewCustomerForm(CustomerForm):
    """A customer made by hand: its creditor and code besides."""

    creditor = ByName(Creditor.objects.filter(retired_on__isnull=True).order_by("name"), empty_label=None)
    code = forms.CharField(max_length=80)
    name = forms.CharField(max_length=200)
    field_order = ["creditor", "code", "name"]

    def clean_creditor(self) -> Creditor:
        self.creditor = self.cleaned_data["creditor"]
        return self.cleaned_data["creditor"]  # type: ignore[no-any-return]


class ContactForm(RowForm):
    role = forms.ChoiceField(choices=list(ROLES.items()), initial="accounting")

    class Meta:
        model = Contact
        fields = [
            "role", "name", "email", "pec", "phone", "mobile", "fax", "language", "is_preferred", "address",
            "postal_code", "city", "province", "country", "valid_from", "valid_until", "note",
        ]  # fmt: skip


class SalespersonForm(RowForm):
    area = ByName(OrgUnit.objects.filter(kind="area", retired_on__isnull=True).order_by("name", "code"), required=False)
    user = ByName(User.objects.filter(is_active=True).order_by("full_name", "username"), required=False)

    class Meta:
        model = Salesperson
        fields = ["code", "name", "area", "user", *ADDRESS]


class CreditorForm(RowForm):
    """A creditor and its letterhead, whose parts are kept together."""

    tagline = forms.CharField(required=False, max_length=200)
    footer = forms.CharField(required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    signature = forms.CharField(required=False, max_length=200)
    website = forms.CharField(required=False, max_length=200)
    LETTERHEAD = ("tagline", "footer", "signature", "website")

    class Meta:
        model = Creditor
        fields = ["code", "name", "vat_number", "tax_code", *ADDRESS, "iban", "bank_name", "language", "currency"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        row = kwargs.get("instance")
        if row is not None:
            kept = {name: row.letterhead.get(name, "") for name in self.LETTERHEAD}
            kwargs["initial"] = {**kept, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def changes(self) -> dict[str, Any]:
        changed = super().changes()
        told = {name: changed.pop(name) for name in self.LETTERHEAD if name in changed}
        if told:
            changed["letterhead"] = {**self.instance.letterhead, **told}
        return changed


class UnitForm(RowForm):
    """An area, division or sector; its parent is one of the same kind."""

    kind = forms.ChoiceField(choices=list(KINDS.items()))
    parent = ByName(OrgUnit.objects.none(), required=False)

    class Meta:
        model = OrgUnit
        fields = ["kind", "code", "name", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = OrgUnit.objects.filter(retired_on__isnull=True).order_by("kind", "name", "code")
        if self.instance.pk:
            others = others.filter(kind=self.instance.kind).exclude(pk=self.instance.pk)
            self.fields["kind"].disabled = self.fields["code"].disabled = True
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]


class CodeForm(RowForm):
    """A credit class or payment type."""

    class Meta:
        model = CreditClass
        fields = ["code", "name_it", "name_en", "is_dunnable"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True


class PaymentTypeForm(CodeForm):
    class Meta(CodeForm.Meta):
        model = PaymentType
