"""The audiences that a letter may have."""

import enum


class Audience(enum.Enum):
    """Who gets a letter."""

    INVITED = "everybody invited who has not answered"
    NOT_HEARD_FROM = "everybody invited who has not answered, and was not written to today"
    COMING = "everybody with a place, in the room or outside"
    WAITING = "everybody who waits for a place in the room"
    ABSENT = "those with a place in the room who did not come"
    TOOK_PART = "everybody who came or took part from outside"
    EVERYBODY = "everybody who registered or took part"
    HEARD = "whoever wrote something that has a theme now"
    DECIDED = "whoever had a part in a recommendation that is decided"
    CONTRIBUTORS = "everybody who wrote something, if not anonymously"
    TOLD_OTHERWISE = "everybody with a place who was told another date or place"
    GIVEN_PLACE = "whoever has just got a place"
    NO_PLACE = "whoever applied, waits, is offered a place or has none"
    PLEDGED = "whoever asked for it, on the day that they chose"
