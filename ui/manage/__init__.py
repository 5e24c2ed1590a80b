"""The collection in the browser: what it holds, what failed, and, for editors, adding, removing and regenerating the index."""
