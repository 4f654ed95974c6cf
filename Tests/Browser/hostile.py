"""What comes from jobs, workers and people stays text on every page, whatever it looks like."""

import json

import system
from dashboard import DashboardCheck

MARKUP = '<img src=x onerror="window.hit=1"><script>window.hit=2</script></script><svg onload="window.hit=3">'
SCRIPT = "javascript:window.hit=4//"
RTL = "\u202eevil\u202c \u05e9\u05dc\u05d5\u05dd"
LONG = "w" * 3000
MESSAGES = [MARKUP, SCRIPT, RTL + " " + MARKUP, "nul \u0000 \u001b[31m " + MARKUP, LONG]


class Hostile(DashboardCheck):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dead = [system.dead_letter(message) for message in MESSAGES]
        # Elements that anybody with a Redis client can push.
        system.redis("LPUSH", "wc:{test}:ready", MARKUP)
        system.redis("LPUSH", "wc:{test}:ready", json.dumps({"kind": MARKUP, "payload": {"a": MARKUP}}))
        system.until(lambda: len(system.get("/api/v1/dead?reason=undecodable")["jobs"]) == 2, "the elements are dead")
        system.call("POST", "/api/v1/queues/memory/pause", {"reason": MARKUP})
        system.call("PUT", "/api/v1/schedules/evil", {"cron": "@daily", "job": {"kind": "test.fail", "payload": {"message": MARKUP}}})
        beat = system.redis("ZRANGE", "wc:workers", "0", "0", "WITHSCORES")
        system.redis("HSET", f"wc:worker:{beat[0]}", "host", MARKUP)

    def test_dead_letters(self):
        self.go("dead", heading="Dead letters")
        self.browser.wait(lambda: len(self.browser.rows("Jobs")) == len(MESSAGES) + 2, "all letters")
        text = self.stays_text("dead")
        self.assertIn(MARKUP[:100], text)
        self.assertIn(SCRIPT, text)
        self.browser.picture("hostile-dead")

    def test_jobs(self):
        self.go("jobs?state=dead", heading="Jobs")
        self.browser.wait(lambda: len(self.browser.rows("Jobs")) == len(MESSAGES) + 2, "all jobs")
        self.assertIn(SCRIPT, self.stays_text("jobs"))

    def test_each_job(self):
        for identifier, message in zip(self.dead, MESSAGES):
            with self.subTest(message=message[:20]):
                self.go("jobs/" + identifier, heading=identifier)
                self.stays_text(identifier)
                shown = self.browser.script("return document.querySelector('pre[aria-label=payload]').textContent")
                self.assertEqual(json.loads(shown), {"message": message})

    def test_elements_pushed_by_hand(self):
        for job in system.get("/api/v1/dead?reason=undecodable")["jobs"]:
            self.go("jobs/" + job["id"], heading=job["id"])
            self.browser.wait(lambda: self.browser.all("pre[aria-label=payload]"), "the element is shown as evidence")
            self.assertIn("onerror", self.stays_text(job["id"]))

    def test_reason_of_a_pause(self):
        for page in ("", "queues"):
            self.go(page)
            self.browser.reads("paused: " + MARKUP)
            self.stays_text(page)

    def test_schedules(self):
        for page in ("schedules", "schedules/evil"):
            self.go(page)
            self.stays_text(page)
        self.assertIn(MARKUP[:20], self.browser.text().replace('\\"', '"'))

    def test_workers(self):
        self.go("workers", heading="Workers")
        self.stays_text("workers")

    def test_addresses(self):
        # What stands in an address is as foreign as a payload.
        for page in (f"jobs?kind={MARKUP}", f"dead?error={MARKUP}", f"jobs/{MARKUP}", f"{MARKUP}?{MARKUP}", "workers/" + MARKUP):
            with self.subTest(page=page[:12]):
                self.expected = ("404", "400")
                self.go(page)
                self.stays_text(page)

    def test_submitted_markup_and_its_refusal(self):
        self.expected = ("422",)
        self.go("submit", heading="Submit a job")
        self.browser.fill("kind", "test." + "<img>")
        self.browser.press("Submit")
        self.browser.reads("/kind", "#notices")
        self.stays_text("submit")

    def stays_text(self, where):
        """Nothing ran, nothing became an element, no link leads elsewhere, nothing is wider than the window; the page's text."""
        self.browser.wait(lambda: self.browser.all("main h1"), "a heading")
        found = self.browser.script("""return {
            hit: window.hit ?? null,
            foreign: [...document.querySelectorAll("main img, main script, main iframe, [onerror], [onload], main svg svg")].length,
            links: [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href")).filter((href) => !href.startsWith("#")),
            styled: document.querySelectorAll("[style]").length,
            overflow: document.documentElement.scrollWidth - innerWidth,
            text: document.body.innerText,
        }""")
        text = found.pop("text")
        self.assertEqual(found, {"hit": None, "foreign": 0, "links": [], "styled": 0, "overflow": min(0, found["overflow"])}, where)
        return text
