"""Where records live: list definitions as data, the typed store, the change feed, provisioning and sign-in."""
