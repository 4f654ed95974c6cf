"""Each page shows what the system holds, as it changes, without a word in the console."""

import json

import system
from dashboard import DashboardCheck


class Pages(DashboardCheck):
    def test_overview_counts_what_there_is_and_is_light(self):
        system.dead_letter("no disk")
        for _ in range(5):
            system.reaches(system.enqueue("test.noop", {}), "succeeded")
        self.go("", heading="Overview")
        died = len(system.get("/api/v1/dead?limit=500")["jobs"])
        self.browser.wait(lambda: self.tile("Dead") == str(died) and self.tile("Workers") == "1", "tiles of dead and workers")
        self.assertIn("test", [row[0] for row in self.browser.rows("Queues")])
        self.browser.wait(lambda: self.tile("Busy slots") == "0 of 2", "the slots of the worker, at its next beat")
        labels = [chart.get_attribute("aria-label") for chart in self.browser.all("figure > svg")]
        self.assertEqual(len(labels), 2)
        self.assertRegex(labels[0], r"Jobs a minute, by minutes of the last hour. put in: now \d+, at most [1-9]")
        self.assertRegex(labels[1], r"Mean wait for a worker, .* wait: now [\d.]+ m?s, at most")
        weight = self.browser.script("""return performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
            .map((entry) => [entry.name, entry.transferSize]);""")
        self.assertGreaterEqual(len(weight), 5)
        total = sum(size for _, size in weight)
        print(f"first load: {total} bytes in {len(weight)} requests")
        self.assertLessEqual(total, 60 * 1024, weight)
        self.browser.picture("overview")

    def test_queues(self):
        system.enqueue("proof.inclusion", {"leaves": ["1"], "index": 0})
        self.go("queues", heading="Queues")
        self.browser.wait(lambda: {"proof", "memory", "test"} <= {row[0] for row in self.browser.rows("Queues")}, "three queues")
        self.browser.picture("queues")

    def test_jobs_list_follows_what_happens(self):
        self.go("jobs", heading="Jobs")
        self.browser.reads("live", "#link")
        identifier = system.enqueue("test.noop", {})
        self.browser.wait(
            lambda: ["succeeded"] == [row[2] for row in self.browser.rows("Jobs") if row[0] == identifier],
            "the new job appears and ends without a reload")
        self.browser.picture("jobs")

    def test_filters_make_an_address_that_can_be_shared(self):
        wanted = system.dead_letter("filtered")
        self.go("jobs", heading="Jobs")
        self.browser.fill("kind", "test.fail")
        self.browser.press("Show")
        self.browser.wait(lambda: "kind=test.fail" in self.browser.driver.current_url, "the address names the filter")
        self.browser.wait(lambda: {"test.fail"} == {row[1] for row in self.browser.rows("Jobs")}, "only that kind is shown")
        self.browser.wait(lambda: [tab for tab in self.browser.all(".tabs a") if tab.text == "dead"][0].click() or True, "a tab")
        self.browser.wait(lambda: wanted in [row[0] for row in self.browser.rows("Jobs")], "the dead one is among them")
        self.assertIn("kind=test.fail", self.browser.driver.current_url)
        self.assertEqual({row[2] for row in self.browser.rows("Jobs")}, {"dead"})

    def test_job_tells_its_whole_life(self):
        identifier = system.enqueue("test.fail", {"message": "no disk", "times": 2}, backoff={"base": "10ms", "max": "20ms"})
        system.reaches(identifier, "succeeded")
        self.go("jobs/" + identifier, heading=identifier)
        self.browser.reads("succeeded")
        timeline = self.browser.text("ol.timeline")
        for text in ("put in", "delivery 1 failed", "delivery 2 failed", "delivery 3 began", "no disk"):
            self.assertIn(text, timeline)
        shown = self.browser.one("pre[aria-label=payload]").text
        self.assertEqual(json.loads(shown), {"message": "no disk", "times": 2})
        self.assertIn("\n  ", shown, "it is indented")
        lines = [line.text for line in self.browser.all("pre")]
        curl = f"curl -s {system.API}/api/v1/jobs/{identifier}"
        self.assertTrue(curl in lines and f"redis-cli HGETALL 'wc:{{test}}:job:{identifier}'" in lines, lines)
        self.assertTrue(system.redis("HGETALL", f"wc:{{test}}:job:{identifier}"), "the line that is shown finds the job")
        self.browser.driver.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
        self.browser.one("button[aria-label='Copy curl line']").click()
        self.browser.reads("Copied the curl line.", "#notices")
        self.assertEqual(self.browser.script("return navigator.clipboard.readText()"), curl)
        self.browser.picture("job")

    def test_private_payload_is_said_to_be_sealed(self):
        identifier = system.enqueue("memory.store", {
            "user": "ada", "content": "canary tea", "category": {"finance": False, "health": False, "personal": True}})
        system.reaches(identifier, "succeeded")
        self.go("jobs/" + identifier, heading=identifier)
        self.browser.reads("the payload of a private kind lies sealed")
        self.assertNotIn("canary tea", self.browser.text())

    def test_job_page_follows_a_running_job(self):
        identifier = system.enqueue("test.sleep", {"ms": 1500})
        self.go("jobs/" + identifier, heading=identifier)
        self.browser.wait(lambda: self.browser.all(".state.running"), "it runs")
        self.browser.wait(lambda: self.browser.all(".state.succeeded"), "it ends without a reload")

    def test_workers_and_what_they_run(self):
        identifier = system.enqueue("test.sleep", {"ms": 3000})
        system.reaches(identifier, "running")
        self.go("workers", heading="Workers")
        self.browser.wait(lambda: len(self.browser.rows("Workers")) == 1 and self.browser.rows("Workers")[0][1] == "running", "one worker")
        self.browser.picture("workers")
        self.browser.one("table a").click()
        self.browser.wait(lambda: [row[0] for row in self.browser.rows("Running jobs")] == [identifier], "its page names the job")
        system.reaches(identifier, "succeeded")

    def test_schedules_and_their_next_runs(self):
        status, _ = system.call("PUT", "/api/v1/schedules/nightly", {
            "cron": "30 2 * * *", "tz": "Europe/Berlin", "job": {"kind": "memory.recall", "payload": {"user": "canary", "memory_id": "m-1"}}})
        self.assertEqual(status, 201)
        self.go("schedules", heading="Schedules")
        self.browser.wait(lambda: ["nightly", "30 2 * * * Europe/Berlin", "memory.recall"] in [row[:3] for row in self.browser.rows("Schedules")], "its row")
        self.browser.picture("schedules")
        self.browser.one("th a").click()
        self.browser.reads("Schedule nightly", "main h1")
        self.assertEqual(len(self.browser.all("ol.timeline li")), 5)
        self.browser.reads("Its payload is private")
        self.assertNotIn("canary", self.browser.text())

    def test_proves_and_verifies(self):
        self.go("prove", heading="Prove and verify")
        self.browser.press("Prove")
        self.browser.reads("The proof is valid.", seconds=40)
        self.browser.picture("prove")

    def test_an_unknown_job_is_an_error_that_says_so(self):
        self.expected = ("404",)
        self.go("jobs/test.01ARZ3NDEKTSV4RRFFQ69G5FAV")
        self.browser.reads("There is no such job")

    def tile(self, name):
        tiles = [tile.text.split("\n") for tile in self.browser.all(".tile")]
        return next(lines[1] for lines in tiles if lines[0] == name)
