//! Numbers into summaries: exact sums, slopes, rank tests, false discovery rates.
