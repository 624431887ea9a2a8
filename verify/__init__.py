"""The deployed system as a customer meets it: the clients, one order's story, and what only an account can answer."""
