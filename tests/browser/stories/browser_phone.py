"""A microphone made of an oscillator, and ears that find the loudest tone: the phone in the page, proven by sound."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.stories.agent_page import AgentPage

VOICE_HZ = 700
LISTEN_MS = 30_000

MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, {frequency: VOICE_HZ});
  const volume = new GainNode(context, {gain: 0.3});
  const out = context.createMediaStreamDestination();
  tone.connect(volume).connect(out);
  tone.start();
  return out.stream;
};
""".replace("VOICE_HZ", str(VOICE_HZ))

EARS = """
(hz) => {
  const stream = document.querySelector('#phone-audio')?.srcObject;
  if (!stream) return false;
  if (window.earsOn !== stream) {
    window.ears?.context.close();
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, {fftSize: 8192, smoothingTimeConstant: 0});
    context.createMediaStreamSource(stream).connect(analyser);
    window.ears = {context, analyser};
    window.earsOn = stream;
  }
  const {context, analyser} = window.ears;
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  let loudest = 0;
  bins.forEach((level, index) => { if (level > bins[loudest]) loudest = index; });
  const heard = loudest * context.sampleRate / analyser.fftSize;
  return bins[loudest] > -60 && Math.abs(heard - hz) < 15;
}
"""

SILENCE = """
() => {
  const bins = new Float32Array(window.ears.analyser.frequencyBinCount);
  window.ears.analyser.getFloatFrequencyData(bins);
  return Math.max(...bins) < -70;
}
"""


def give_microphone(page: Page) -> None:
    """From the next load on the page has a microphone that sends VOICE_HZ, and the right to use it."""
    page.context.grant_permissions(["microphone"])
    page.context.add_init_script(MICROPHONE)
    page.reload()
    expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live")


def choose_browser(agent: AgentPage) -> None:
    agent.part("phone-choice").click()
    agent.part("phone-browser").click()
    expect(agent.part("phone-choice")).to_have_attribute("data-state", "ready")


def hears(page: Page, hz: float) -> None:
    """The loudest tone in the page's loudspeaker is `hz`, sooner or later."""
    page.wait_for_function(EARS, arg=hz, timeout=LISTEN_MS)


def hears_nothing(page: Page) -> None:
    """After `hears`."""
    page.wait_for_function(SILENCE, timeout=LISTEN_MS)
