// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/input_text.h"

#include "gateway_core/calls/foreign_text.h"

#include <QString>

namespace gatehouse::words {

std::string cut(const std::string &text, std::size_t most)
{
    const QString line = QString::fromStdString(cleanText(text, true)).trimmed();
    return line.left(static_cast<qsizetype>(most)).toStdString();
}

tl::unexpected<Error> wrongField(std::string_view field, std::string_view reason)
{
    return failure(ErrorCode::ValidationFailed, std::string(field) + ": " + std::string(reason),
                   { { "field", field }, { "reason", reason } });
}

Result<std::string> checkedName(const std::string &text, std::string_view field, std::size_t most)
{
    const QString line = QString::fromStdString(cleanText(text, true)).trimmed();
    if (line.isEmpty())
        return wrongField(field, "empty");
    if (line.size() > static_cast<qsizetype>(most))
        return wrongField(field, "too_long");
    return line.toStdString();
}

bool isSameName(const std::string &left, const std::string &right)
{
    return QString::compare(QString::fromStdString(left), QString::fromStdString(right), Qt::CaseInsensitive)
        == 0;
}

} // namespace gatehouse::words
