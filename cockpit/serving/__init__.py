"""The app in a browser: who may come in, the page, and one process of the app for every page that is open."""
