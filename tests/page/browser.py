"""Debian's Chromium by its chromedriver: W3C WebDriver over http.client, and what of the DevTools a test of pages needs.

Whoever uses it waits for conditions and never for a time; what does not come within WAIT_S fails with its name.
"""

import base64
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

WAIT_S = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver 11: what stands for an element
KEYS = {"tab": "\ue004", "enter": "\ue007", "space": " ", "escape": "\ue00c"}


class Failed(Exception):
    pass


def wait_for(name, condition):
    """Until condition() is true, which is returned."""
    end = time.monotonic() + WAIT_S
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"never: {name}")
        time.sleep(0.05)


class Driver:
    """One chromedriver on a free port; ends with everything it started."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="qualcert-page."))
        self.log = self.home / "driver.log"
        environment = {**os.environ, "HOME": str(self.home), "TMPDIR": str(self.home)}
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                ["chromedriver", "--port=0"], stdout=log, stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        try:
            self.port = int(wait_for("chromedriver's port", self._port).group(1))
        except Failed:
            self.close()
            raise

    def _port(self):
        return re.search(r"started successfully on port (\d+)", self.log.read_text(encoding="utf-8"))

    def send(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2 * WAIT_S)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
            value = json.load(connection.getresponse())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise Failed(f"{path}: {value['error']}: {value['message'].splitlines()[0]}")
        return value

    def close(self):
        # its own group: chromedriver and the browsers it started
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


class Browser:
    """One browser. Sizes are those of the page in CSS pixels."""

    def __init__(self, driver, language, video=None):
        arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
                     "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--lang={language}"]
        if video:
            arguments.append(f"--use-file-for-fake-video-capture={video}")
        self.downloads = driver.home / "downloads"
        options = {"binary": shutil.which("chromium"), "args": arguments,
                   "prefs": {"intl.accept_languages": language, "download.default_directory": str(self.downloads)}}
        self.driver = driver
        self.session = driver.send("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]

    def send(self, method, path, body=None):
        return self.driver.send(method, f"/session/{self.session}{path}", body)

    def tools(self, command, **parameters):
        return self.send("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def close(self):
        self.send("DELETE", "")

    # ---- where it is, and how large ----

    def size(self, width, height, phone):
        self.tools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1,
                   mobile=phone)
        self.tools("Emulation.setTouchEmulationEnabled", enabled=phone)
        self.tools("Emulation.setEmitTouchEventsForMouse", enabled=False)

    def open(self, url):
        self.send("POST", "/url", {"url": url})

    def script(self, enabled):
        self.tools("Emulation.setScriptExecutionDisabled", value=not enabled)

    # ---- what is on the page ----

    def run(self, text, *arguments):
        return self.send("POST", "/execute/sync", {"script": text, "args": list(arguments)})

    def find(self, selector):
        return self.send("POST", "/element", {"using": "css selector", "value": selector})

    def has(self, selector):
        return bool(self.send("POST", "/elements", {"using": "css selector", "value": selector}))

    def text(self, selector):
        """What a person sees of the first such element."""
        return self.send("GET", f"/element/{self.find(selector)[ELEMENT]}/text")

    def click(self, selector):
        self.send("POST", f"/element/{self.find(selector)[ELEMENT]}/click", {})

    def type(self, selector, text):
        element = self.find(selector)[ELEMENT]
        self.send("POST", f"/element/{element}/clear", {})
        self.send("POST", f"/element/{element}/value", {"text": text})

    def choose(self, selector, files):
        """A person chooses files: those chosen before are forgotten."""
        element = self.find(selector)
        self.run("arguments[0].value = ''", element)  # the driver adds to what is there
        self.send("POST", f"/element/{element[ELEMENT]}/value", {"text": "\n".join(map(str, files))})

    def press(self, *keys):
        """On whatever has the focus."""
        actions = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.send("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def wait(self, selector):
        wait_for(selector, lambda: self.has(selector))

    # ---- what it leaves ----

    def picture(self, path):
        """The whole page."""
        path.write_bytes(base64.b64decode(self.tools(
            "Page.captureScreenshot", captureBeyondViewport=True, clip=self._whole())["data"]))

    def _whole(self):
        content = self.tools("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": content["width"], "height": content["height"], "scale": 1}

    def print(self, path):
        """As its own rules for paper have it."""
        path.write_bytes(base64.b64decode(self.tools("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]))

    def complaints(self, expected=()):
        """What the console says, but for the network's errors that are expected: "503", "ERR_CONNECTION_REFUSED"."""
        entries = [e["message"] for e in self.send("POST", "/se/log", {"type": "browser"})]
        return [e for e in entries if not any(word in e for word in expected)]
