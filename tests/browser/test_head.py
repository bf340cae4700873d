"""What is there before any picture: the width of a phone, the ground of the theme, an address with a slash."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.stage import Stage

PHONES = {
    "iPhone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3},
    "Pixel": {"viewport": {"width": 393, "height": 727}, "device_scale_factor": 2.75},
    "Galaxy": {"viewport": {"width": 320, "height": 658}, "device_scale_factor": 4.5},
}
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
GROUND = "() => getComputedStyle(document.documentElement).backgroundColor"
LIGHT, DARK = "rgb(245, 247, 249)", "rgb(27, 35, 43)"


@pytest.mark.parametrize("query", ["", "?page=optimizers"], ids=["network", "race"])
@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_shows_the_page_as_wide_as_it_is(new_page, server, phone, query):
    page: Page = new_page(**PHONES[phone], is_mobile=True, has_touch=True)
    page.goto(server.url + query)
    page.locator(".playground[data-generation], .playground[data-train-loss]").first.wait_for()
    assert page.evaluate("innerWidth") == PHONES[phone]["viewport"]["width"]
    assert page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize(
    ("system", "chosen", "ground"),
    [("light", None, LIGHT), ("dark", None, DARK), ("light", "dark", DARK), ("dark", "light", LIGHT)],
)
def test_the_ground_has_its_colour_before_anything_else_comes(new_page, server, system, chosen, ground):
    page: Page = new_page(color_scheme=system)
    if chosen:
        page.add_init_script(f"localStorage.setItem('playground-theme', '{chosen}')")
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(server.url, wait_until="commit")
    page.wait_for_function("document.body")
    assert page.evaluate(GROUND) == ground


@pytest.mark.parametrize("address", ["/", "//", "/?page=optimizers", "/?experiment=dying_relu"])
def test_an_address_with_a_slash_leads_to_the_page(new_page, server, address):
    page: Page = new_page()
    page.goto(server.url + address)
    page.locator(".playground[data-generation], .playground[data-train-loss]").first.wait_for()
    assert page.url == server.url + address.lstrip("/")


def test_the_page_and_its_ground_have_the_same_colour(visit):
    stage: Stage = visit(color_scheme="dark")
    assert (
        stage.root.evaluate("(root) => getComputedStyle(root).backgroundColor") == DARK == stage.page.evaluate(GROUND)
    )
