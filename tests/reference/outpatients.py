"""The outpatient indicators of trusts: follow-ups, missed appointments (Rulebook 5.15 and 5.16)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from reference.appointments import Appointment
from reference.measures import Measure, index, mean, ratio
from reference.organisations import Register
from reference.seeds import outpatient_costs, slot_loss


def cost_of_appointment(
    appointment: Appointment, costs: dict[tuple[str, str], float]
) -> float | None:
    """£ by treatment function, else of all; null if neither first nor follow-up.

    Rulebook 5.6, 5.16.
    """
    average = costs.get(("ALL", appointment.kind))
    return costs.get((appointment.specialty, appointment.kind), average)


def by_organisation(
    appointments: list[Appointment],
    register: Register,
    quarter: int,
    code: Callable[[Appointment], str | None],
) -> dict[str, list[Appointment]]:
    """A quarter's appointments by the organisation of a code as mapped for it.

    Rulebook 2.1, 2.4.
    """
    own = defaultdict(list)
    for appointment in appointments:
        if appointment.quarter == quarter and code(appointment) is not None:
            own[register.mapped(code(appointment), quarter)].append(appointment)
    return own


def follow_up_ratio(
    own: dict[str, list[Appointment]], quarter: int, members: Iterable[str], reference: set[str]
) -> dict[str, Measure]:
    """BCBV15 of each member: follow-ups to firsts, standardised by treatment specialty."""
    costs = outpatient_costs(quarter)
    seen = {
        code: [
            appointment
            for appointment in appointments
            if appointment.is_attended
            and appointment.kind is not None
            and not appointment.is_private
            and not appointment.is_of_specialty(370, 800, 361, 501, 560)
        ]
        for code, appointments in own.items()
    }
    kinds = Counter((a.specialty, a.kind) for code in reference for a in seen.get(code, []))
    ratios = {
        specialty: kinds[specialty, "follow_up"] / n
        for (specialty, kind), n in kinds.items()
        if kind == "first"
    }

    def follow_ups(code: str) -> list[Appointment]:
        counted = (a for a in seen.get(code, []) if a.specialty in ratios)
        return [a for a in counted if a.kind == "follow_up"]

    reference_price = mean(
        cost_of_appointment(a, costs) for code in reference for a in follow_ups(code)
    )
    measures = {}
    for member in members:
        firsts = [a for a in seen.get(member, []) if a.kind == "first" and a.specialty in ratios]
        expected = sum((ratios[a.specialty] for a in firsts), 0.0)
        price = mean(cost_of_appointment(a, costs) for a in follow_ups(member))
        price = reference_price if price is None else price
        measures[member] = index(len(follow_ups(member)), expected, len(firsts), price)
    return measures


def missed_appointments(
    own: dict[str, list[Appointment]], quarter: int, members: Iterable[str], reference: set[str]
) -> dict[str, Measure]:
    """BCBV16 of each member: appointments missed of those missed or attended."""
    costs, loss = outpatient_costs(quarter), slot_loss(quarter)
    kept = {
        code: [
            appointment
            for appointment in appointments
            if appointment.attended in ("3", "5", "6", "7")
            and not appointment.is_private
            and not appointment.is_of_specialty()
        ]
        for code, appointments in own.items()
    }
    missed = {code: [a for a in due if not a.is_attended] for code, due in kept.items()}
    reference_cost = mean(
        cost_of_appointment(a, costs) for code in reference for a in missed.get(code, [])
    )
    measures = {}
    for member in members:
        n_missed, n_due = len(missed.get(member, [])), len(kept.get(member, []))
        cost = mean(cost_of_appointment(a, costs) for a in missed.get(member, []))
        cost = reference_cost if cost is None else cost
        rate = ratio(n_missed, n_due)
        measures[member] = Measure(
            n_missed,
            n_due,
            crude=rate,
            value=rate,
            volume=n_due,
            price=None if cost is None else cost * loss,
        )
    return measures
