// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/connection_page.h"

#include "ui/dialogs/dialog.h"
#include "ui/dialogs/pin_dialog.h"
#include "ui/models/foreign_text.h"
#include "ui/widgets/labels.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QUrl>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr int kWidthMost = 760;
constexpr int kProjectsNamed = 12;

} // namespace

ConnectionPage::ConnectionPage(WindowModels &models, QWidget *parent)
    : QScrollArea(parent)
    , m_models(models)
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    auto *inside = new QWidget;
    auto *row = new QHBoxLayout(inside);
    row->setContentsMargins(24, 20, 24, 20);
    auto *narrow = new QWidget;
    narrow->setMaximumWidth(kWidthMost);
    auto *column = new QVBoxLayout(narrow);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(14);
    column->addWidget(makeTasker());
    column->addWidget(makePin());
    column->addWidget(makeTokens());
    column->addWidget(makeJournal());
    column->addWidget(makeLog());
    column->addStretch();
    row->addWidget(narrow, 1);
    row->addStretch();
    setWidget(inside);

    connect(&models.connection, &ConnectionModel::storedChanged, this, &ConnectionPage::showStored);
    connect(&models.connection, &ConnectionModel::busyChanged, this, &ConnectionPage::refresh);
    connect(&models.connection, &ConnectionModel::failed, this,
            [this](const QString &sentence) { say(sentence, "bad"); });
    connect(&models.connection, &ConnectionModel::tested, this,
            [this](const QList<ProjectSummary> &projects, const QString &found) {
                QStringList names;
                for (const ProjectSummary &project :
                     projects.first(qMin<qsizetype>(projects.size(), kProjectsNamed)))
                    names += foreignText(project.name);
                if (projects.size() > names.size())
                    names += QStringLiteral("…");
                QString line = projects.isEmpty()
                    ? tr("Tasker answers, but shows you no project. Check the user id and e-mail.")
                    : tr("Tasker answers. %n project(s) of yours: ", nullptr,
                         static_cast<int>(projects.size()))
                        + names.join(QStringLiteral(", "));
                if (!found.isEmpty()) {
                    m_fields[Field::Url]->setText(found);
                    m_touched = true;
                    line = tr("The adapter was found at %1.").arg(found) + u' ' + line;
                }
                say(line, projects.isEmpty() ? "bad" : "good");
            });
    connect(&models.connection, &ConnectionModel::saved, this, [this](const QString &sentence, bool heard) {
        m_fields[Field::Credential]->clear();
        m_touched = false;
        showStored();
        say(sentence, heard ? "good" : "bad");
    });
    connect(&models.protection, &ProtectionModel::changed, this, &ConnectionPage::refresh);
    connect(&models.journal, &JournalModel::changed, this, &ConnectionPage::refresh);
    connect(&models.protection, &ProtectionModel::ownerTokenMade, this, [this](const QString &token) {
        (new TokenDialog(
             tr("Your owner token"),
             tr("It is shown only now. Whoever has it can read everything here, deny, revoke and pause in "
                "your name for "
                "12 hours; to allow or widen it needs your PIN as well. Never give it to an agent."),
             token, window()))
            ->open();
    });
    showStored();
    refresh();
}

QLineEdit *ConnectionPage::addField(QFormLayout &form, Field field, const QString &label, const QString &hint,
                                    QWidget *beside)
{
    auto *edit = new QLineEdit;
    edit->setPlaceholderText(hint);
    edit->setAccessibleName(label);
    QLabel *problem = wrappedLabel({}, "bad");
    problem->hide();
    auto *cell = new QVBoxLayout;
    cell->setSpacing(3);
    auto *line = new QHBoxLayout;
    line->addWidget(edit, 1);
    if (beside)
        line->addWidget(beside);
    cell->addLayout(line);
    cell->addWidget(problem);
    QLabel *name = plainLabel(label);
    name->setBuddy(edit);
    name->setMinimumHeight(edit->sizeHint().height()); // on one line with the field, whatever stands below it
    form.addRow(name, cell);
    connect(edit, &QLineEdit::textEdited, this, [this, field] {
        m_touched = true;
        m_problems[field]->hide();
    });
    m_fields[field] = edit;
    m_problems[field] = problem;
    return edit;
}

