"""How many cases the property tests try: some alone (dev/test --core), many in the whole run (dev/test)."""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=10, deadline=None, database=None)
settings.register_profile("thorough", max_examples=250, deadline=None, database=None)
settings.load_profile(os.environ.get("I2C_HYPOTHESIS", "quick"))
