from . import checkup  # isort: skip
from . import checkup_dunning, checkup_money
