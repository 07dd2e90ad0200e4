"""How many cases the property tests try: some alone (dev/test --core), many in the whole run (dev/test).

The whole run tries the same cases each time, so that a red one is about the change and not about luck;
``I2C_HYPOTHESIS=exploring dev/test --core`` looks for new ones.
"""

import os

from hypothesis import settings

settings.register_profile("quick", max_examples=10, deadline=None, database=None)
settings.register_profile("thorough", max_examples=250, deadline=None, database=None, derandomize=True)
settings.register_profile("exploring", max_examples=250, deadline=None, database=None)
settings.load_profile(os.environ.get("I2C_HYPOTHESIS", "quick"))
