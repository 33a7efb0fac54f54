"""What an agent does and sees on the agent page, by name."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class AgentPage:
    """The page of one signed-in agent."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pop = page.get_by_test_id("pop")
        self.hang_up = page.get_by_test_id("hangup")

    def part(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    def choose(self, item: str, presence: str) -> None:
        """Chooses from the presence menu (`presence-ready`, `reason-lunch`, …) and waits for the daemon's word."""
        self.part("presence-button").click()
        self.part(item).click()
        expect(self.part("presence-state")).to_have_attribute("data-presence", presence)

    def become_ready(self) -> None:
        """As soon as the phone is reachable, as a person would."""
        expect(self.part("phone-state")).to_have_attribute("data-phone", "reachable")
        self.choose("presence-ready", "ready")

    def shows(self, state: str) -> None:
        """The pop is there, in that state."""
        expect(self.pop).to_have_attribute("data-state", state)

    def does(self, activity: str) -> None:
        expect(self.part("activity-state")).to_have_attribute("data-activity", activity)

    def says(self, part: str, text: str) -> None:
        expect(self.part(part)).to_contain_text(text)
