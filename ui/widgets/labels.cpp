// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/labels.h"

#include "ui/theme/icons.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QFrame>
#include <QGridLayout>
#include <QGuiApplication>
#include <QStyle>

namespace gatehouse::ui {

namespace {

constexpr int kFactNameWidth = 110; // values of neighbouring grids begin at one line

} // namespace

QLabel *plainLabel(const QString &text, const char *role)
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    if (role)
        label->setProperty("role", QString::fromLatin1(role));
    return label;
}

QLabel *wrappedLabel(const QString &text, const char *role)
{
    QLabel *label = plainLabel(text, role);
    label->setWordWrap(true);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    return label;
}

QPushButton *button(const QString &text, const char *role, const QString &iconName)
{
    auto *made = new QPushButton(text);
    made->setAutoDefault(true); // Enter presses the button that has the focus
    if (role)
        made->setProperty("role", QString::fromLatin1(role));
    if (!iconName.isEmpty()) {
        const QByteArray name(role ? role : "");
        const bool onColor = name == "primary" || name == "danger";
        const Tone tone = name == "danger" ? Tone::Bad
            : name == "quiet" || onColor   ? Tone::Accent
                                           : Tone::Plain;
        made->setIcon(icon(iconName, tone, onColor));
    }
    return made;
}

QFrame *card(QBoxLayout *layout, const char *role)
{
    auto *frame = new QFrame;
    frame->setProperty("role", QString::fromLatin1(role));
    layout->setContentsMargins(18, 14, 18, 16);
    frame->setLayout(layout);
    return frame;
}

namespace {

QLabel *valueLabel(const QString &name, const QString &value)
{
    QLabel *label = wrappedLabel(value);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setFocusPolicy(Qt::ClickFocus);
    label->setAccessibleName(QStringLiteral("%1: %2").arg(name, value));
    return label;
}

} // namespace

void addFact(QBoxLayout &column, const QString &name, const QString &value)
{
    column.addWidget(plainLabel(name, "muted"));
    column.addWidget(valueLabel(name, value));
}

QLabel *addFact(QGridLayout &grid, const QString &name, const QString &value)
{
    const int row = grid.rowCount();
    QLabel *left = plainLabel(name, "muted");
    QLabel *right = valueLabel(name, value);
    grid.addWidget(left, row, 0, Qt::AlignTop);
    grid.addWidget(right, row, 1, Qt::AlignTop);
    grid.setColumnMinimumWidth(0, kFactNameWidth);
    grid.setColumnStretch(1, 1);
    return right;
}

void setRole(QWidget &widget, const char *role)
{
    widget.setProperty("role", QString::fromLatin1(role));
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

QString plainToolTip(const QString &text)
{
    return text.isEmpty() ? QString() : QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped());
}

void copyToClipboard(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

} // namespace gatehouse::ui
