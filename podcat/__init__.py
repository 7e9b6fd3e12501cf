"""podcat: a catalogue of the audio that sits in players inside web pages."""

__version__ = "0.6.0"
