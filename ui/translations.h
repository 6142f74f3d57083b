// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QCoreApplication;

namespace gatehouse::ui {

/// Loads the sentences of the language ("en", "ru", ...; empty: the system's) into the application, and makes
/// dates and numbers follow it. English is the language of the source and the fallback. Once, before the
/// first window. Returns the language that is shown. Thread: ui.
QString installTranslations(QCoreApplication &app, const QString &languageCode);

} // namespace gatehouse::ui
