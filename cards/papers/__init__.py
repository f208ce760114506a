"""Documents as people are handed them: records in, the bytes of a Word document out. No SharePoint, no Teams."""
