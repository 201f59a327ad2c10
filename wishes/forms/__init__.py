"""Shapes of what people write about wishes; the rules are in `policy` and `actions`."""

from wishes.forms.acts import (
    AskExtendForm,
    AskForm,
    AssignForm,
    ClaimForm,
    ConfirmForm,
    EndForm,
    FulfilForm,
    HandlerField,
    JoinForm,
    LikelyForm,
    LookForm,
    MergeForm,
    PauseForm,
    PublishForm,
    ReasonForm,
    ReferForm,
    RefuseForm,
    ToldForm,
)
from wishes.forms.answers import NotDoneForm, RateForm
from wishes.forms.logging import LogForm, Soon

__all__ = [
    "AskExtendForm",
    "AskForm",
    "AssignForm",
    "ClaimForm",
    "ConfirmForm",
    "EndForm",
    "FulfilForm",
    "HandlerField",
    "JoinForm",
    "LikelyForm",
    "LogForm",
    "LookForm",
    "MergeForm",
    "NotDoneForm",
    "PauseForm",
    "PublishForm",
    "RateForm",
    "ReasonForm",
    "ReferForm",
    "RefuseForm",
    "Soon",
    "ToldForm",
]
