"""Start-up of a creditor: sort the overdue stock on one page, then let the messages leave."""
