"""What the board is: its records, rules, permissions and notices, with no input or output, no clock and no vendor."""
