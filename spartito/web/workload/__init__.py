"""The work of everybody: how much each has, how the day goes, moving it; absences, weights and targets."""
