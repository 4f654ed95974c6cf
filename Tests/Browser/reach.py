"""By keyboard alone, to a screen reader, in light and dark, with or without motion."""

import system
from dashboard import DashboardCheck
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

PAGES = ["", "queues", "jobs", "dead", "schedules", "workers", "submit", "prove"]

# WCAG 2.2, 1.4.3: the ratio of luminances of each piece of text and what it stands on.
CONTRAST = """
const parse = (color) => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
const over = (top, under) => ({ r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1 });
const luminance = ({ r, g, b }) => { const [x, y, z] = [r, g, b].map((value) => { value /= 255; return value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4; }); return .2126 * x + .7152 * y + .0722 * z; };
const ground = (element) => element ? over(parse(getComputedStyle(element).backgroundColor), ground(element.parentElement)) : { r: 255, g: 255, b: 255, a: 1 };
const seen = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const element = walk.currentNode.parentElement;
  if (!walk.currentNode.data.trim() || !element.checkVisibility() || element.closest("noscript, .skip, :disabled")) continue;
  const style = getComputedStyle(element);
  const under = ground(element);
  const text = over(parse(element.namespaceURI.endsWith("svg") ? style.fill : style.color), under);
  const [light, dark] = [luminance(text), luminance(under)].sort((a, b) => b - a);
  seen.push([(light + .05) / (dark + .05), walk.currentNode.data.trim().slice(0, 40), style.color]);
}
return seen;
"""

# What has the focus, and how it is seen.
FOCUS = """
const element = document.activeElement;
const style = getComputedStyle(element);
return { tag: element.tagName, text: (element.innerText ?? "").trim() || element.getAttribute("aria-label") || element.name || "",
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth) };
"""


