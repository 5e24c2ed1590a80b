"""Readers of each kind of file, behind `index.read.read_documents`."""
