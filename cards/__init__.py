"""What people see: records in, Adaptive Card (a dict) out; the only place that spells card elements and words."""
