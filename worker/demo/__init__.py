"""What anyone can try without a mailbox: mail servers on loopback, sample books and sample mails."""
