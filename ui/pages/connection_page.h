// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/window_models.h"

#include <QScrollArea>

class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class PinDialog;

/// The way to Tasker, the PIN, and tokens for the owner's own tools. Thread: ui.
class ConnectionPage final : public QScrollArea
{
    Q_OBJECT

public:
    ConnectionPage(WindowModels &models, QWidget *parent = nullptr);

    void setPin();
    void focusForm();

private:
    using Field = ConnectionModel::Field;
    [[nodiscard]] QWidget *makeTasker();
    [[nodiscard]] QWidget *makePin();
    [[nodiscard]] QWidget *makeTokens();
    [[nodiscard]] QWidget *makeJournal();
    [[nodiscard]] QWidget *makeLog();
    [[nodiscard]] QLineEdit *addField(QFormLayout &form, Field field, const QString &label,
                                      const QString &hint, QWidget *beside = nullptr);
    [[nodiscard]] TaskerSettings entered() const;
    void showStored();
    void refresh();
    [[nodiscard]] bool checked();
    void say(const QString &sentence, const char *role);
    void forgotPin();
    void makeToken();

    WindowModels &m_models;
    QMap<Field, QLineEdit *> m_fields;
    QMap<Field, QLabel *> m_problems;
    QPushButton *m_test, *m_save, *m_setPin, *m_forgot;
    QLabel *m_result, *m_pinLine, *m_kept, *m_exports, *m_logFolder, *m_progress;
    QWidget *m_log;
    bool m_touched = false;
};

} // namespace gatehouse::ui
