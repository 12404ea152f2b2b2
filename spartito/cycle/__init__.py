"""The day: the ordered list of steps, the reaction to every user action, the run log.

Tables: run, runstep.
`daily.py` is the list and nothing else; `act.py` is the only way a user action happens.
"""
