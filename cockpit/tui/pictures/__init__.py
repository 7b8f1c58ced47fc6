"""Pictures of the screen, as SVG and as PNG: the same on every machine, whatever fonts it has."""
