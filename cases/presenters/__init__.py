"""What the case pages show: frozen values with words ready, no queries, no HTML."""

from cases.presenters.patient import CaseRow, PatientBar, case_row, patient_bar_of

__all__ = ["CaseRow", "PatientBar", "case_row", "patient_bar_of"]
