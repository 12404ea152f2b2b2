from spartito.portfolio.models.holds import Block, Hold
from spartito.portfolio.models.items import Allocation, Item, Movement, Payment
from spartito.portfolio.models.parties import (
    Contact,
    CreditClass,
    Creditor,
    Customer,
    Party,
    PaymentType,
    Salesperson,
)
from spartito.portfolio.models.positions import Ageing, Position, Standing

__all__ = [
    "Ageing",
    "Allocation",
    "Block",
    "Contact",
    "CreditClass",
    "Creditor",
    "Customer",
    "Hold",
    "Item",
    "Movement",
    "Party",
    "Payment",
    "PaymentType",
    "Position",
    "Salesperson",
    "Standing",
]
