"""A Chromium of our own, with what the checks of every page need: waits, presses, its console, pictures."""

import base64
import os
import shutil
import tempfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

# Set before the page's own script runs, in every document: what the policy refused, and what no payload may ever set.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));
"""


class Chromium:
    """One browser with a fresh profile; `close` ends it."""

    def __init__(self, width=1200, height=900):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        # A container has neither user namespaces for root's sandbox nor a large /dev/shm.
        for flag in (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--window-size={width},{height}",
            "--force-device-scale-factor=1", "--disable-background-networking", "--disable-component-update", "--lang=en-GB",
        ):
            options.add_argument(flag)
        self.profile = tempfile.TemporaryDirectory(prefix="wc-chromium")
        options.add_argument(f"--user-data-dir={self.profile.name}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        # Pictures are as wide as the page.
        self.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})

    def close(self):
        self.driver.quit()
        self.profile.cleanup()

    # Looking.

    def open(self, url):
        self.driver.get(url)

    def script(self, source, *arguments):
        return self.driver.execute_script(source, *arguments)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector="main"):
        """What a person reads there; empty while the page is being shown anew."""
        try:
            return self.one(selector).text
        except (StaleElementReferenceException, WebDriverException):
            return ""

    def wait(self, condition, what, seconds=20):
        """Waits until `condition` holds and returns what it gave; elements that go away meanwhile count as "not yet"."""
        waiting = WebDriverWait(
            self.driver, seconds, poll_frequency=0.05,
            # StopIteration: a button that is not there yet.
            ignored_exceptions=(WebDriverException, IndexError, KeyError, StopIteration))
        return waiting.until(lambda _: condition(), f"{what}; the page says:\n{self.text('body')[:3000]}")

    def reads(self, text, selector="main", seconds=20):
        self.wait(lambda: text in self.text(selector), f"{selector} reads {text!r}", seconds)

    def rows(self, table):
        """The cells' texts of each row of the table with this name."""
        return self.script(
            """const table = document.querySelector(`table[aria-label="${arguments[0]}"]`);
            return [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()));""", table)

    # Doing.

    def button(self, text, within="main"):
        """The first button there whose whole text this is."""
        return next(button for button in self.all(f"{within} button") if button.text.strip() == text)

    def press(self, text, within="main"):
        """Presses a button as soon as it is there; the page may be shown anew between the look and the click."""
        def pressed():
            try:
                self.button(text, within).click()
                return True
            except StopIteration:
                return False
        self.wait(pressed, f"a button {text!r} in {within} can be pressed")

    def fill(self, name, text):
        """Writes into the field of this name."""
        def filled():
            field = self.one(f"[name='{name}']")
            field.clear()
            field.send_keys(text)
            return True
        self.wait(filled, f"a field {name!r}")

    # What it has complained of.

    def complaints(self):
        """Console messages above "info" and refusals of the content security policy since the last call."""
        messages = [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser") if entry["level"] != "INFO"]
        return messages + ["policy: " + violation for violation in self.script("return window.violations ?? []")]

    def picture(self, name, whole=True):
        """Keeps a picture of the page in the folder WC_SCREENSHOTS, if there is one."""
        folder = os.environ.get("WC_SCREENSHOTS")
        if not folder:
            return
        os.makedirs(folder, exist_ok=True)
        options = {"format": "png"}
        if whole:
            size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            options["captureBeyondViewport"] = True
            options["clip"] = {"x": 0, "y": 0, "width": max(1, size["width"]), "height": min(max(1, size["height"]), 4000), "scale": 1}
        data = self.driver.execute_cdp_cmd("Page.captureScreenshot", options)["data"]
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(data))
