// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"
#include "ui/widgets/whole_text.h"

namespace gatehouse::ui {

/// What would become of a long text, line by line: a sign before each line and a ground under it, so that
/// colour is never the only carrier. What stays as it is can be left out, and shown again. Lines are foreign
/// text and stay plain. Thread: ui.
class DiffView final : public WholeText
{
    Q_OBJECT

public:
    DiffView(const QString &name, const QList<PreviewSummary::Line> &lines, QWidget *parent = nullptr);

    /// Some lines that stay as they are are left out.
    [[nodiscard]] bool isShortened() const;
    void setWhole(bool whole);

protected:
    void changeEvent(QEvent *event) override;

private:
    void paintGrounds();

    QList<PreviewSummary::Line> m_all;
    QList<PreviewSummary::Line> m_shown; ///< as they are shown
};

/// The lines that changed with two of their neighbours; what lies between is one line that says how much.
[[nodiscard]] QList<PreviewSummary::Line> shortenedDiff(const QList<PreviewSummary::Line> &lines);

} // namespace gatehouse::ui
