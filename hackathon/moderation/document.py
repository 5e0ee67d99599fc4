"""How pages name what is hidden and shown again."""


def words_for(number: int, comment_id: int | None) -> str:
    return f"Number {number}" if comment_id is None else f"The comment on number {number}"


def waits_again(number: int, comment_id: int | None) -> str:
    return f"{words_for(number, comment_id)} waits again to be read."
