"""Pages, feeds and sitemaps of the web, fetched with care."""
