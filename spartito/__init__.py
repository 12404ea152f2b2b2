"""Spartito: credit management and collections for companies that sell on credit."""
