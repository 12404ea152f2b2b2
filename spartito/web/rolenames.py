"""Who does something, as said inside a sentence: `il gestore`, `il responsabile crediti`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

ROLES: dict[str, str | Promise] = {
    "collector": gettext_lazy("the collector"),
    "salesperson": gettext_lazy("the salesperson"),
    "credit_manager": gettext_lazy("the credit manager"),
    "sales_manager": gettext_lazy("the sales manager"),
    "area_manager": gettext_lazy("the area manager"),
    "cfo": gettext_lazy("the chief financial officer"),
    "customer_care": gettext_lazy("customer care"),
    "cash_clerk": gettext_lazy("cash and treasury"),
}
