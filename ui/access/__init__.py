"""Who may read and who may edit: accounts, sessions, limits, and the gate that every request goes through."""
