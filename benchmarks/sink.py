"""The mail server that takes every letter, as a process of its own; it tells how many it took, and to how many of them a PDF belongs."""

from __future__ import annotations

from benchmarks.partners import Answer, answer_all
from worker.demo.smtp import SmtpServer


def main() -> None:
    with SmtpServer() as server:

        def answer() -> Answer:
            """What came since the last question; it is forgotten then."""
            letters, server.accepted[:] = list(server.accepted), []
            return {"port": server.port, "letters": len(letters), "with_pdf": sum(b"application/pdf" in each.content for each in letters)}

        answer_all(answer)


if __name__ == "__main__":
    main()
