"""An index in Milvus: vectors, words, texts and dates of passages in one database that many machines write and ask.

`place` says where, `engine` talks to it, `schema` lays it out, `store` writes what a build changes, `serve` answers questions.
"""
