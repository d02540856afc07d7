"""Tesseract, by its command: text recognition for a hundred languages, and page segmentation of its own."""
