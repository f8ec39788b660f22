"""The notification service of a web shop that sends its messages with Kobikom; standard library only."""
