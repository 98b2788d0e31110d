"""Forms of the cases application: they clean to values that the services take, and never save."""
