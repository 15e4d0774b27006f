"""Reads the books that a person imports: books.json, or CSV files of customers and of invoices."""

from worker.edges.books.reading import read_books

__all__ = ["read_books"]
