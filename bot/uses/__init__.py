"""What people do, one module for each: read the records, let the board decide, keep the change, show the answer."""
