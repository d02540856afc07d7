"""`transformers serve` as where there is no torchvision: with it, it decodes images by what cannot be loaded here."""

import sys

sys.modules["torchvision"] = None  # type: ignore[assignment]

from transformers.cli.transformers import main  # noqa: E402

if __name__ == "__main__":
    main()