QWidget *ConnectionPage::makeTasker()
{
    auto *column = new QVBoxLayout;
    column->setSpacing(10);
    column->addWidget(plainLabel(tr("Tasker"), "heading"));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->setLabelAlignment(Qt::AlignLeft);
    auto *url = addField(*form, Field::Url, tr("&Address"), QStringLiteral("https://tasker.example.org"));
    url->setInputMethodHints(Qt::ImhUrlCharactersOnly);
    auto *user = addField(*form, Field::UserId, tr("&User id"), tr("Your id on the platform"));
    user->setInputMethodHints(Qt::ImhNoPredictiveText);
    auto *mail = addField(*form, Field::Email, tr("&E-mail"), QStringLiteral("you@example.org"));
    mail->setInputMethodHints(Qt::ImhEmailCharactersOnly);
    auto *credential = addField(*form, Field::Credential, tr("C&redential"), {});
    credential->setEchoMode(QLineEdit::Password);
    auto *browse = button(tr("Choose…"));
    auto *file = addField(*form, Field::CaFile, tr("CA &file"),
                          tr("Only for an own certificate authority (PEM)"), browse);
    browse->setAccessibleName(tr("Choose the CA file"));
    column->addLayout(form);
    m_result = wrappedLabel({});
    m_result->hide();
    column->addWidget(m_result);
    m_test = button(tr("&Test connection"));
    m_save = button(tr("&Save"), "primary");
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(m_test);
    row->addWidget(m_save);
    column->addLayout(row);
    connect(browse, &QPushButton::clicked, this, [this, file] {
        auto *dialog = new QFileDialog(window(), tr("CA file"), file->text(),
                                       tr("Certificates (*.pem *.crt *.cer);;All files (*)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, file, [this, file](const QString &path) {
            m_touched = true;
            file->setText(path);
        });
        dialog->open();
    });
    connect(m_test, &QPushButton::clicked, this, [this] {
        if (checked())
            m_models.connection.test(entered());
    });
    connect(m_save, &QPushButton::clicked, this, [this] {
        if (checked())
            m_models.connection.save(entered());
    });
    return card(column);
}

QWidget *ConnectionPage::makePin()
{
    auto *column = new QVBoxLayout;
    column->addWidget(plainLabel(tr("PIN"), "heading"));
    m_pinLine = wrappedLabel({}, "muted");
    column->addWidget(m_pinLine);
    m_setPin = button({});
    m_forgot = button(tr("Forgotten…"), "quiet");
    auto *row = new QHBoxLayout;
    row->addWidget(m_setPin);
    row->addWidget(m_forgot);
    row->addStretch();
    column->addLayout(row);
    connect(m_setPin, &QPushButton::clicked, this, &ConnectionPage::setPin);
    connect(m_forgot, &QPushButton::clicked, this, &ConnectionPage::forgotPin);
    return card(column);
}

QWidget *ConnectionPage::makeTokens()
{
    auto *column = new QVBoxLayout;
    column->addWidget(plainLabel(tr("My own tools"), "heading"));
    column->addWidget(wrappedLabel(
        tr("gatehousectl and your own scripts need an owner token. It lives for 12 hours and is shown once. "
           "Agents never need one."),
        "muted"));
    QPushButton *make = button(tr("Make one for my tools…"));
    auto *row = new QHBoxLayout;
    row->addWidget(make);
    row->addStretch();
    column->addLayout(row);
    connect(make, &QPushButton::clicked, this, &ConnectionPage::makeToken);
    return card(column);
}

QWidget *ConnectionPage::makeJournal()
{
    auto *column = new QVBoxLayout;
    column->addWidget(plainLabel(tr("Journal"), "heading"));
    m_kept = wrappedLabel({}, "muted");
    column->addWidget(m_kept);
    m_progress = wrappedLabel({});
    m_progress->hide();
    column->addWidget(m_progress);
    m_exports = wrappedLabel({});
    m_exports->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_exports);
    QPushButton *choose = button(tr("Export to another folder…"));
    auto *row = new QHBoxLayout;
    row->addWidget(choose);
    row->addStretch();
    column->addLayout(row);
    connect(choose, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(window(), tr("Folder for exported rows"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        connect(dialog, &QFileDialog::fileSelected, &m_models.journal, &JournalModel::moveExports);
        dialog->open();
    });
    return card(column);
}

