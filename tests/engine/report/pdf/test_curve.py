"""The curve on page one is as high as the page has room for."""

from inspector.engine.report.pdf import style


def test_a_fitted_drawing_takes_what_is_left_between_its_limits() -> None:
    painted: list[float] = []

    def made(height: float) -> style.Drawn:
        return style.Drawn(100, height, lambda _canvas: painted.append(height))

    fitted = style.Fitted(40, 112, made)
    fitted.canv = None
    for room, taken in ((500, 112), (60, 60), (40, 40), (39, 0)):
        assert fitted.wrap(100, room)[1] == taken
        fitted.draw()
    assert painted == [112, 60, 40], "none where it could not be read"
