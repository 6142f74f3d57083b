// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

/// What a person reads of a sentence: without the isolates around names (foreign_text.h).
inline QString plainText(QString sentence)
{
    return sentence.remove(QChar(0x2068)).remove(QChar(0x2069));
}
