"""Stories of months, told day by day and lived through the command line."""
