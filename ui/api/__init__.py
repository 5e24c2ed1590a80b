"""The HTTP interface for programs: questions, searches and articles as JSON, health and figures for operators."""
