"""What is pressed in the page is seen in Redis and in the API."""

import json

import system
from dashboard import DashboardCheck


class Actions(DashboardCheck):
    def test_pause_and_resume(self):
        self.go("queues", heading="Queues")
        self.browser.wait(lambda: [row for row in self.browser.rows("Queues") if row[0] == "proof"], "the queue proof")
        self.row_button("Queues", "proof", "Pause")
        self.browser.reads("what runs goes on", "dialog")
        self.browser.picture("pause", whole=False)
        self.browser.fill("reason", "deploy <b>")
        self.browser.press("Pause", "dialog")
        system.until(lambda: system.redis("HGET", "wc:{proof}:config", "paused") == ["1"], "Redis says paused")
        self.assertEqual(system.redis("HGET", "wc:{proof}:config", "paused_reason"), ["deploy <b>"])
        self.browser.reads("paused: deploy <b>")
        self.row_button("Queues", "proof", "Resume")
        system.until(lambda: not system.get("/api/v1/queues/proof")["paused"], "the API says that it runs")
        self.browser.wait(lambda: [row[8] for row in self.browser.rows("Queues") if row[0] == "proof"] == ["active"], "the page says it")

    def test_a_dialog_that_is_left_changes_nothing(self):
        self.go("queues", heading="Queues")
        self.browser.wait(lambda: [row for row in self.browser.rows("Queues") if row[0] == "memory"], "the queue memory")
        self.row_button("Queues", "memory", "Pause")
        self.browser.press("Cancel", "dialog")
        self.browser.wait(lambda: not self.browser.all("dialog"), "the dialog is gone")
        self.assertFalse(system.get("/api/v1/queues/memory")["paused"])

    def test_submit_and_follow(self):
        self.go("submit", heading="Submit a job")
        self.browser.fill("kind", "test.noop")
        self.browser.fill("payload", '{}')
        self.browser.picture("submit")
        self.browser.press("Submit")
        self.browser.wait(lambda: "#/jobs/test." in self.browser.driver.current_url, "the new job's page")
        identifier = self.browser.driver.current_url.split("/")[-1]
        self.browser.reads("succeeded")
        self.assertEqual(system.job(identifier)["state"], "succeeded")

    def test_submit_says_what_is_wrong(self):
        self.go("submit", heading="Submit a job")
        self.browser.fill("payload", "{not json")
        self.browser.press("Submit")
        self.browser.reads("The payload is no JSON", "#notices")

    def test_retry_cancel_and_delete_of_one_job(self):
        identifier = system.dead_letter("once")
        self.go("jobs/" + identifier, heading=identifier)
        self.browser.press("Run again")
        system.until(lambda: system.redis("HGET", f"wc:{{test}}:job:{identifier}", "lives") == ["2"], "a second life")
        system.reaches(identifier, "dead")
        self.browser.reads("delivery 2 dead")
        self.browser.press("Delete")
        self.browser.press("Delete", "dialog")
        system.until(lambda: system.redis("EXISTS", f"wc:{{test}}:job:{identifier}") == ["0"], "the hash is gone")
        later = system.enqueue("test.noop", {}, delay="1h")
        self.go("jobs/" + later, heading=later)
        self.browser.press("Cancel")
        self.browser.press("Cancel the job", "dialog")
        system.reaches(later, "cancelled")
        self.browser.reads("cancelled")

    def test_bulk_on_the_jobs_shown(self):
        waiting = {system.enqueue("test.noop", {}, delay="1h") for _ in range(3)}
        self.go("jobs?state=scheduled&kind=test.noop", heading="Jobs")
        self.browser.wait(lambda: {row[0] for row in self.browser.rows("Jobs")} == waiting, "the three")
        self.browser.press("Cancel the 3 shown")
        self.browser.reads("Cancel 3 jobs?", "dialog")
        self.browser.wait(lambda: self.browser.one("dialog button.first").click() or True, "the dialog's button")
        for identifier in waiting:
            system.reaches(identifier, "cancelled")

    def test_purge_takes_exactly_the_filter_shown(self):
        doomed = {system.dead_letter("no disk left") for _ in range(2)}
        spared = {system.dead_letter("no network"), system.dead_letter("disk")}
        self.go("dead?error=no+disk", heading="Dead letters")
        self.browser.wait(lambda: {row[0] for row in self.browser.rows("Jobs")} == doomed, "the two that fit")
        self.browser.press("Delete all that fit")
        self.browser.reads("Delete 2 letters?", "dialog")
        self.assertIn("no disk", self.browser.text("dialog dl"))
        self.browser.picture("purge", whole=False)
        self.browser.press("Delete 2 letters", "dialog")
        self.browser.reads("Deleted 2 letters.", "#notices")
        left = {job["id"] for job in system.get("/api/v1/dead?queue=test")["jobs"]}
        self.assertTrue(spared <= left and not doomed & left)
        for identifier in doomed:
            self.assertEqual(system.redis("EXISTS", f"wc:{{test}}:job:{identifier}"), ["0"])

    def test_more_than_a_call_takes_become_a_job_that_is_followed(self):
        line = json.dumps({"kind": "test.fail", "payload": {"message": "many"}, "max_attempts": 1}) + "\n"
        system.bulk(line * 1001)
        fitting = lambda: system.call("POST", "/api/v1/dead/purge", {"filter": {"error": "many"}, "dry_run": True})[1]["matched"]
        system.until(lambda: fitting() == 1001, "all are dead", 60)
        self.go("dead?error=many", heading="Dead letters")
        self.browser.press("Delete all that fit")
        self.browser.reads("Delete 1,001 letters?", "dialog")
        self.browser.press("Delete 1,001 letters", "dialog")
        self.browser.reads("Job operations.", "main h1")
        self.browser.wait(lambda: self.browser.all(".state.succeeded"), "the job ends")
        self.assertIn('"error": "many"', self.browser.text("pre[aria-label=payload]"))
        self.assertIn("1001", self.browser.text("pre[aria-label=result]"))
        self.assertEqual(fitting(), 0)

    def test_a_group_is_its_error_and_not_what_holds_it(self):
        group = {system.dead_letter("timeout") for _ in range(3)}
        other = system.dead_letter("timeout of the other kind")
        self.go("dead", heading="Dead letters")
        name = self.error_of(next(iter(group)))
        self.browser.wait(lambda: ["3"] == [row[1] for row in self.browser.rows("Dead letters by error") if row[0] == name], "the group counts 3")
        self.browser.picture("dead")
        self.row_button("Dead letters by error", name, "Run again")
        self.browser.reads("Run 3 letters again?", "dialog")
        self.browser.press("Run 3 letters", "dialog")
        self.browser.reads("Put back 3 letters.", "#notices")
        for identifier in group:
            self.assertEqual(system.redis("HGET", f"wc:{{test}}:job:{identifier}", "lives"), ["2"])
        self.assertEqual(system.redis("HGET", f"wc:{{test}}:job:{other}", "lives"), [""])

    def test_schedule_defined_run_paused_and_deleted(self):
        self.go("schedules", heading="Schedules")
        for name, text in (("name", "hourly"), ("cron", "@hourly"), ("tz", "UTC"), ("kind", "test.noop"), ("payload", "{}")):
            self.browser.fill(name, text)
        self.browser.press("Define")
        self.browser.reads("Schedule hourly", "main h1")
        self.assertTrue(system.redis("ZSCORE", "wc:schedules", "hourly")[0])
        self.browser.press("Run now")
        self.browser.reads("Put in as test.", "#notices")
        self.browser.press("Pause")
        system.until(lambda: system.get("/api/v1/schedules/hourly")["paused"], "it is paused")
        self.browser.press("Resume")
        system.until(lambda: not system.get("/api/v1/schedules/hourly")["paused"], "it goes on")
        self.assertEqual(system.get("/api/v1/schedules/hourly")["job"], {"kind": "test.noop", "payload": {}})
        self.browser.press("Delete")
        self.browser.press("Delete", "dialog")
        system.until(lambda: system.call("GET", "/api/v1/schedules/hourly")[0] == 404, "it is gone")
        self.browser.reads("Schedules", "main h1")

    def test_zz_quiet_worker(self):
        self.go("workers", heading="Workers")
        self.browser.press("Quiet")
        self.browser.press("Quiet", "dialog")
        system.until(lambda: system.get("/api/v1/workers")["workers"][0]["state"] == "quiet", "the worker is quiet", 20)
        self.browser.reads("quiet")
        waits = system.enqueue("test.noop", {})
        self.assertEqual(system.job(waits)["state"], "ready")

    def error_of(self, identifier):
        return system.job(identifier)["error"]["message"]

    def row_button(self, table, name, text):
        """Presses the button of the row whose first cell is `name`."""
        self.browser.wait(lambda: self.browser.script(
            """const table = document.querySelector(`table[aria-label="${arguments[0]}"]`);
            const row = [...table.tBodies[0].rows].find((row) => row.cells[0].innerText.trim() === arguments[1]);
            const button = [...row.querySelectorAll("button")].find((button) => button.innerText === arguments[2]);
            button.focus(); button.click(); return true;""", table, name, text), f"{text} in the row {name}")
