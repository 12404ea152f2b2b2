"""What a person says of a task."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext_lazy as _

from spartito.actions.models import OutcomeCode


class AmountField(forms.CharField):
    """An amount as people write it: `1.234,56`, `1234.56`, `1234`. Empty is None."""

    def clean(self, value: object) -> Decimal | None:
        text = str(value or "").replace(" ", "").replace("€", "")
        if not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return None
        if "," in text:
            text = text.replace(".", "").replace(",", ".")
        try:
            amount = Decimal(text)
        except InvalidOperation as wrong:
            raise forms.ValidationError(_("“%(value)s” is not an amount.") % {"value": value}) from wrong
        if amount <= 0 or amount.as_tuple().exponent < -2 or amount > Decimal(99999999999999):
            raise forms.ValidationError(_("“%(value)s” is not an amount above 0 with two decimals.") % {"value": value})
        return amount


class DocumentsField(forms.MultipleChoiceField):
    """Numbers of documents; which of them are the customer's is the operation's to say."""

    def validate(self, value: list[str]) -> None:
        """Anything may be asked for here."""


class OutcomeForm(forms.Form):
    """An outcome: its code, and what the code asks for."""

    code = forms.CharField(max_length=10)
    on = forms.DateField(required=False)
    at = forms.TimeField(required=False)
    amount = AmountField(required=False)
    documents = DocumentsField(required=False)
    note = forms.CharField(required=False, max_length=2000)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if not OutcomeCode.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("This outcome is not known."))
        return code
