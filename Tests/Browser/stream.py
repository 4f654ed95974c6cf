"""When the stream of changes breaks, the page polls and says so; when the stream is back, it is live again."""

from urllib.parse import urlsplit

import system
from dashboard import DashboardCheck
from relay import Relay


class Stream(DashboardCheck):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relay = Relay(urlsplit(system.API).port)
        cls.addClassCleanup(cls.relay.close)

    def test_polls_while_the_stream_is_cut_and_returns_to_live(self):
        # The browser tells of each stream that breaks.
        self.expected = ("/api/v1/events",)
        self.go("jobs", base=self.relay.url, heading="Jobs")
        self.browser.reads("live", "#link")
        self.relay.cut_events()
        self.browser.reads("polling", "#link")
        first = system.enqueue("test.noop", {})
        self.browser.wait(lambda: first in [row[0] for row in self.browser.rows("Jobs")], "a poll finds the job", 12)
        self.assertIn("polling", self.browser.text("#link"))
        self.relay.heal()
        self.browser.reads("live", "#link")
        second = system.enqueue("test.noop", {})
        self.browser.wait(lambda: second in [row[0] for row in self.browser.rows("Jobs")], "the stream tells of the job", 4)

    def test_a_hidden_tab_leaves_the_stream_and_a_seen_one_takes_it_up(self):
        self.go("jobs", heading="Jobs")
        self.browser.reads("live", "#link")
        first = self.browser.driver.current_window_handle
        for _ in range(7):
            # Browsers open six connections to a host: with a stream each, the seventh tab would show nothing.
            self.browser.driver.switch_to.new_window("tab")
            self.go("jobs", heading="Jobs")
        self.browser.reads("live", "#link")
        for handle in self.browser.driver.window_handles:
            if handle != first:
                self.browser.driver.switch_to.window(handle)
                self.browser.driver.close()
        self.browser.driver.switch_to.window(first)
        identifier = system.enqueue("test.noop", {})
        self.browser.wait(lambda: identifier in [row[0] for row in self.browser.rows("Jobs")], "the first tab is live again")
