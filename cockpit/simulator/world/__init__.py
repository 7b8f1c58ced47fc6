"""What is deployed in the simulated project: services, revisions and operations, and how they come to serve.

Knows nothing of gRPC or HTTP: the faces in `control/` put it on the wire.
"""

from cockpit.simulator.world.errors import WorldError
from cockpit.simulator.world.plant import Planted
from cockpit.simulator.world.settings import Etags, Lag, Settings
from cockpit.simulator.world.world import World

__all__ = ["Etags", "Lag", "Planted", "Settings", "World", "WorldError"]
