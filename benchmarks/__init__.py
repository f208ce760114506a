"""What things cost, measured in one run and printed as ratios; never part of a test."""
