"""Kinds of documents, each drawn from a seed."""
