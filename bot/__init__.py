"""How people talk to the board: the HTTP edge, Teams conversations, use cases, the poster, the command line."""
