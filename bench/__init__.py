"""What is measured, one command: `helpline bench`. Timings live here, never in a pass/fail test."""
