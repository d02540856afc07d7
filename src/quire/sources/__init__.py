"""Bytes → pages. Opens PDFs and images within limits; knows nothing of engines."""
