"""The labels that the stages share: intents, body parts, symptoms, urgency.

Only their names are fixed here. What words mean them, how urgent a symptom is and
what is said about it is data in prompts/.
"""

from __future__ import annotations

from enum import Enum


class Intent(str, Enum):
    """What the speaker wants with one utterance."""

    CRAMP_NOW = "cramp_now"
    START_STRETCH = "start_stretch"
    START_TRIAGE = "start_triage"
    REPORT_SYMPTOM = "report_symptom"
    EMERGENCY = "emergency"
    ASK_WHAT = "ask_what"
    ASK_CAUSES = "ask_causes"
    ASK_WHERE = "ask_where"
    ASK_WHO = "ask_who"
    ASK_FEEL = "ask_feel"
    ASK_DURATION = "ask_duration"
    ASK_DANGER = "ask_danger"
    ASK_NEURO_SIGNS = "ask_neuro_signs"
    ASK_RELIEF = "ask_relief"
    ASK_HEAT_ICE = "ask_heat_ice"
    ASK_MASSAGE = "ask_massage"
    ASK_HYDRATION = "ask_hydration"
    ASK_MEDICINE = "ask_medicine"
    ASK_DIET = "ask_diet"
    ASK_PREVENTION = "ask_prevention"
    ASK_NIGHT = "ask_night"
    ASK_EXERCISE = "ask_exercise"
    ASK_WHEN_DOCTOR = "ask_when_doctor"
    ASK_PREGNANCY = "ask_pregnancy"
    ASK_OLDER = "ask_older"
    ASK_AFTER = "ask_after"
    ASK_TWITCH = "ask_twitch"
    ASK_RESTLESS_LEGS = "ask_restless_legs"
    NEXT = "next"
    BACK = "back"
    REPEAT = "repeat"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    RESTART = "restart"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    TIME_LEFT = "time_left"
    HELP = "help"
    GOODBYE = "goodbye"
    THANKS = "thanks"
    GREET = "greet"
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    BODY_PART = "body_part"
    NONE = "none"

    @property
    def is_question(self) -> bool:
        """True for the intents that are answered with a spoken answer."""
        return self.value.startswith("ask_")


class BodyPart(str, Enum):
    """Where it cramps; the finest part that was named."""

    CALF = "calf"
    SHIN = "shin"
    FOOT = "foot"
    TOES = "toes"
    THIGH = "thigh"
    HAMSTRING = "hamstring"
    QUADRICEPS = "quadriceps"
    GROIN = "groin"
    HIP = "hip"
    BUTTOCK = "buttock"
    LOWER_BACK = "lower_back"
    UPPER_BACK = "upper_back"
    ABDOMEN = "abdomen"
    RIBS = "ribs"
    CHEST = "chest"
    NECK = "neck"
    SHOULDER = "shoulder"
    UPPER_ARM = "upper_arm"
    FOREARM = "forearm"
    HAND = "hand"
    FINGERS = "fingers"
    JAW = "jaw"
    FACE = "face"
    EYELID = "eyelid"
    LEG = "leg"
    ARM = "arm"


class Side(str, Enum):
    """Which side of the body."""

    LEFT = "left"
    RIGHT = "right"


class Symptom(str, Enum):
    """Warning signs and circumstances; their level is data (prompts/en/symptoms.yaml)."""

    CHEST_PAIN = "chest_pain"
    BREATHING_TROUBLE = "breathing_trouble"
    FACE_DROOP = "face_droop"
    SLURRED_SPEECH = "slurred_speech"
    SUDDEN_ONE_SIDED_WEAKNESS = "sudden_one_sided_weakness"
    PARALYSIS = "paralysis"
    FAINTING = "fainting"
    CONFUSION = "confusion"
    SEIZURE = "seizure"
    JAW_LOCKED = "jaw_locked"
    HEAT_STROKE = "heat_stroke"
    COUGHING_BLOOD = "coughing_blood"
    BLADDER_BOWEL_LOSS = "bladder_bowel_loss"
    SADDLE_NUMBNESS = "saddle_numbness"
    SEVERE_PAIN = "severe_pain"
    PERSISTENT_PAIN = "persistent_pain"
    SWELLING = "swelling"
    REDNESS = "redness"
    SKIN_CHANGE = "skin_change"
    WARMTH = "warmth"
    WEAKNESS = "weakness"
    NUMBNESS_NEW = "numbness_new"
    DOUBLE_VISION = "double_vision"
    SEVERE_HEADACHE = "severe_headache"
    DARK_URINE = "dark_urine"
    INJURY = "injury"
    FEVER = "fever"
    PREGNANCY_WARNING = "pregnancy_warning"
    FREQUENT_SPASMS = "frequent_spasms"
    UNKNOWN_CAUSE = "unknown_cause"
    SELF_CARE_FAILED = "self_care_failed"
    NUMBNESS = "numbness"
    TINGLING = "tingling"
    TREMOR = "tremor"
    POOR_COORDINATION = "poor_coordination"
    SLOW_MOVEMENTS = "slow_movements"
    SLEEP_PROBLEMS = "sleep_problems"
    BACK_NECK_HEAD_PAIN = "back_neck_head_pain"
    NEW_MEDICINE = "new_medicine"
    WASTING = "wasting"
    PREGNANCY = "pregnancy"
    OLDER_ADULT = "older_adult"
    DIALYSIS = "dialysis"
    DIURETIC = "diuretic"
    STATIN = "statin"
    DEHYDRATION = "dehydration"
    VOMITING_DIARRHOEA = "vomiting_diarrhoea"
    EXERCISE = "exercise"
    HEAT = "heat"
    STRESS = "stress"
    NIGHT = "night"


class Urgency(str, Enum):
    """How soon the person should get help, from lowest to highest."""

    SELF_CARE = "self_care"
    APPOINTMENT = "appointment"
    DOCTOR_NOW = "doctor_now"
    EMERGENCY = "emergency"

    @property
    def rank(self) -> int:
        """0 for self-care to 3 for an emergency; levels are compared by it."""
        return list(Urgency).index(self)


def highest(*levels: Urgency | None) -> Urgency | None:
    """The most urgent of the levels, or None when there is none."""
    known = [level for level in levels if level is not None]
    return max(known, key=lambda level: level.rank, default=None)
