"""What a served page says in its head, before any component has come: its width on a phone, its ground, its address."""

from __future__ import annotations

from playground.runtime.assets import bundle
from playground.runtime.theme import DARK, LIGHT


def head() -> str:
    """A part of Panel's template. Without it phones show a page 980 pixels wide, and dark pages flash white."""
    # A module would be run only after the first picture; a plain script has no exports.
    script = bundle("runtime/head.js").replace("export const {", "const {")
    return f"""{{% block postamble %}}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>
      html {{ background: {LIGHT.wash}; color-scheme: light; }}
      html.dark {{ background: {DARK.wash}; color-scheme: dark; }}
    </style>
    <script>{{% raw %}}(() => {{
{script}
prepare();
}})();{{% endraw %}}</script>
{{% endblock %}}"""
