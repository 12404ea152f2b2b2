"""Each person's day: who has which task, how urgent it is, what was carried over, what is to be reached.

`steps/` gives tasks to people and ranks them; `queries` reads a person's day, `direction` the work of all people,
`planning` what is planned by day, `targets` what was reached, `guidance` how to go about a task.
Tables: assignment, weight, absence, capacity, effort, spokenlanguage, target, monitoring.
"""
