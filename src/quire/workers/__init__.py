"""Pages read in processes of their own: whatever a hostile page does to its process, the server goes on."""
