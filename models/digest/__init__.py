from . import digest, res_config_settings
