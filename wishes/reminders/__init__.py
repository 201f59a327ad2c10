"""What of wishes falls due, and who is told. Software informs; 督办 and 通报 are people's acts."""

from notices import reminders
from wishes.reminders import clocks, monthly, orders


def register() -> None:
    """Let the sweep ask for all of them."""
    reminders.register(
        clocks.Unclaimed(),
        clocks.BranchUnnamed(),
        clocks.DueForHandler(),
        clocks.DueForLiaison(),
        clocks.DueForStreet(),
        clocks.DueForSupervisor(),
        clocks.UnclaimedForStreet(),
        clocks.UnclaimedForSupervisor(),
        clocks.LapseWarning(),
        clocks.WaitEnds(),
        orders.AnswerDue(),
        orders.AnswerMissing(),
        orders.QuietOverForStreet(),
        orders.QuietOverForSupervisor(),
        orders.SecondCallDiffers(),
        monthly.TopicDue(),
    )
