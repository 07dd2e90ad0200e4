"""Benchmarks; `dev/bench` runs them. Each module has ``main(arguments) -> int``, 0 when every bound holds."""
