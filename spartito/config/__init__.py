"""How the rooms are wired into one running thing: settings, addresses, the server's entry, what runs by itself."""
