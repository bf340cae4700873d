"""What ``panel serve playground`` runs for every page that is opened."""

from playground.app import serve_page

serve_page()
