"""One customer, for everybody: what each reader sees of it depends on what they may."""
