"""config.toml → frozen Settings. Whatever is wrong in it is one line that names the place and the mend."""

from cockpit.config.layers import load
from cockpit.config.settings import Settings
from cockpit.config.toml import ConfigError, Place, read_toml, shipped

__all__ = ["ConfigError", "Place", "Settings", "load", "read_toml", "shipped"]
