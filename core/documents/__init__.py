"""What printed documents need beyond data: fixed wording, formats of numbers and dates, sums."""
