"""The evidence report: PDF, JSON, CSV, exhibits, manifest."""

from inspector.engine.report.material import Exhibit, PictureExhibit, ReportMaterial, Robustness
from inspector.engine.report.writer import write_report

__all__ = ["Exhibit", "PictureExhibit", "ReportMaterial", "Robustness", "write_report"]
