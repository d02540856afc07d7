"""The API of Azure Document Intelligence, version 2024-11-30: models prebuilt-read and prebuilt-layout."""
