"""The page asks for a token where the API wants one, says when it is wrong, and offers nothing that the caller may not do."""

import os

import system
from dashboard import DashboardCheck

ADMIN = os.environ["WC_ADMIN_KEY"]
READER = os.environ["WC_READER_KEY"]
WRITER = os.environ["WC_WRITER_KEY"]


class Access(DashboardCheck):
    def setUp(self):
        # A browser tells of each answer that is an error, also of the 401 that makes the page ask.
        # A page that is no HTML has no icon, so the browser looks for one.
        self.expected = ("401 (Unauthorized)", "/favicon.ico")
        self.browser.open(system.API + "/livez")
        self.browser.script("sessionStorage.clear()")

    def enter(self, key):
        self.browser.fill("token", key)
        self.browser.press("Go on", "dialog")

    def ask(self, page):
        self.browser.open("about:blank")
        self.browser.open(f"{system.API}/#/{page}")
        self.browser.reads("This API wants a token", "dialog")

    def test_a_wrong_token_is_told_and_a_right_one_is_kept(self):
        self.ask("queues")
        self.assertEqual(self.browser.script("return document.activeElement.name"), "token")
        self.browser.picture("token", whole=False)
        self.enter("wrong-" + ADMIN)
        self.browser.reads("That token was refused", "dialog")
        self.assertEqual(self.browser.script("return document.querySelector('dialog input').type"), "password")
        self.enter(ADMIN)
        self.browser.reads("Queues", "main h1")
        self.browser.wait(lambda: self.browser.button("Pause"), "an operator may pause")
        self.browser.driver.refresh()
        self.browser.reads("Queues", "main h1")
        self.assertFalse(self.browser.all("dialog"), "the token is kept in the tab")
        self.assertNotIn(ADMIN, self.browser.driver.current_url + self.browser.script("return document.documentElement.outerHTML + document.cookie"))
        self.browser.press("Sign out", "header")
        self.browser.reads("This API wants a token", "dialog")

    def test_leaving_the_question_says_why_nothing_is_shown(self):
        self.ask("jobs")
        self.browser.press("Cancel", "dialog")
        self.browser.wait(lambda: self.browser.all("dialog") or "needs a token" in self.browser.text("body"), "it is told")

    def test_a_reader_is_offered_nothing_that_changes(self):
        identifier = system.enqueue("test.fail", {"message": "x"}, WRITER, max_attempts=1)
        system.reaches(identifier, "dead", READER)
        self.ask("queues")
        self.enter(READER)
        self.browser.reads("read only", "#caller")
        for page in ("queues", "jobs", "dead", "schedules", "workers", "jobs/" + identifier):
            self.go(page)
            self.browser.wait(lambda: self.browser.all("main table, main dl"), "content")
            self.assertEqual(self.changing_buttons(), [], page)
        self.assertNotIn("Submit", self.browser.text("nav"))
        self.browser.picture("read-only")

    def test_a_writer_may_run_again_and_not_pause(self):
        identifier = system.enqueue("test.fail", {"message": "y"}, WRITER, max_attempts=1)
        system.reaches(identifier, "dead", READER)
        self.ask("jobs/" + identifier)
        self.enter(WRITER)
        self.browser.wait(lambda: self.changing_buttons() == ["Run again", "Delete"], "what a writer may do")
        self.go("queues")
        self.browser.wait(lambda: self.browser.rows("Queues"), "queues")
        self.assertEqual(self.changing_buttons(), [])
        self.assertIn("Submit", self.browser.text("nav"))

    def test_an_operator_can_switch_to_read_only(self):
        self.ask("queues")
        self.enter(ADMIN)
        self.browser.wait(lambda: self.browser.button("Pause"), "an operator may pause")
        self.browser.open(system.API + "/?readonly#/queues")
        self.browser.reads("read only", "#caller")
        self.browser.wait(lambda: self.browser.rows("Queues"), "queues")
        self.assertEqual(self.changing_buttons(), [])
        self.assertNotIn("Submit", self.browser.text("nav"))

    def changing_buttons(self):
        return [button.text for button in self.browser.all("main button") if button.text not in ("Show", "Copy")]
