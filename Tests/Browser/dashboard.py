"""What the checks of the dashboard share: one browser for a class, and an empty console after each check."""

import unittest

import system
from chromium import Chromium


class DashboardCheck(unittest.TestCase):
    """A check in a browser of its class. What the console says fails the check, unless `expected` allows it."""

    browser: Chromium

    @classmethod
    def setUpClass(cls):
        cls.browser = Chromium()
        cls.addClassCleanup(cls.browser.close)

    def setUp(self):
        self.expected = ()

    def tearDown(self):
        failed = self._outcome.result.failures + self._outcome.result.errors
        if any(test is self for test, _ in failed):
            self.browser.picture("failed-" + self._testMethodName)
        complaints = [text for text in self.browser.complaints() if not any(part in text for part in self.expected)]
        self.assertEqual(complaints, [])

    def go(self, page, base=system.API, heading=None):
        """Opens a page as a visitor who has just come, and waits until it shows something."""
        self.browser.open("about:blank")
        self.browser.open(f"{base}/#/{page}")
        self.browser.wait(lambda: self.browser.all("main h1"), f"#/{page} has a heading")
        if heading:
            self.browser.reads(heading, "main h1")