QWidget *ConnectionPage::makeLog()
{
    auto *column = new QVBoxLayout;
    column->addWidget(plainLabel(tr("Log"), "heading"));
    column->addWidget(wrappedLabel(
        tr("What Gatehouse did and what failed, for whoever helps you. It holds no secrets and no titles."),
        "muted"));
    m_logFolder = wrappedLabel({});
    m_logFolder->setTextInteractionFlags(Qt::TextSelectableByMouse);
    column->addWidget(m_logFolder);
    QPushButton *open = button(tr("Open the folder"));
    open->setAccessibleName(tr("Open the log's folder"));
    auto *row = new QHBoxLayout;
    row->addWidget(open);
    row->addStretch();
    column->addLayout(row);
    connect(open, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_models.gateway.logFolder())); });
    m_log = card(column);
    return m_log;
}

TaskerSettings ConnectionPage::entered() const
{
    const auto text = [this](Field field) { return m_fields[field]->text().trimmed(); };
    return { text(Field::Url), text(Field::UserId), text(Field::Email), m_fields[Field::Credential]->text(),
             text(Field::CaFile) };
}

void ConnectionPage::showStored()
{
    const bool stored = m_models.connection.hasStoredCredential();
    m_fields[Field::Credential]->setPlaceholderText(stored ? tr("Stored in the keychain")
                                                           : tr("Adapter credential"));
    if (m_touched)
        return; // never over what is being typed
    const TaskerSettings settings = m_models.connection.stored();
    m_fields[Field::Url]->setText(settings.url);
    m_fields[Field::UserId]->setText(settings.ownerUserId);
    m_fields[Field::Email]->setText(settings.ownerEmail);
    m_fields[Field::CaFile]->setText(settings.caFile);
}

void ConnectionPage::refresh()
{
    const bool busy = m_models.connection.isBusy();
    m_test->setEnabled(!busy);
    m_save->setEnabled(!busy);
    m_test->setText(busy ? tr("Asking Tasker…") : tr("&Test connection"));
    m_pinLine->setText(m_models.protection.pinLine());
    m_setPin->setText(m_models.protection.hasPin() ? tr("Change PIN…") : tr("Set a PIN…"));
    m_forgot->setVisible(m_models.protection.hasPin());
    m_kept->setText(m_models.journal.retentionLine());
    m_exports->setText(m_models.journal.exportsFolder());
    m_logFolder->setText(m_models.gateway.logFolder());
    m_log->setVisible(!m_models.gateway.logFolder().isEmpty());
    m_progress->setText(m_models.journal.progressLine());
    m_progress->setVisible(!m_progress->text().isEmpty());
}

bool ConnectionPage::checked()
{
    const QMap<Field, QString> problems = m_models.connection.problems(entered());
    for (auto field = m_problems.cbegin(); field != m_problems.cend(); ++field) {
        field.value()->setText(problems.value(field.key()));
        field.value()->setVisible(problems.contains(field.key()));
        m_fields[field.key()]->setAccessibleDescription(problems.value(field.key()));
    }
    if (!problems.isEmpty())
        m_fields[problems.firstKey()]->setFocus();
    m_result->hide();
    return problems.isEmpty();
}

void ConnectionPage::say(const QString &sentence, const char *role)
{
    m_result->setText(sentence);
    setRole(*m_result, role);
    m_result->setVisible(!sentence.isEmpty());
}

void ConnectionPage::focusForm()
{
    m_fields[Field::Url]->setFocus();
}

void ConnectionPage::setPin()
{
    auto *dialog = new PinDialog(
        m_models.protection.hasPin() ? PinDialog::Kind::Change : PinDialog::Kind::SetUp, window());
    connect(dialog, &PinDialog::given, &m_models.protection, &ProtectionModel::setPin);
    connect(&m_models.protection, &ProtectionModel::pinRefused, dialog, &PinDialog::refuse);
    connect(&m_models.protection, &ProtectionModel::pinSet, dialog, &QDialog::accept);
    dialog->open();
}

void ConnectionPage::forgotPin()
{
    auto *dialog = new AskDialog(
        tr("Reset the PIN?"),
        tr("So that nobody gains by this: all tokens are revoked, and all grants are turned to Ask. "
           "Your programs have to be paired again."),
        tr("Reset the PIN"), window());
    dialog->mustType(tr("reset"));
    connect(dialog, &AskDialog::agreed, &m_models.protection, [this] { m_models.protection.resetPin(); });
    dialog->open();
}

void ConnectionPage::makeToken()
{
    auto *dialog = new NameDialog(
        tr("Make an owner token"), tr("A name to know it by, for example the tool that will hold it."),
        tr("Make token"), {}, [](const QString &) { return QString(); }, window());
    connect(dialog, &NameDialog::named, &m_models.protection, &ProtectionModel::mintOwnerToken);
    dialog->open();
}

} // namespace gatehouse::ui
