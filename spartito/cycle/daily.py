"""The day, in order. Each line is one transaction of a night run and one call of a reaction.

What has lost its reason is withdrawn before anything new is decided, so that a second run
on the same data finds nothing to do (docs/decisions/withdraw-before-deciding.md).
"""

import spartito.actions.steps
import spartito.communications.steps
import spartito.portfolio.steps
import spartito.strategies.occasions
import spartito.strategies.steps
import spartito.worklist.steps

DAY = [
    ("portfolio.refresh", spartito.portfolio.steps.refresh),
    ("portfolio.note_everybody", spartito.portfolio.steps.note_everybody),
    ("actions.withdraw", spartito.actions.steps.withdraw),
    ("strategies.give_back_levels", spartito.strategies.steps.give_back_levels),
    ("strategies.decide", spartito.strategies.steps.decide),
    ("strategies.plan_occasions", spartito.strategies.occasions.plan_occasions),
    ("actions.carry_out", spartito.actions.steps.carry_out),
    ("worklist.assign", spartito.worklist.steps.assign),
    ("communications.compose", spartito.communications.steps.compose),
]
