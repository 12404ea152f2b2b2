"""Order blocks (domain 11.7): one in force a customer, from 1 (warning) to 5 (total)."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from spartito.access.models import User
from spartito.journal.operations import write
from spartito.platform.history import by_hand
from spartito.portfolio.models import Block
from spartito.portfolio.operations.foundation import PortfolioRefused, require

LEVELS = range(1, 6)


def put_block(*, user: User | None, customers: Iterable[int], as_of: date, level: int, reason: str) -> list[Block]:
    """Blocks orders at a level; another level in force ends today, the same one stays. Raises PortfolioRefused."""
    require(user, as_of, "blocks.put")
    if level not in LEVELS:
        raise PortfolioRefused(
            _("level %(level)s is not one of 1 (warning) to 5 (total); 0 is a release") % {"level": level}
        )
    if not reason.strip():
        raise PortfolioRefused(_("a block needs a reason"))
    made = []
    with by_hand(user=user):
        for customer in customers:
            before = Block.objects.filter(customer=customer, released_on__isnull=True).first()
            if before is not None and before.level == level:
                continue
            if before is not None:
                _end(before, user=user, as_of=as_of, because=reason)
            made.append(
                Block.objects.create(
                    customer_id=customer, level=level, reason=reason.strip(), starts_on=as_of, put_by=user
                )
            )
            data = {"level": level, "reason": reason.strip(), "before": before.level if before else None}
            write(business_date=as_of, verb="block.raised", customer=customer, user=user, data=data)
    return made


def release_block(*, user: User | None, customers: Iterable[int], as_of: date, because: str) -> list[Block]:
    """Lets orders pass again. Raises PortfolioRefused when none is blocked."""
    require(user, as_of, "blocks.release")
    if not because.strip():
        raise PortfolioRefused(_("the release of a block needs a reason"))
    found = list(Block.objects.filter(customer__in=list(customers), released_on__isnull=True))
    if not found:
        raise PortfolioRefused(_("no order block is in force"))
    with by_hand(user=user):
        for block in found:
            _end(block, user=user, as_of=as_of, because=because)
            data = {"level": block.level, "because": because.strip()}
            write(business_date=as_of, verb="block.released", customer=block.customer_id, user=user, data=data)
    return found


def take_back_block(*, user: User | None, as_of: date, block: int, needed: tuple[int, int] | None) -> None:
    """Undoes what raised a block: it falls to the level that others need, or ends. Whoever may undo the cause may do this.

    `needed`: the highest level that another planned action still asks for, and that action. A level put by a person stays.
    """
    held = Block.objects.select_for_update(of=("self",)).filter(pk=block, released_on__isnull=True).first()
    if held is None:
        return
    before, by_a_person = held.level, _level_by_hand(held)
    level, held.planned_action_id = max(needed or (0, None), (by_a_person, None), key=lambda each: each[0])
    with by_hand(user=user):
        if not level:
            _end(held, user=user, as_of=as_of, because="undone")
        elif level < before:
            held.level = level
            held.save()
        else:
            return
    verb = "block.lowered" if level else "block.released"
    data = {"level": level or before, "because": "undone"}
    write(business_date=as_of, verb=verb, customer=held.customer_id, user=user, data=data)


def _level_by_hand(block: Block) -> int:
    """The level that a person put last on this block; 0 where nobody did."""
    if block.put_by_id is None:
        return 0
    return block.events.order_by("-pgh_id").values_list("level", flat=True).first() or 0  # type: ignore[attr-defined]


def _end(block: Block, *, user: User | None, as_of: date, because: str) -> None:
    block.released_on, block.released_by, block.release_reason = as_of, user, because.strip()
    block.save()
