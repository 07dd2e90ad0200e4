"""One module (or package) per format; each defines ``FORMAT``. A new format is one new file here."""
