"""What every page needs, and what knows no page: the session loop, the wire, components, widgets, charts."""
