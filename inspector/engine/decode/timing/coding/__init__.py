"""Reading how the coding of a stream numbers its pictures."""
