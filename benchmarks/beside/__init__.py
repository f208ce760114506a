"""What the bot is measured beside: one server a file, each doing the same outward work with another library.

Every one is given a file of JSON (see `benchmarks.compared.server`) and does, for each activity, what its library makes
of it: check the caller's token against the local issuer, read the activity, then answer an invoke with a given body, or
send a given message to the activity's service URL with a token that is at hand.
"""
