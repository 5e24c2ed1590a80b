"""Commands that fit the small models under `qa/models/`. Not used when answering."""
