"""The safety plan: small concrete steps, each of them taken, put in own words or passed over."""
