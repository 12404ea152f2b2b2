"""The landing page: today's score of whoever is signed in."""
