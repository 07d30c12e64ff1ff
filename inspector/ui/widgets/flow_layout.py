"""A layout that wraps its items into rows, so that no bar makes the window wider than a small screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget


class FlowLayout(QLayout):
    """Places items in rows in the direction of the language, each at its preferred size.

    One that is wider than the layout is wrapped in turn, if its height depends on its width.

    After Qt's flow layout example.
    """

    def __init__(self, parent: QWidget, across: int, down: int) -> None:
        super().__init__(parent)
        self._across, self._down = across, down
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Add an item; addWidget calls it."""
        self._items.append(item)

    def count(self) -> int:
        """The number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at an index, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return the item at an index, or None."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It does not expand."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows for a width in pixels."""
        return self._arrange(QRect(0, 0, width, 0), is_trial=True)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, is_trial=False)

    def sizeHint(self) -> QSize:
        """The size of all items in one row."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        wide = sum(size.width() + self._across for size in shown)
        return self._with_margins(QSize(wide, max((size.height() for size in shown), default=0)))

    def minimumSize(self) -> QSize:
        """The size of the largest item."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return self._with_margins(size)

    def _with_margins(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, is_trial: bool) -> int:
        """Wrap the items into rows, centred vertically in each, and return the height of all rows."""
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        top, rows = inner.top(), self._rows(inner.width())
        for row in rows:
            height = max(_size(item, inner.width()).height() for item in row)
            left = inner.left()
            for item in row if not is_trial else ():
                size = _size(item, inner.width())
                place = QRect(QPoint(left, top + (height - size.height()) // 2), size)
                item.setGeometry(QStyle.visualRect(self._direction(), rect, place))
                left += size.width() + self._across
            top += height + self._down
        return top - (self._down if rows else 0) - rect.top() + margins.bottom()

    def _direction(self) -> Qt.LayoutDirection:
        parent = self.parentWidget()
        return Qt.LayoutDirection.LeftToRight if parent is None else parent.layoutDirection()

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        left = 0
        for item in self._items:
            if item.isEmpty():
                continue
            wide = item.sizeHint().width()
            if not rows or left + wide > width:
                rows.append([])
                left = 0
            rows[-1].append(item)
            left += wide + self._across
        return rows


def _size(item: QLayoutItem, most: int) -> QSize:
    size = item.sizeHint()
    is_wrapped = size.width() > most and item.hasHeightForWidth()
    return QSize(most, item.heightForWidth(most)) if is_wrapped else size
