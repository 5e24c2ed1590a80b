"""For people: the web chat and the `griot` command."""
