"""Commands that make the data files under `index/models/` from public text. Not used when answering."""
