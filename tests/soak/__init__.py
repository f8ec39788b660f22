"""Traffic, faults and restarts for minutes, checked against a ledger of the soak's own: `script/soak`."""
