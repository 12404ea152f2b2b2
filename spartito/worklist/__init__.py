"""Each person's day: who has which task, how urgent it is, what was carried over.

Tables: assignment, absence, capacity.
"""
