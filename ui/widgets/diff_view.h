// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QPlainTextEdit>

namespace gatehouse::ui {

/// What would become of a long text, line by line: a sign before each line and a ground under it, so that
/// colour is never the only carrier. Lines are foreign text and stay plain. Thread: ui.
class DiffView final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit DiffView(const QList<PreviewSummary::Line> &lines, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintGrounds();

    QList<PreviewSummary::Line> m_lines; ///< as they are shown
};

/// The lines that changed with two of their neighbours; what lies between is one line that says how much.
[[nodiscard]] QList<PreviewSummary::Line> shortenedDiff(const QList<PreviewSummary::Line> &lines);

} // namespace gatehouse::ui
