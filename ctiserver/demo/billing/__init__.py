"""An outside system for the demo: a water company's billing. A process of its own, asked over HTTP as a real one is."""
