"""What a served page says in its head, before any script of ours has come: that phones are welcome, and its ground."""

from __future__ import annotations

from playground.runtime.theme import DARK, LIGHT, THEME_KEY

HEAD = f"""{{% block postamble %}}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <style>
      html {{ background: {LIGHT.wash}; }}
      html.dark {{ background: {DARK.wash}; }}
    </style>
    <script>
      (() => {{
        let chosen = null;
        try {{ chosen = localStorage.getItem("{THEME_KEY}"); }} catch {{ /* storage may be forbidden */ }}
        const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
        document.documentElement.classList.toggle("dark", dark);
      }})();
    </script>
{{% endblock %}}"""
"""A part of Panel's template. The script has the rule of theme.js once more: without it a dark page flashes white."""