class Reach(DashboardCheck):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = system.dead_letter("no disk")
        system.call("POST", "/api/v1/queues/memory/pause", {"reason": "deploy"})

    def tearDown(self):
        self.browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        super().tearDown()

    def type(self, *keys):
        ActionChains(self.browser.driver).send_keys(*keys).perform()

    def focus(self):
        return self.browser.script(FOCUS)

    def test_everything_by_keyboard(self):
        self.go("queues", heading="Queues")
        self.browser.wait(lambda: self.browser.button("Pause"), "the table")
        stops = []
        for _ in range(20):
            self.type(Keys.TAB)
            stop = self.focus()
            stops.append(stop["text"])
            self.assertGreaterEqual(stop["outline"], 2, f"the focus on {stop} can be seen")
            if stop["text"] == "Pause":
                break
        self.assertEqual(stops[:5], ["Skip to content", "Overview", "Queues", "Jobs", "Dead letters"])
        self.assertEqual(stops[-1], "Pause", stops)
        self.type(Keys.ENTER)
        self.browser.reads("what runs goes on", "dialog")
        self.assertTrue(self.browser.script("return document.querySelector('dialog').contains(document.activeElement)"))
        self.type(Keys.ESCAPE)
        self.browser.wait(lambda: not self.browser.all("dialog"), "Escape leaves the dialog")
        self.browser.wait(lambda: self.focus()["text"] == "Pause", "the focus is back on the button")
        self.type(Keys.ENTER)
        self.browser.reads("what runs goes on", "dialog")
        self.type("by keyboard", Keys.ENTER)
        self.browser.wait(lambda: self.focus()["text"] == "Resume", "the same place resumes")
        self.type(Keys.ENTER)
        self.browser.wait(lambda: self.focus()["text"] == "Pause", "and pauses again")

    def test_the_skip_link_and_the_page_that_is_gone_to_take_the_focus(self):
        self.go("", heading="Overview")
        self.type(Keys.TAB)
        box = self.browser.driver.switch_to.active_element.rect
        self.assertTrue(box["x"] >= 0 and box["y"] >= 0, "the skip link is seen when it has the focus")
        self.type(Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)
        self.browser.reads("Jobs", "main h1")
        self.browser.wait(lambda: self.browser.script("return document.activeElement.id") == "main", "the focus is on the page")

    def test_the_focus_stays_where_it_is_while_lists_change(self):
        self.go("jobs", heading="Jobs")
        self.browser.wait(lambda: self.browser.rows("Jobs"), "rows")
        self.browser.script("document.querySelector('[name=kind]').focus()")
        self.type("test.")
        system.reaches(system.enqueue("test.noop", {}), "succeeded")
        rows = len(self.browser.rows("Jobs"))
        identifier = system.enqueue("test.noop", {})
        self.browser.wait(lambda: identifier in [row[0] for row in self.browser.rows("Jobs")], f"a row more than {rows}")
        self.assertEqual(self.browser.script("return [document.activeElement.name, document.activeElement.value]"), ["kind", "test."])

    def test_tables_and_landmarks(self):
        for page in PAGES + ["jobs/" + self.letter]:
            with self.subTest(page=page):
                self.go(page)
                found = self.browser.script("""
                    const cells = [...document.querySelectorAll("th")];
                    const inputs = [...document.querySelectorAll("input:not([type=hidden]), select, textarea")];
                    return { main: document.querySelectorAll("main").length, h1: document.querySelectorAll("h1").length,
                        lang: document.documentElement.lang, unscoped: cells.filter((cell) => !["col", "row"].includes(cell.scope)).length,
                        unnamed: inputs.filter((input) => !input.labels.length).length,
                        silent: [...document.querySelectorAll("button, a")].filter((item) => !(item.innerText.trim() || item.ariaLabel)).length,
                        current: document.querySelectorAll("nav [aria-current=page]").length,
                        pictures: [...document.querySelectorAll("svg")].filter((svg) => !svg.ariaLabel && svg.ariaHidden !== "true").length,
                        rows: [...document.querySelectorAll("tbody tr")].filter((row) => row.cells.length > 1 && row.cells[0].scope !== "row").length }""")
                self.assertEqual(found, {"main": 1, "h1": 1, "lang": "en", "unscoped": 0, "unnamed": 0, "silent": 0, "current": 1,
                    "pictures": 0, "rows": 0})

    def test_contrast_in_light_and_dark(self):
        for scheme in ("light", "dark"):
            self.browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            for page in PAGES + ["jobs/" + self.letter]:
                with self.subTest(scheme=scheme, page=page):
                    self.go(page)
                    seen = self.browser.script(CONTRAST)
                    self.assertGreater(len(seen), 10)
                    self.assertEqual([text for text in seen if text[0] < 4.5], [])
                    if scheme == "dark" and page in ("", "jobs/" + self.letter):
                        self.browser.picture("dark-" + (page[:4] or "overview"))
            ground = self.browser.script("return getComputedStyle(document.body).backgroundColor").removeprefix("rgb(").split(",")
            self.assertEqual(int(ground[0]) > 128, scheme == "light")

    def test_motion_only_for_who_wants_it(self):
        self.assertEqual(self.motions("reduce"), 0)
        self.assertGreater(self.motions("no-preference"), 0, "else the check above proves nothing")

    def motions(self, wish):
        """How many animations a new row begins."""
        self.browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": wish}]})
        self.go("jobs", heading="Jobs")
        self.browser.wait(lambda: self.browser.rows("Jobs"), "rows")
        identifier = system.enqueue("test.noop", {})
        self.browser.wait(lambda: identifier in [row[0] for row in self.browser.rows("Jobs")], "a new row")
        return self.browser.script("return document.querySelectorAll('tr.fresh').length && document.getAnimations().length")

    def test_narrow_window_needs_no_sideways_scroll(self):
        self.browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True})
        try:
            for page in PAGES + ["jobs/" + self.letter]:
                with self.subTest(page=page):
                    self.go(page)
                    self.assertLessEqual(self.browser.script("return document.documentElement.scrollWidth"), 390)
                    if page == "":
                        self.browser.picture("narrow")
        finally:
            self.browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
