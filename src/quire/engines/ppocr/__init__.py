"""PP-OCR: a detector finds text lines, a recognizer reads them. Our own pipeline on PP-OCRv6's weights."""
