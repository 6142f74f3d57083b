// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QScrollArea>

#include <optional>

class QGridLayout;
class QVBoxLayout;

namespace gatehouse::ui {

/// What is decided on, whole: who asks, about what, what was changed meanwhile, and the text that would be
/// sent, nothing cut and what cannot be seen spelled out. Thread: ui.
class CallFacts final : public QScrollArea
{
    Q_OBJECT

public:
    explicit CallFacts(QWidget *parent = nullptr);

    /// `noPreview`: why there is none; empty while it is being read.
    void showCall(const ApprovalSummary &asked, const std::optional<PreviewSummary> &preview,
                  const QString &noPreview);

private:
    void addChanged(QVBoxLayout &column, const PreviewSummary &preview);
    void addFields(QVBoxLayout &column, const PreviewSummary &preview);
    void addArguments(QVBoxLayout &column, const ApprovalSummary &asked);
    void addDiff(QGridLayout &grid, const QString &name, const PreviewSummary::Field &field);
    void addText(QGridLayout &grid, const QString &name, const QString &text, const char *role = nullptr);
};

} // namespace gatehouse::ui
