"""Each page shows what the system holds, as it changes, without a word in the console."""

import system
from dashboard import DashboardCheck


class Pages(DashboardCheck):
    def test_overview_counts_what_there_is(self):
        system.dead_letter("no disk")
        self.go("", heading="Overview")
        self.browser.wait(lambda: self.tile("dead") == "1" and self.tile("workers") == "1", "tiles of dead and workers")
        self.assertIn("test", [row[0] for row in self.browser.rows("Queues")])
        self.browser.picture("overview")

    def test_jobs_list_follows_what_happens(self):
        self.go("jobs", heading="Jobs")
        self.browser.reads("live", "#link")
        identifier = system.enqueue("test.noop", {})
        self.browser.wait(
            lambda: ["succeeded"] == [row[2] for row in self.browser.rows("Jobs") if row[0] == identifier],
            "the new job appears and ends without a reload")
        self.browser.picture("jobs")

    def tile(self, name):
        tiles = [tile.text.split("\n") for tile in self.browser.all(".tile")]
        return next(lines[1] for lines in tiles if lines[0] == name)
