"""Users, their profiles and scopes; and each person's own settings."""
