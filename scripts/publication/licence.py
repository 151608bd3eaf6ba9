"""Under which terms a release may be used, said once for all of its files."""

from dataclasses import dataclass

from publication.release_data import Facts


@dataclass(frozen=True)
class Licence:
    """A licence as data packages name it; no `path` where nothing may be passed on."""

    name: str
    title: str
    path: str | None


OPEN = Licence(
    "OGL-UK-3.0",
    "Open Government Licence v3.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
)
RESTRICTED = Licence(
    "restricted", "RESTRICTED: for the organisation that runs the warehouse alone", None
)


def licence_of(facts: Facts) -> Licence:
    """The licence of a release: open if it is public."""
    return RESTRICTED if facts.is_restricted else OPEN
