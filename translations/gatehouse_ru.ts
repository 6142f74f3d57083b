<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru_RU" sourcelanguage="en_US">
    <context>
        <name>Moments</name>
        <message>
            <source>in less than a minute</source>
            <translation>меньше чем через минуту</translation>
        </message>
        <message numerus="yes">
            <source>in %n min</source>
            <translation>
                <numerusform>через %n мин</numerusform>
                <numerusform>через %n мин</numerusform>
                <numerusform>через %n мин</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n h</source>
            <translation>
                <numerusform>через %n ч</numerusform>
                <numerusform>через %n ч</numerusform>
                <numerusform>через %n ч</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n day(s)</source>
            <translation>
                <numerusform>через %n день</numerusform>
                <numerusform>через %n дня</numerusform>
                <numerusform>через %n дней</numerusform>
            </translation>
        </message>
        <message>
            <source>just now</source>
            <translation>только что</translation>
        </message>
        <message numerus="yes">
            <source>%n s ago</source>
            <translation>
                <numerusform>%n с назад</numerusform>
                <numerusform>%n с назад</numerusform>
                <numerusform>%n с назад</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n min ago</source>
            <translation>
                <numerusform>%n мин назад</numerusform>
                <numerusform>%n мин назад</numerusform>
                <numerusform>%n мин назад</numerusform>
            </translation>
        </message>
        <message>
            <source>today, %1</source>
            <translation>сегодня, %1</translation>
        </message>
        <message>
            <source>yesterday, %1</source>
            <translation>вчера, %1</translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>%n день назад</numerusform>
                <numerusform>%n дня назад</numerusform>
                <numerusform>%n дней назад</numerusform>
            </translation>
        </message>
        <message>
            <source>%1, %2 (%3)</source>
            <comment>date, time, time zone</comment>
            <translation>%1, %2 (%3)</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 мс</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 с</translation>
        </message>
        <message numerus="yes">
            <source>%n min</source>
            <translation>
                <numerusform>%n мин</numerusform>
                <numerusform>%n мин</numerusform>
                <numerusform>%n мин</numerusform>
            </translation>
        </message>
        <message>
            <source>No end</source>
            <translation>Бессрочно</translation>
        </message>
        <message>
            <source>Ended</source>
            <translation>Истекло</translation>
        </message>
        <message>
            <source>tomorrow, %1</source>
            <translation>завтра, %1</translation>
        </message>
    </context>
    <context>
        <name>PeerFacts</name>
        <message>
            <source>not known</source>
            <translation>неизвестно</translation>
        </message>
        <message>
            <source>Program</source>
            <translation>Программа</translation>
        </message>
        <message>
            <source>In folder</source>
            <translation>В папке</translation>
        </message>
        <message>
            <source>Started by</source>
            <translation>Запущена из</translation>
        </message>
        <message>
            <source>Process</source>
            <translation>Процесс</translation>
        </message>
        <message>
            <source>%1, of user %2</source>
            <translation>%1, пользователь %2</translation>
        </message>
    </context>
    <context>
        <name>Sentences</name>
        <message>
            <source>The request was not understood. Check what was entered.</source>
            <translation>Запрос не понят. Проверьте, что введено.</translation>
        </message>
        <message>
            <source>The token is not valid any more. Pair the program again.</source>
            <translation>Токен больше не действует. Подключите программу заново.</translation>
        </message>
        <message>
            <source>The agent has no grant for this. Give it one under Agents.</source>
            <translation>У агента нет на это разрешения. Дайте его на странице «Агенты».</translation>
        </message>
        <message>
            <source>Tasker does not let you into this project. Ask its administrator, or take the grant away.</source>
            <translation>Tasker не пускает вас в этот проект. Обратитесь к его администратору или заберите разрешение.</translation>
        </message>
        <message>
            <source>The owner said no.</source>
            <translation>Владелец ответил «нет».</translation>
        </message>
        <message>
            <source>The agent is paused or retired. Resume it under Agents.</source>
            <translation>Агент приостановлен или выведен из работы. Возобновите его на странице «Агенты».</translation>
        </message>
        <message>
            <source>A web page tried to reach the gateway and was refused. Nothing needs to be done.</source>
            <translation>Веб-страница пыталась обратиться к шлюзу и получила отказ. Делать ничего не нужно.</translation>
        </message>
        <message>
            <source>This belongs to another owner. Check the user id and e-mail under Connection.</source>
            <translation>Это принадлежит другому владельцу. Проверьте идентификатор и почту на странице «Подключение».</translation>
        </message>
        <message>
            <source>This needs your PIN.</source>
            <translation>Для этого нужен ваш PIN.</translation>
        </message>
        <message>
            <source>It is not there any more. The list has been read again.</source>
            <translation>Этого больше нет. Список прочитан заново.</translation>
        </message>
        <message>
            <source>The program used an address in a way that does not exist.</source>
            <translation>Программа обратилась к адресу недопустимым способом.</translation>
        </message>
        <message>
            <source>The program asked for an answer in an unknown format.</source>
            <translation>Программа запросила ответ в неизвестном формате.</translation>
        </message>
        <message>
            <source>The same call is still under way. Wait for it to end.</source>
            <translation>Этот же вызов ещё выполняется. Дождитесь его окончания.</translation>
        </message>
        <message>
            <source>The issue changed in the meantime. The agent should read it again and repeat the call.</source>
            <translation>Задача тем временем изменилась. Агенту следует прочитать её заново и повторить вызов.</translation>
        </message>
        <message>
            <source>It is not known whether the change reached Tasker. Look at the issue in Tasker.</source>
            <translation>Неизвестно, дошло ли изменение до Tasker. Посмотрите задачу в Tasker.</translation>
        </message>
        <message>
            <source>It changed in the meantime. Look again and repeat.</source>
            <translation>Тем временем что-то изменилось. Посмотрите ещё раз и повторите.</translation>
        </message>
        <message>
            <source>The time for pairing ran out. Make a new code.</source>
            <translation>Время на подключение истекло. Создайте новый код.</translation>
        </message>
        <message>
            <source>The request was too large and was refused.</source>
            <translation>Запрос слишком велик и отклонён.</translation>
        </message>
        <message>
            <source>The program sent a format that is not taken.</source>
            <translation>Программа прислала данные в неподдерживаемом формате.</translation>
        </message>
        <message>
            <source>Something that was entered does not fit. Check the marked field.</source>
            <translation>Что-то введено неверно. Проверьте отмеченное поле.</translation>
        </message>
        <message>
            <source>The program used one key for two different calls. The second was refused.</source>
            <translation>Программа использовала один ключ для двух разных вызовов. Второй отклонён.</translation>
        </message>
        <message>
            <source>Too many tries. Wait a minute, then try again.</source>
            <translation>Слишком много попыток. Подождите минуту и попробуйте снова.</translation>
        </message>
        <message>
            <source>Too many questions are waiting for you. Answer some of them on the Overview page.</source>
            <translation>Вас ждёт слишком много вопросов. Ответьте на некоторые из них на странице «Обзор».</translation>
        </message>
        <message>
            <source>The request's headers were too large and were refused.</source>
            <translation>Заголовки запроса слишком велики, запрос отклонён.</translation>
        </message>
        <message>
            <source>Something went wrong inside Gatehouse. Try again; if it stays, look at the log.</source>
            <translation>Внутри Gatehouse произошла ошибка. Попробуйте снова; если не поможет, загляните в журнал программы.</translation>
        </message>
        <message>
            <source>Tasker's answer made no sense. Check the address under Connection: is it the adapter's?</source>
            <translation>Ответ Tasker непонятен. Проверьте адрес на странице «Подключение»: это адрес адаптера?</translation>
        </message>
        <message>
            <source>Tasker refused the credential. Enter a valid one under Connection; until then nothing is sent.</source>
            <translation>Tasker отверг ключ доступа. Введите действующий на странице «Подключение»; до тех пор ничего не отправляется.</translation>
        </message>
        <message>
            <source>Tasker had an error of its own. Try again later.</source>
            <translation>Ошибка на стороне Tasker. Попробуйте позже.</translation>
        </message>
        <message>
            <source>Gatehouse is locked. Unlock your keychain.</source>
            <translation>Gatehouse заблокирован. Разблокируйте связку ключей.</translation>
        </message>
        <message>
            <source>Gatehouse is paused. Press Resume when agents may work again.</source>
            <translation>Gatehouse на паузе. Нажмите «Возобновить», когда агенты снова смогут работать.</translation>
        </message>
        <message>
            <source>Gatehouse is finishing its last calls and takes no new ones.</source>
            <translation>Gatehouse завершает последние вызовы и не принимает новых.</translation>
        </message>
        <message>
            <source>No Tasker is connected yet. Set one up under Connection.</source>
            <translation>Tasker ещё не подключён. Настройте его на странице «Подключение».</translation>
        </message>
        <message>
            <source>Tasker cannot be reached. Check the address, the network and, for an own certificate, the CA file.</source>
            <translation>Tasker недоступен. Проверьте адрес, сеть и, если сертификат собственный, файл УЦ.</translation>
        </message>
        <message>
            <source>The journal cannot be written, so no call is let through. Check the disk's free space and rights.</source>
            <translation>Журнал не удаётся записать, поэтому вызовы не пропускаются. Проверьте место на диске и права.</translation>
        </message>
        <message>
            <source>Tasker did not answer in time. Try again.</source>
            <translation>Tasker не ответил вовремя. Попробуйте снова.</translation>
        </message>
        <message>
            <source>The question waits for the owner's answer.</source>
            <translation>Вопрос ждёт ответа владельца.</translation>
        </message>
        <message>
            <source>The key in your keychain does not open the database. If you restored one of the two from a backup, restore the other as well, then try again. Nothing has been deleted.</source>
            <translation>Ключ из связки не подходит к базе данных. Если одно из двух восстановлено из резервной копии, восстановите и другое и попробуйте снова. Ничего не удалено.</translation>
        </message>
        <message>
            <source>There is a database, but its key is not in your keychain. Unlock or restore the keychain that held it, then try again. No new key is made while a database exists.</source>
            <translation>База данных есть, но её ключа нет в связке. Разблокируйте или восстановите связку, где он хранился, и попробуйте снова. Пока есть база, новый ключ не создаётся.</translation>
        </message>
        <message>
            <source>The database is gone from its folder, and none was made in its place. Put it back, then try again. If there is no copy, gatehouse --start-anew on a terminal begins an empty one.</source>
            <translation>Файла базы данных больше нет в его папке, и новый на его месте не создан. Верните файл на место и попробуйте снова. Если копии нет, команда gatehouse --start-anew в терминале начнёт пустую базу.</translation>
        </message>
        <message>
            <source>This database is older than your keychain remembers, or another one. Put the newer one back and try again. If you restored this copy yourself, say so. Until then nothing is let through.</source>
            <translation>Эта база данных старше той, которую помнит ваша связка ключей, или совсем другая. Верните более новую и попробуйте снова. Если вы сами восстановили эту копию, подтвердите это. До тех пор ни один вызов не проходит.</translation>
        </message>
        <message>
            <source>The database is damaged. Stop Gatehouse, keep a copy of the file, and restore your last good one. Nothing has been deleted.</source>
            <translation>База данных повреждена. Остановите Gatehouse, сохраните копию файла и восстановите последнюю исправную. Ничего не удалено.</translation>
        </message>
        <message>
            <source>The disk is full. Free some space, then try again.</source>
            <translation>Диск заполнен. Освободите место и попробуйте снова.</translation>
        </message>
        <message>
            <source>The database cannot be written. Check the rights of its folder and that the disk is not mounted read-only, then try again.</source>
            <translation>В базу данных нельзя писать. Проверьте права на папку и что диск подключён не только для чтения, и попробуйте снова.</translation>
        </message>
        <message>
            <source>The database was written by a newer Gatehouse. Install that version or a later one.</source>
            <translation>База данных записана более новой версией Gatehouse. Установите её или более позднюю.</translation>
        </message>
        <message>
            <source>The database does not answer. Check the disk, then try again; if it stays, look at the log.</source>
            <translation>База данных не отвечает. Проверьте диск и попробуйте снова; если не поможет, загляните в журнал программы.</translation>
        </message>
        <message>
            <source>No keychain is running in this session. Start one (GNOME Keyring or KWallet), then try again, or start Gatehouse with --secrets file.</source>
            <translation>В этом сеансе нет связки ключей. Запустите её (GNOME Keyring или KWallet) и попробуйте снова либо запустите Gatehouse с --secrets file.</translation>
        </message>
        <message>
            <source>Your keychain is locked. Unlock it; Gatehouse goes on by itself.</source>
            <translation>Связка ключей заблокирована. Разблокируйте её, и Gatehouse продолжит сам.</translation>
        </message>
        <message>
            <source>The keychain refused Gatehouse. Allow the access when it asks, then try again.</source>
            <translation>Связка ключей отказала Gatehouse. Разрешите доступ, когда она спросит, и попробуйте снова.</translation>
        </message>
        <message>
            <source>The credential is not in your keychain any more. Enter it again under Connection.</source>
            <translation>Ключа доступа больше нет в связке. Введите его снова на странице «Подключение».</translation>
        </message>
        <message>
            <source>Another program holds the gateway's port. Stop that program and try again, or choose another port and tell your programs about it.</source>
            <translation>Порт шлюза занят другой программой. Остановите её и попробуйте снова либо выберите другой порт и сообщите его своим программам.</translation>
        </message>
        <message>
            <source>Too many tries. Try again in %1.</source>
            <translation>Слишком много попыток. Попробуйте снова через %1.</translation>
        </message>
        <message>
            <source>Not understood</source>
            <translation>Не понято</translation>
        </message>
        <message>
            <source>No valid token</source>
            <translation>Нет токена</translation>
        </message>
        <message>
            <source>No grant</source>
            <translation>Нет разрешения</translation>
        </message>
        <message>
            <source>Project refused by Tasker</source>
            <translation>Проект закрыт в Tasker</translation>
        </message>
        <message>
            <source>You said no</source>
            <translation>Вы ответили «нет»</translation>
        </message>
        <message>
            <source>Agent paused</source>
            <translation>Агент на паузе</translation>
        </message>
        <message>
            <source>Web page refused</source>
            <translation>Отказ веб-странице</translation>
        </message>
        <message>
            <source>Another owner</source>
            <translation>Другой владелец</translation>
        </message>
        <message>
            <source>Needs the PIN</source>
            <translation>Нужен PIN</translation>
        </message>
        <message>
            <source>Not found</source>
            <translation>Не найдено</translation>
        </message>
        <message>
            <source>Method not allowed</source>
            <translation>Метод не разрешён</translation>
        </message>
        <message>
            <source>Format not offered</source>
            <translation>Формат не поддержан</translation>
        </message>
        <message>
            <source>Still under way</source>
            <translation>Ещё выполняется</translation>
        </message>
        <message>
            <source>Issue changed</source>
            <translation>Задача изменилась</translation>
        </message>
        <message>
            <source>Outcome unknown</source>
            <translation>Итог неизвестен</translation>
        </message>
        <message>
            <source>Conflict</source>
            <translation>Конфликт</translation>
        </message>
        <message>
            <source>Pairing ran out</source>
            <translation>Подключение истекло</translation>
        </message>
        <message>
            <source>Too large</source>
            <translation>Слишком велико</translation>
        </message>
        <message>
            <source>Format not taken</source>
            <translation>Формат не принят</translation>
        </message>
        <message>
            <source>Wrong arguments</source>
            <translation>Неверные аргументы</translation>
        </message>
        <message>
            <source>Key used twice</source>
            <translation>Ключ повторён</translation>
        </message>
        <message>
            <source>Too many calls</source>
            <translation>Слишком часто</translation>
        </message>
        <message>
            <source>Too many questions</source>
            <translation>Слишком много вопросов</translation>
        </message>
        <message>
            <source>Headers too large</source>
            <translation>Большие заголовки</translation>
        </message>
        <message>
            <source>Internal error</source>
            <translation>Внутренняя ошибка</translation>
        </message>
        <message>
            <source>Senseless answer</source>
            <translation>Непонятный ответ</translation>
        </message>
        <message>
            <source>Credential refused</source>
            <translation>Ключ доступа отвергнут</translation>
        </message>
        <message>
            <source>Error at Tasker</source>
            <translation>Ошибка в Tasker</translation>
        </message>
        <message>
            <source>Locked</source>
            <translation>Заблокировано</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>На паузе</translation>
        </message>
        <message>
            <source>Stopping</source>
            <translation>Завершение</translation>
        </message>
        <message>
            <source>No Tasker connected</source>
            <translation>Tasker не подключён</translation>
        </message>
        <message>
            <source>Tasker unreachable</source>
            <translation>Tasker недоступен</translation>
        </message>
        <message>
            <source>Journal not writable</source>
            <translation>Журнал не пишется</translation>
        </message>
        <message>
            <source>No answer in time</source>
            <translation>Нет ответа вовремя</translation>
        </message>
        <message>
            <source>Waits for you</source>
            <translation>Ждёт вас</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>Отменено</translation>
        </message>
        <message>
            <source>Wrong database key</source>
            <translation>Неверный ключ базы данных</translation>
        </message>
        <message>
            <source>Database key missing</source>
            <translation>Нет ключа базы данных</translation>
        </message>
        <message>
            <source>Database missing</source>
            <translation>Нет базы данных</translation>
        </message>
        <message>
            <source>Database too old</source>
            <translation>База данных устарела</translation>
        </message>
        <message>
            <source>Database damaged</source>
            <translation>База данных повреждена</translation>
        </message>
        <message>
            <source>Disk full</source>
            <translation>Диск заполнен</translation>
        </message>
        <message>
            <source>Database read-only</source>
            <translation>База данных только для чтения</translation>
        </message>
        <message>
            <source>Database too new</source>
            <translation>База данных слишком новая</translation>
        </message>
        <message>
            <source>Database failed</source>
            <translation>Сбой базы данных</translation>
        </message>
        <message>
            <source>No keychain</source>
            <translation>Нет связки ключей</translation>
        </message>
        <message>
            <source>Keychain locked</source>
            <translation>Связка ключей заблокирована</translation>
        </message>
        <message>
            <source>Keychain refused</source>
            <translation>Связка ключей отказала</translation>
        </message>
        <message>
            <source>Credential missing</source>
            <translation>Нет ключа доступа</translation>
        </message>
        <message>
            <source>Port in use</source>
            <translation>Порт занят</translation>
        </message>
        <message>
            <source>There is no PIN yet. Set one under Connection.</source>
            <translation>PIN ещё не задан. Задайте его на странице «Подключение».</translation>
        </message>
        <message>
            <source>Too many wrong tries. The PIN is locked for %1.</source>
            <translation>Слишком много неверных попыток. PIN заблокирован ещё на %1.</translation>
        </message>
        <message>
            <source>Too many wrong tries. The PIN is locked for a while.</source>
            <translation>Слишком много неверных попыток. PIN на время заблокирован.</translation>
        </message>
        <message numerus="yes">
            <source>That is not the PIN. %n tries left.</source>
            <translation>
                <numerusform>PIN неверный. Осталась %n попытка.</numerusform>
                <numerusform>PIN неверный. Осталось %n попытки.</numerusform>
                <numerusform>PIN неверный. Осталось %n попыток.</numerusform>
            </translation>
        </message>
        <message>
            <source>That is not the PIN.</source>
            <translation>PIN неверный.</translation>
        </message>
        <message>
            <source>Somebody tried too many wrong pairing codes. Pairing pauses for five minutes.</source>
            <translation>Кто-то перебирал коды подключения. Подключение приостановлено на пять минут.</translation>
        </message>
        <message>
            <source>The pairing code was voided after five wrong tries. Make a new one.</source>
            <translation>Код подключения аннулирован после пяти неверных попыток. Создайте новый.</translation>
        </message>
        <message>
            <source>A login's key was used twice, so the login was revoked. Check which program that was.</source>
            <translation>Ключ входа использован дважды, поэтому вход отозван. Проверьте, какая программа это была.</translation>
        </message>
        <message>
            <source>Questions that were open before the restart have been closed.</source>
            <translation>Вопросы, открытые до перезапуска, закрыты.</translation>
        </message>
        <message>
            <source>Old journal rows could not be exported, so they stay. Check the export folder under Connection.</source>
            <translation>Старые строки журнала не удалось выгрузить, поэтому они остались. Проверьте папку выгрузки на странице «Подключение».</translation>
        </message>
        <message>
            <source>The connection to Tasker broke before its answer was whole. Look in Tasker whether a change arrived.</source>
            <translation>Соединение с Tasker оборвалось раньше, чем пришёл весь ответ. Посмотрите в Tasker, дошло ли изменение.</translation>
        </message>
        <message>
            <source>Something in between refused this (status %1), and not Tasker: a proxy, a firewall or a page for people. Ask those who run your network.</source>
            <translation>Это отклонил не Tasker, а что-то на пути к нему (код %1): прокси, межсетевой экран или страница для людей. Спросите тех, кто ведёт вашу сеть.</translation>
        </message>
        <message>
            <source>Something between you and Tasker answers in its place: a proxy, a firewall or a page for people. Ask those who run your network.</source>
            <translation>Вместо Tasker отвечает что-то на пути к нему: прокси, межсетевой экран или страница для людей. Спросите тех, кто ведёт вашу сеть.</translation>
        </message>
        <message>
            <source>Tasker's certificate does not hold. For an own certificate authority, choose its CA file.</source>
            <translation>Сертификату Tasker нельзя верить. Если у вас свой удостоверяющий центр, выберите его файл CA.</translation>
        </message>
        <message>
            <source>The certificate at this address does not hold: it is for “%1”, by “%2”. If that is your own authority, choose its CA file; if not, enter nothing there.</source>
            <translation>Сертификату по этому адресу нельзя верить: он выдан для «%1», выдал «%2». Если это ваш удостоверяющий центр, выберите его файл CA; если нет, ничего там не вводите.</translation>
        </message>
        <message>
            <source>There is no host of that name. Check the address and the network.</source>
            <translation>Узла с таким именем нет. Проверьте адрес и сеть.</translation>
        </message>
        <message>
            <source>Nothing takes connections at Tasker's address. Check the address, its port and the network.</source>
            <translation>По адресу Tasker никто не принимает соединений. Проверьте адрес, порт и сеть.</translation>
        </message>
        <message>
            <source>The system's proxy did not let the connection through. Check its settings.</source>
            <translation>Системный прокси не пропустил соединение. Проверьте его настройки.</translation>
        </message>
        <message>
            <source>What listens at this address does not speak TLS. Check the port.</source>
            <translation>По этому адресу отвечают не по TLS. Проверьте порт.</translation>
        </message>
        <message>
            <source>Use https. Plain http is taken only for this machine.</source>
            <translation>Используйте https. Простой http допускается только для этого компьютера.</translation>
        </message>
        <message>
            <source>There is no Tasker at this address, nor below it. Copy the address from the browser in which you use it.</source>
            <translation>По этому адресу и под ним Tasker нет. Скопируйте адрес из браузера, в котором вы с ним работаете.</translation>
        </message>
        <message>
            <source>A page for people answered at this address, such as a login page, and no Tasker. Ask for the address that programs use.</source>
            <translation>По этому адресу ответила страница для людей, например страница входа, а не Tasker. Спросите адрес для программ.</translation>
        </message>
        <message>
            <source>Tasker is there and refused this credential. Enter a valid one.</source>
            <translation>Tasker там есть, но не принял этот ключ доступа. Введите действующий.</translation>
        </message>
        <message>
            <source>Tasker is there, but this credential does not belong to this user id.</source>
            <translation>Tasker там есть, но этот ключ доступа не принадлежит этому идентификатору.</translation>
        </message>
        <message>
            <source>Older database</source>
            <translation>Старая база данных</translation>
        </message>
    </context>
    <context>
        <name>Words</name>
        <message>
            <source>%1, as the time before</source>
            <translation>%1, как в прошлый раз</translation>
        </message>
        <message>
            <source>JSON-RPC error %1</source>
            <translation>Ошибка JSON-RPC %1</translation>
        </message>
        <message>
            <source>Nothing was sent</source>
            <translation>Ничего не отправлено</translation>
        </message>
        <message>
            <source>No answer</source>
            <translation>Нет ответа</translation>
        </message>
        <message>
            <source>Wait for the owner</source>
            <translation>Ждать владельца</translation>
        </message>
        <message>
            <source>An error of the tool</source>
            <translation>Ошибка инструмента</translation>
        </message>
        <message>
            <source>A result</source>
            <translation>Результат</translation>
        </message>
        <message>
            <source>Nobody waited for it any more</source>
            <translation>Его уже никто не ждал</translation>
        </message>
        <message>
            <source>See the project</source>
            <translation>Видеть проект</translation>
        </message>
        <message>
            <source>See</source>
            <translation>Просмотр</translation>
        </message>
        <message>
            <source>Find the project, its states, labels and members.</source>
            <translation>Находить проект, его состояния, метки и участников.</translation>
        </message>
        <message>
            <source>Read issues</source>
            <translation>Читать задачи</translation>
        </message>
        <message>
            <source>Read</source>
            <translation>Чтение</translation>
        </message>
        <message>
            <source>List and read the project's issues.</source>
            <translation>Получать список задач проекта и читать их.</translation>
        </message>
        <message>
            <source>Create issues</source>
            <translation>Создавать задачи</translation>
        </message>
        <message>
            <source>Create</source>
            <translation>Создание</translation>
        </message>
        <message>
            <source>Create issues in the project.</source>
            <translation>Создавать задачи в проекте.</translation>
        </message>
        <message>
            <source>Edit issues</source>
            <translation>Править задачи</translation>
        </message>
        <message>
            <source>Edit</source>
            <translation>Правка</translation>
        </message>
        <message>
            <source>Change the title, description, priority and dates of issues.</source>
            <translation>Менять название, описание, приоритет и сроки задач.</translation>
        </message>
        <message>
            <source>Move issues</source>
            <translation>Переводить задачи</translation>
        </message>
        <message>
            <source>Move</source>
            <translation>Перевод</translation>
        </message>
        <message>
            <source>Move issues from one state to another.</source>
            <translation>Переводить задачи из одного состояния в другое.</translation>
        </message>
        <message>
            <source>Write comments</source>
            <translation>Писать комментарии</translation>
        </message>
        <message>
            <source>Comment</source>
            <translation>Коммент.</translation>
        </message>
        <message>
            <source>Write comments under issues.</source>
            <translation>Писать комментарии к задачам.</translation>
        </message>
        <message>
            <source>Set labels</source>
            <translation>Ставить метки</translation>
        </message>
        <message>
            <source>Label</source>
            <translation>Метки</translation>
        </message>
        <message>
            <source>Set and take away labels of issues.</source>
            <translation>Ставить и снимать метки задач.</translation>
        </message>
        <message>
            <source>Set assignees</source>
            <translation>Назначать исполнителей</translation>
        </message>
        <message>
            <source>Assign</source>
            <translation>Исполн.</translation>
        </message>
        <message>
            <source>Set and take away the people that an issue is assigned to.</source>
            <translation>Назначать и снимать исполнителей задач.</translation>
        </message>
        <message>
            <source>Find project</source>
            <translation>Поиск проекта</translation>
        </message>
        <message>
            <source>wants to find a project</source>
            <translation>хочет найти проект</translation>
        </message>
        <message>
            <source>Read project</source>
            <translation>Чтение проекта</translation>
        </message>
        <message>
            <source>wants to read about a project</source>
            <translation>хочет прочитать сведения о проекте</translation>
        </message>
        <message>
            <source>List issues</source>
            <translation>Список задач</translation>
        </message>
        <message>
            <source>wants to list issues</source>
            <translation>хочет получить список задач</translation>
        </message>
        <message>
            <source>Read issue</source>
            <translation>Чтение задачи</translation>
        </message>
        <message>
            <source>wants to read an issue</source>
            <translation>хочет прочитать задачу</translation>
        </message>
        <message>
            <source>Create issue</source>
            <translation>Создание задачи</translation>
        </message>
        <message>
            <source>wants to create an issue</source>
            <translation>хочет создать задачу</translation>
        </message>
        <message>
            <source>Edit issue</source>
            <translation>Правка задачи</translation>
        </message>
        <message>
            <source>wants to change an issue</source>
            <translation>хочет изменить задачу</translation>
        </message>
        <message>
            <source>Move issue</source>
            <translation>Перевод задачи</translation>
        </message>
        <message>
            <source>wants to move an issue to another state</source>
            <translation>хочет перевести задачу в другое состояние</translation>
        </message>
        <message>
            <source>Add comment</source>
            <translation>Комментарий</translation>
        </message>
        <message>
            <source>wants to comment on an issue</source>
            <translation>хочет прокомментировать задачу</translation>
        </message>
        <message>
            <source>wants to change an issue's labels</source>
            <translation>хочет изменить метки задачи</translation>
        </message>
        <message>
            <source>wants to change who an issue is assigned to</source>
            <translation>хочет изменить исполнителей задачи</translation>
        </message>
        <message>
            <source>Title</source>
            <translation>Название</translation>
        </message>
        <message>
            <source>Description</source>
            <translation>Описание</translation>
        </message>
        <message>
            <source>Priority</source>
            <translation>Приоритет</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Состояние</translation>
        </message>
        <message>
            <source>Labels</source>
            <translation>Метки</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Добавить</translation>
        </message>
        <message>
            <source>Take away</source>
            <translation>Убрать</translation>
        </message>
        <message>
            <source>Assignees</source>
            <translation>Исполнители</translation>
        </message>
        <message>
            <source>Issue</source>
            <translation>Задача</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>Проект</translation>
        </message>
        <message>
            <source>Parent issue</source>
            <translation>Родительская задача</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Начало</translation>
        </message>
        <message>
            <source>Due</source>
            <translation>Срок</translation>
        </message>
        <message>
            <source>Call</source>
            <translation>Вызов</translation>
        </message>
        <message>
            <source>Call refused</source>
            <translation>Отказ в вызове</translation>
        </message>
        <message>
            <source>Many refusals, counted</source>
            <translation>Много отказов, одной строкой</translation>
        </message>
        <message>
            <source>Gatehouse started</source>
            <translation>Gatehouse запущен</translation>
        </message>
        <message>
            <source>Gatehouse stopped</source>
            <translation>Gatehouse остановлен</translation>
        </message>
        <message>
            <source>Mode changed</source>
            <translation>Режим изменён</translation>
        </message>
        <message>
            <source>Connection changed</source>
            <translation>Подключение изменено</translation>
        </message>
        <message>
            <source>Agent created</source>
            <translation>Агент создан</translation>
        </message>
        <message>
            <source>Agent changed</source>
            <translation>Агент изменён</translation>
        </message>
        <message>
            <source>Client paired</source>
            <translation>Клиент подключён</translation>
        </message>
        <message>
            <source>Client revoked</source>
            <translation>Клиент отозван</translation>
        </message>
        <message>
            <source>Agent token made</source>
            <translation>Токен агента создан</translation>
        </message>
        <message>
            <source>Agent token renewed</source>
            <translation>Токен агента обновлён</translation>
        </message>
        <message>
            <source>Owner token made</source>
            <translation>Токен владельца создан</translation>
        </message>
        <message>
            <source>Owner token revoked</source>
            <translation>Токен владельца отозван</translation>
        </message>
        <message>
            <source>Grant changed</source>
            <translation>Разрешение изменено</translation>
        </message>
        <message>
            <source>Pairing code made</source>
            <translation>Код подключения создан</translation>
        </message>
        <message>
            <source>Pairing code used</source>
            <translation>Код подключения использован</translation>
        </message>
        <message>
            <source>Pairing confirmed</source>
            <translation>Подключение подтверждено</translation>
        </message>
        <message>
            <source>Pairing denied</source>
            <translation>В подключении отказано</translation>
        </message>
        <message>
            <source>Pairing code ran out</source>
            <translation>Код подключения истёк</translation>
        </message>
        <message>
            <source>Pairing code voided</source>
            <translation>Код подключения аннулирован</translation>
        </message>
        <message>
            <source>PIN set or changed</source>
            <translation>PIN задан или изменён</translation>
        </message>
        <message>
            <source>PIN reset</source>
            <translation>PIN сброшен</translation>
        </message>
        <message>
            <source>PIN entered</source>
            <translation>PIN введён</translation>
        </message>
        <message>
            <source>Wrong PIN</source>
            <translation>Неверный PIN</translation>
        </message>
        <message>
            <source>You were asked</source>
            <translation>Вас спросили</translation>
        </message>
        <message>
            <source>You said yes</source>
            <translation>Вы ответили «да»</translation>
        </message>
        <message>
            <source>You said no</source>
            <translation>Вы ответили «нет»</translation>
        </message>
        <message>
            <source>Question closed unanswered</source>
            <translation>Вопрос закрыт без ответа</translation>
        </message>
        <message>
            <source>Journal exported</source>
            <translation>Журнал выгружен</translation>
        </message>
        <message>
            <source>Old journal rows removed</source>
            <translation>Старые строки журнала удалены</translation>
        </message>
        <message>
            <source>Database restored</source>
            <translation>База данных восстановлена</translation>
        </message>
        <message>
            <source>Login begun</source>
            <translation>Начат вход</translation>
        </message>
        <message>
            <source>Login granted</source>
            <translation>Вход разрешён</translation>
        </message>
        <message>
            <source>Login denied</source>
            <translation>Во входе отказано</translation>
        </message>
        <message>
            <source>Login revoked</source>
            <translation>Вход отозван</translation>
        </message>
        <message>
            <source>Everything stopped</source>
            <translation>Всё остановлено</translation>
        </message>
        <message>
            <source>MCP</source>
            <translation>MCP</translation>
        </message>
        <message>
            <source>REST</source>
            <translation>REST</translation>
        </message>
        <message>
            <source>This window</source>
            <translation>Это окно</translation>
        </message>
        <message>
            <source>gatehousectl</source>
            <translation>gatehousectl</translation>
        </message>
        <message>
            <source>Gatehouse itself</source>
            <translation>Сам Gatehouse</translation>
        </message>
        <message>
            <source>Once</source>
            <translation>Один раз</translation>
        </message>
        <message>
            <source>For 15 minutes</source>
            <translation>На 15 минут</translation>
        </message>
        <message>
            <source>For 1 hour</source>
            <translation>На 1 час</translation>
        </message>
        <message>
            <source>For 8 hours</source>
            <translation>На 8 часов</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Запуск</translation>
        </message>
        <message>
            <source>Locked</source>
            <translation>Заблокировано</translation>
        </message>
        <message>
            <source>Needs you</source>
            <translation>Нужны вы</translation>
        </message>
        <message>
            <source>Not recording</source>
            <translation>Не пишется</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>На паузе</translation>
        </message>
        <message>
            <source>Stopping</source>
            <translation>Завершение</translation>
        </message>
        <message>
            <source>Running</source>
            <translation>Работает</translation>
        </message>
        <message>
            <source>Active</source>
            <translation>Активен</translation>
        </message>
        <message>
            <source>Retired</source>
            <translation>Выведен</translation>
        </message>
        <message>
            <source>Allow</source>
            <translation>Да</translation>
        </message>
        <message>
            <source>Ask</source>
            <translation>Вопрос</translation>
        </message>
        <message>
            <source>PIN</source>
            <comment>ask with PIN, short</comment>
            <translation>PIN</translation>
        </message>
        <message>
            <source>As all</source>
            <comment>as the row for all projects says, short</comment>
            <translation>Как все</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>Нет</translation>
        </message>
        <message>
            <source>Allowed</source>
            <translation>Разрешено</translation>
        </message>
        <message>
            <source>Denied</source>
            <translation>Отказано</translation>
        </message>
        <message>
            <source>Asked</source>
            <translation>Спрошено</translation>
        </message>
        <message>
            <source>Under way</source>
            <translation>Выполняется</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>Готово</translation>
        </message>
        <message>
            <source>Done in part</source>
            <translation>Готово частично</translation>
        </message>
        <message>
            <source>Outcome unknown</source>
            <translation>Итог неизвестен</translation>
        </message>
        <message>
            <source>wants to use %1</source>
            <translation>хочет вызвать %1</translation>
        </message>
        <message>
            <source>Place in the list</source>
            <translation>Место в списке</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Поиск</translation>
        </message>
        <message>
            <source>At most</source>
            <translation>Не больше</translation>
        </message>
        <message>
            <source>Export folder changed</source>
            <translation>Папка выгрузки изменена</translation>
        </message>
        <message>
            <source>find projects</source>
            <translation>искать проекты</translation>
        </message>
        <message>
            <source>read about the project</source>
            <translation>читать сведения о проекте</translation>
        </message>
        <message>
            <source>list issues</source>
            <translation>просматривать списки задач</translation>
        </message>
        <message>
            <source>read issues</source>
            <translation>читать задачи</translation>
        </message>
        <message>
            <source>read %1</source>
            <translation>читать %1</translation>
        </message>
        <message>
            <source>create issues</source>
            <translation>создавать задачи</translation>
        </message>
        <message>
            <source>change issues</source>
            <translation>менять задачи</translation>
        </message>
        <message>
            <source>change %1</source>
            <translation>менять %1</translation>
        </message>
        <message>
            <source>move issues to another state</source>
            <translation>переводить задачи в другое состояние</translation>
        </message>
        <message>
            <source>move %1 to another state</source>
            <translation>переводить %1 в другое состояние</translation>
        </message>
        <message>
            <source>comment on issues</source>
            <translation>комментировать задачи</translation>
        </message>
        <message>
            <source>comment on %1</source>
            <translation>комментировать %1</translation>
        </message>
        <message>
            <source>change the labels of issues</source>
            <translation>менять метки задач</translation>
        </message>
        <message>
            <source>change the labels of %1</source>
            <translation>менять метки %1</translation>
        </message>
        <message>
            <source>change who issues are assigned to</source>
            <translation>менять исполнителей задач</translation>
        </message>
        <message>
            <source>change who %1 is assigned to</source>
            <translation>менять исполнителей %1</translation>
        </message>
        <message>
            <source>Refusals, counted</source>
            <translation>Отказы, подсчитанные</translation>
        </message>
        <message>
            <source>A yes for a time ended</source>
            <translation>Разрешение на время закончилось</translation>
        </message>
        <message>
            <source>use %1</source>
            <translation>использовать %1</translation>
        </message>
        <message>
            <source>Clock accepted after a jump</source>
            <translation>Время после скачка часов принято</translation>
        </message>
        <message>
            <source>Time set back: the clock was wrong</source>
            <translation>Время возвращено: часы врали</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ActivityModel</name>
        <message>
            <source>Time</source>
            <translation>Время</translation>
        </message>
        <message>
            <source>Agent</source>
            <translation>Агент</translation>
        </message>
        <message>
            <source>What</source>
            <translation>Что</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>Проект</translation>
        </message>
        <message>
            <source>Issue</source>
            <translation>Задача</translation>
        </message>
        <message>
            <source>Decision</source>
            <translation>Решение</translation>
        </message>
        <message>
            <source>Outcome</source>
            <translation>Итог</translation>
        </message>
        <message>
            <source>Took</source>
            <translation>Заняло</translation>
        </message>
        <message>
            <source>Nothing fits these filters. Clear them to see everything.</source>
            <translation>Под эти фильтры ничего не подходит. Сбросьте их, чтобы увидеть всё.</translation>
        </message>
        <message>
            <source>No calls yet. They show here the moment an agent makes one.</source>
            <translation>Вызовов пока нет. Они появятся здесь, как только агент их сделает.</translation>
        </message>
        <message>
            <source>Searching…</source>
            <translation>Идёт поиск…</translation>
        </message>
        <message>
            <source>Nothing found so far.</source>
            <translation>Пока ничего не найдено.</translation>
        </message>
        <message numerus="yes">
            <source>%n refusal(s)</source>
            <translation>
                <numerusform>%n отказ</numerusform>
                <numerusform>%n отказа</numerusform>
                <numerusform>%n отказов</numerusform>
            </translation>
        </message>
        <message>
            <source>other tools</source>
            <translation>другие инструменты</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>how many, of which tools</comment>
            <translation>%1: %2</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ActivityPage</name>
        <message>
            <source>All of the line</source>
            <translation>Строка целиком</translation>
        </message>
        <message>
            <source>Sent to the client</source>
            <translation>Отправлено клиенту</translation>
        </message>
        <message>
            <source>MCP answered</source>
            <translation>Ответ MCP</translation>
        </message>
        <message>
            <source>Tasker answered</source>
            <translation>Ответ Tasker</translation>
        </message>
        <message>
            <source>Choose an agent first</source>
            <translation>Сначала выберите агента</translation>
        </message>
        <message>
            <source>All clients</source>
            <translation>Все клиенты</translation>
        </message>
        <message>
            <source>Last 30 days</source>
            <translation>За 30 дней</translation>
        </message>
        <message>
            <source>Last 7 days</source>
            <translation>За 7 дней</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Сегодня</translation>
        </message>
        <message>
            <source>Last hour</source>
            <translation>За час</translation>
        </message>
        <message>
            <source>Any time</source>
            <translation>За всё время</translation>
        </message>
        <message>
            <source>Activity</source>
            <translation>Активность</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Поиск</translation>
        </message>
        <message>
            <source>Search in activity</source>
            <translation>Поиск по активности</translation>
        </message>
        <message>
            <source>All agents</source>
            <translation>Все агенты</translation>
        </message>
        <message>
            <source>All tools</source>
            <translation>Все действия</translation>
        </message>
        <message>
            <source>All projects</source>
            <translation>Все проекты</translation>
        </message>
        <message>
            <source>All decisions</source>
            <translation>Все решения</translation>
        </message>
        <message>
            <source>All outcomes</source>
            <translation>Все итоги</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Сбросить</translation>
        </message>
        <message>
            <source>Following</source>
            <translation>Следим</translation>
        </message>
        <message numerus="yes">
            <source>Show %n new</source>
            <translation>
                <numerusform>Показать %n новую</numerusform>
                <numerusform>Показать %n новые</numerusform>
                <numerusform>Показать %n новых</numerusform>
            </translation>
        </message>
        <message>
            <source>Follow</source>
            <translation>Следить</translation>
        </message>
        <message>
            <source>Choose a line to see all of it.</source>
            <translation>Выберите строку, чтобы увидеть её целиком.</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Время</translation>
        </message>
        <message>
            <source>Agent</source>
            <translation>Агент</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>Клиент</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>Проект</translation>
        </message>
        <message>
            <source>Issue</source>
            <translation>Задача</translation>
        </message>
        <message>
            <source>Title</source>
            <translation>Название</translation>
        </message>
        <message>
            <source>Tool</source>
            <translation>Инструмент</translation>
        </message>
        <message>
            <source>Came by</source>
            <translation>Путь</translation>
        </message>
        <message>
            <source>Outcome code</source>
            <translation>Код итога</translation>
        </message>
        <message>
            <source>Took</source>
            <translation>Заняло</translation>
        </message>
        <message>
            <source>Call</source>
            <translation>Вызов</translation>
        </message>
        <message>
            <source>Journal row</source>
            <translation>Строка журнала</translation>
        </message>
        <message>
            <source>Check the &amp;journal</source>
            <translation>Проверить &amp;журнал</translation>
        </message>
        <message>
            <source>Walks the whole journal and says whether every row is the one that was written.</source>
            <translation>Проходит весь журнал и говорит, осталась ли каждая строка такой, какой была записана.</translation>
        </message>
        <message>
            <source>Checking…</source>
            <translation>Проверяю…</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Остановить</translation>
        </message>
        <message>
            <source>Search &amp;further</source>
            <translation>Искать &amp;дальше</translation>
        </message>
        <message>
            <source>How many</source>
            <translation>Сколько</translation>
        </message>
        <message>
            <source>Your yes</source>
            <translation>Ваше «да»</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ActivitySearch</name>
        <message>
            <source>Searched back to %1 · %2 %</source>
            <translation>Просмотрено до %1 · %2 %</translation>
        </message>
        <message>
            <source>Stopped at %1 · %2 % searched</source>
            <translation>Остановлено на %1 · просмотрено %2 %</translation>
        </message>
        <message>
            <source>Searched everything, back to %1</source>
            <translation>Просмотрено всё, до %1</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::AgentListModel</name>
        <message>
            <source>All agents</source>
            <translation>Все агенты</translation>
        </message>
        <message>
            <source>Last call: %1</source>
            <translation>Последний вызов: %1</translation>
        </message>
        <message>
            <source>Created: %1</source>
            <translation>Создан: %1</translation>
        </message>
        <message numerus="yes">
            <source>%n client(s)</source>
            <translation>
                <numerusform>%n клиент</numerusform>
                <numerusform>%n клиента</numerusform>
                <numerusform>%n клиентов</numerusform>
            </translation>
        </message>
        <message>
            <source>no calls yet</source>
            <translation>вызовов ещё не было</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::AgentsPage</name>
        <message>
            <source>An agent is the name under which Tasker shows what a program does.
Create one, give it grants on projects, then pair a Codex with it.</source>
            <translation>Агент — это имя, под которым Tasker показывает действия программы.
Создайте его, дайте разрешения на проекты и подключите к нему Codex.</translation>
        </message>
        <message>
            <source>&amp;New agent</source>
            <translation>&amp;Новый агент</translation>
        </message>
        <message>
            <source>Agents</source>
            <translation>Агенты</translation>
        </message>
        <message>
            <source>No agents yet.</source>
            <translation>Агентов пока нет.</translation>
        </message>
        <message>
            <source>&amp;Rename</source>
            <translation>&amp;Переименовать</translation>
        </message>
        <message>
            <source>Retire…</source>
            <translation>Вывести из работы…</translation>
        </message>
        <message>
            <source>Pair a &amp;Codex</source>
            <translation>Подключить &amp;Codex</translation>
        </message>
        <message>
            <source>Clients</source>
            <translation>Клиенты</translation>
        </message>
        <message>
            <source>Re&amp;voke…</source>
            <translation>&amp;Отозвать…</translation>
        </message>
        <message>
            <source>Clients of this agent</source>
            <translation>Клиенты этого агента</translation>
        </message>
        <message>
            <source>No program is paired with this agent yet. Press Pair a Codex.</source>
            <translation>К этому агенту ещё не подключена ни одна программа. Нажмите «Подключить Codex».</translation>
        </message>
        <message>
            <source>R&amp;esume</source>
            <translation>&amp;Возобновить</translation>
        </message>
        <message>
            <source>&amp;Pause</source>
            <translation>П&amp;ауза</translation>
        </message>
        <message>
            <source>New agent</source>
            <translation>Новый агент</translation>
        </message>
        <message>
            <source>Tasker shows this name beside everything that the agent does.</source>
            <translation>Tasker показывает это имя рядом со всем, что делает агент.</translation>
        </message>
        <message>
            <source>Create</source>
            <translation>Создать</translation>
        </message>
        <message>
            <source>There is an agent with this name already.</source>
            <translation>Агент с таким именем уже есть.</translation>
        </message>
        <message>
            <source>Rename agent</source>
            <translation>Переименовать агента</translation>
        </message>
        <message>
            <source>Tasker shows the new name from the next call on.</source>
            <translation>Tasker покажет новое имя со следующего вызова.</translation>
        </message>
        <message>
            <source>Rename</source>
            <translation>Переименовать</translation>
        </message>
        <message>
            <source>Retire %1?</source>
            <translation>Вывести из работы: %1?</translation>
        </message>
        <message>
            <source>Its clients are revoked and its calls refused. It cannot come back; what it did stays in the journal.</source>
            <translation>Его клиенты будут отозваны, а вызовы отклонены. Вернуть его нельзя; всё, что он сделал, останется в журнале.</translation>
        </message>
        <message>
            <source>Retire</source>
            <translation>Вывести из работы</translation>
        </message>
        <message>
            <source>Revoke %1?</source>
            <translation>Отозвать: %1?</translation>
        </message>
        <message>
            <source>Its token stops working at once. To connect it again, pair it again.</source>
            <translation>Его токен сразу перестанет действовать. Чтобы вернуть клиента, подключите его заново.</translation>
        </message>
        <message>
            <source>Revoke</source>
            <translation>Отозвать</translation>
        </message>
        <message>
            <source>An agent is the name under which Tasker shows what a program does.
    Create one, give it grants on projects, then pair a Codex with it.</source>
            <translation>Агент — это имя, под которым Tasker показывает действия программы.
    Создайте его, дайте разрешения на проекты и подключите к нему Codex.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ApprovalDialog</name>
        <message>
            <source>An agent asks</source>
            <translation>Агент спрашивает</translation>
        </message>
        <message>
            <source>Your PIN is asked for when you allow this.</source>
            <translation>При разрешении будет запрошен ваш PIN.</translation>
        </message>
        <message>
            <source>Deny</source>
            <translation>Отказать</translation>
        </message>
        <message>
            <source>Deny and pause the agent</source>
            <translation>Отказать и приостановить агента</translation>
        </message>
        <message>
            <source>Next question</source>
            <translation>Следующий вопрос</translation>
        </message>
        <message>
            <source>Allow</source>
            <translation>Разрешить</translation>
        </message>
        <message>
            <source>Reason for a no; the agent is told (optional)</source>
            <translation>Причина отказа; агент её узнает (необязательно)</translation>
        </message>
        <message>
            <source>Reason for a no</source>
            <translation>Причина отказа</translation>
        </message>
        <message>
            <source>Question %1 of %2</source>
            <translation>Вопрос %1 из %2</translation>
        </message>
        <message>
            <source>The question has run out</source>
            <translation>Время вопроса истекло</translation>
        </message>
        <message>
            <source>The agent waits %1 more for your answer, then it has to repeat the call. Open for %2.</source>
            <translation>Агент ждёт ответа ещё %1, потом должен повторить вызов. Вопрос открыт ещё %2.</translation>
        </message>
        <message>
            <source>The agent waits no more and has to repeat the call; your answer counts for that. Open for %1.</source>
            <translation>Агент больше не ждёт и должен повторить вызов; тогда ваш ответ подействует. Вопрос открыт ещё %1.</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>Проект</translation>
        </message>
        <message>
            <source>Issue</source>
            <translation>Задача</translation>
        </message>
        <message>
            <source>Title</source>
            <translation>Название</translation>
        </message>
        <message>
            <source>What it sends, written by the agent</source>
            <translation>Что отправляется (написано агентом)</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>Клиент</translation>
        </message>
        <message>
            <source>%1 now</source>
            <comment>before the change</comment>
            <translation>%1 сейчас</translation>
        </message>
        <message>
            <source>%1 then</source>
            <comment>after the change</comment>
            <translation>%1 после</translation>
        </message>
        <message>
            <source>Open for %1</source>
            <translation>Открыт ещё %1</translation>
        </message>
        <message>
            <source>What it would make</source>
            <translation>Что будет создано</translation>
        </message>
        <message>
            <source>What it would change</source>
            <translation>Что изменится</translation>
        </message>
        <message>
            <source>The issue has changed since the agent looked at it. Tasker would refuse this; the agent has to look again.</source>
            <translation>Задача изменилась после того, как агент её видел. Tasker откажет; агент должен посмотреть снова.</translation>
        </message>
        <message>
            <source>nothing</source>
            <translation>пусто</translation>
        </message>
        <message>
            <source>%1 (as it is)</source>
            <translation>%1 (без изменений)</translation>
        </message>
        <message>
            <source>Reading from Tasker what is there now…</source>
            <translation>Читаю в Tasker, что там сейчас…</translation>
        </message>
        <message>
            <source>What is there now could not be read. %1</source>
            <translation>Не удалось прочитать, что там сейчас. %1</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::AskDialog</name>
        <message>
            <source>Type %1 to go on:</source>
            <translation>Чтобы продолжить, введите «%1»:</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::CallFacts</name>
        <message>
            <source>nothing</source>
            <translation>пусто</translation>
        </message>
        <message>
            <source>What is asked</source>
            <translation>О чём вопрос</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>Клиент</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>Проект</translation>
        </message>
        <message>
            <source>Issue</source>
            <translation>Задача</translation>
        </message>
        <message>
            <source>Title</source>
            <translation>Название</translation>
        </message>
        <message>
            <source>Reading from Tasker what is there now…</source>
            <translation>Читаю в Tasker, что там сейчас…</translation>
        </message>
        <message>
            <source>What is there now could not be read. %1</source>
            <translation>Не удалось прочитать, что там сейчас. %1</translation>
        </message>
        <message>
            <source>Changed since you were asked</source>
            <translation>Изменилось с тех пор, как вас спросили</translation>
        </message>
        <message>
            <source>The issue has changed since the agent looked at it. Tasker would refuse this; the agent has to look again.</source>
            <translation>Задача изменилась после того, как агент её видел. Tasker откажет; агент должен посмотреть снова.</translation>
        </message>
        <message>
            <source>None of what is shown here was changed.</source>
            <translation>Из того, что здесь показано, ничего не изменилось.</translation>
        </message>
        <message>
            <source>%1 → %2</source>
            <comment>before and after</comment>
            <translation>%1 → %2</translation>
        </message>
        <message>
            <source>What it would make</source>
            <translation>Что будет создано</translation>
        </message>
        <message>
            <source>What it would change</source>
            <translation>Что изменится</translation>
        </message>
        <message>
            <source>%1 (as it is)</source>
            <translation>%1 (без изменений)</translation>
        </message>
        <message>
            <source>%1 now</source>
            <comment>before the change</comment>
            <translation>%1 сейчас</translation>
        </message>
        <message>
            <source>%1 then</source>
            <comment>after the change</comment>
            <translation>%1 после</translation>
        </message>
        <message>
            <source>What it sends, written by the agent</source>
            <translation>Что отправляется (написано агентом)</translation>
        </message>
        <message numerus="yes">
            <source>Show all %n line(s)</source>
            <translation>
                <numerusform>Показать всю %n строку</numerusform>
                <numerusform>Показать все %n строки</numerusform>
                <numerusform>Показать все %n строк</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ClientListModel</name>
        <message>
            <source>Paired: %1</source>
            <translation>Подключён: %1</translation>
        </message>
        <message>
            <source>%1: as many connections were open as one token may have. If several programs share it, give each a token of its own.</source>
            <translation>%1: было открыто столько соединений, сколько разрешено одному токену. Если им пользуются несколько программ, дайте каждой свой токен.</translation>
        </message>
        <message>
            <source>%1 · shared by too many programs</source>
            <translation>%1 · слишком много программ на одном токене</translation>
        </message>
        <message>
            <source>By hand</source>
            <translation>Вручную</translation>
        </message>
        <message>
            <source>Never</source>
            <translation>Никогда</translation>
        </message>
        <message>
            <source>Revoked</source>
            <translation>Отозван</translation>
        </message>
        <message>
            <source>Ran out</source>
            <translation>Истёк</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>Клиент</translation>
        </message>
        <message>
            <source>Token</source>
            <translation>Токен</translation>
        </message>
        <message>
            <source>Paired by</source>
            <translation>Подключён через</translation>
        </message>
        <message>
            <source>Last used</source>
            <translation>Последний вызов</translation>
        </message>
        <message>
            <source>Valid until</source>
            <translation>Действует</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::CommandRow</name>
        <message>
            <source>Copy</source>
            <translation>Копировать</translation>
        </message>
        <message>
            <source>Copy: %1</source>
            <translation>Копировать: %1</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Скопировано</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ConfirmationDialog</name>
        <message>
            <source>A program wants to log in</source>
            <translation>Программа хочет войти</translation>
        </message>
        <message>
            <source>Choose an agent</source>
            <translation>Выберите агента</translation>
        </message>
        <message>
            <source>A program wants to be paired with %1</source>
            <translation>Программа хочет подключиться к агенту %1</translation>
        </message>
        <message>
            <source>Allow</source>
            <translation>Разрешить</translation>
        </message>
        <message>
            <source>Reading…</source>
            <translation>Чтение…</translation>
        </message>
        <message>
            <source>Check number %1</source>
            <translation>Контрольное число %1</translation>
        </message>
        <message>
            <source>Allow only if the program on the other side shows this same number.</source>
            <translation>Разрешайте, только если программа на другой стороне показывает это же число.</translation>
        </message>
        <message>
            <source>Calls itself</source>
            <translation>Называет себя</translation>
        </message>
        <message>
            <source>Would act as</source>
            <translation>Будет действовать как</translation>
        </message>
        <message>
            <source>everything that this agent may</source>
            <translation>всё, что можно этому агенту</translation>
        </message>
        <message>
            <source>Asks for</source>
            <translation>Просит</translation>
        </message>
        <message>
            <source>Which may</source>
            <translation>Которому можно</translation>
        </message>
        <message>
            <source>Deny</source>
            <translation>Отказать</translation>
        </message>
        <message>
            <source>nothing yet: it has no grants</source>
            <translation>пока ничего: разрешений нет</translation>
        </message>
        <message>
            <source>Denied by itself in %1</source>
            <translation>Отказ сам собой через %1</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ConnectionModel</name>
        <message>
            <source>An address begins with https:// and a host name.</source>
            <translation>Адрес начинается с https:// и имени узла.</translation>
        </message>
        <message>
            <source>Use https. Plain http is taken only for this machine.</source>
            <translation>Используйте https. Простой http допустим только для этого компьютера.</translation>
        </message>
        <message>
            <source>Enter your user id on the platform.</source>
            <translation>Введите свой идентификатор на платформе.</translation>
        </message>
        <message>
            <source>Enter the e-mail of your platform account.</source>
            <translation>Введите почту своей учётной записи на платформе.</translation>
        </message>
        <message>
            <source>Enter the adapter credential.</source>
            <translation>Введите ключ доступа адаптера.</translation>
        </message>
        <message>
            <source>The stored credential belongs to the stored address. Enter one for the new address.</source>
            <translation>Сохранённый ключ относится к сохранённому адресу. Введите ключ для нового адреса.</translation>
        </message>
        <message>
            <source>This file cannot be read.</source>
            <translation>Этот файл не читается.</translation>
        </message>
        <message>
            <source>Enter Tasker's address, as your browser shows it.</source>
            <translation>Введите адрес Tasker, как его показывает браузер.</translation>
        </message>
        <message>
            <source>Leave out the user name: only the address itself.</source>
            <translation>Уберите имя пользователя: нужен только сам адрес.</translation>
        </message>
        <message>
            <source>Saved. The credential is in the keychain.</source>
            <translation>Сохранено. Ключ доступа в связке ключей.</translation>
        </message>
        <message>
            <source>The adapter was found at %1.</source>
            <translation>Адаптер найден по адресу %1.</translation>
        </message>
        <message>
            <source>But Tasker has not answered yet.</source>
            <translation>Но Tasker ещё не ответил.</translation>
        </message>
        <message>
            <source>Enter the address of Tasker's adapter.</source>
            <translation>Введите адрес адаптера Tasker.</translation>
        </message>
        <message>
            <source>Leave out user name, question mark and hash: only the address itself.</source>
            <translation>Уберите имя пользователя, вопросительный знак и решётку: нужен только сам адрес.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ConnectionPage</name>
        <message>
            <source>Tasker answers, but shows you no project. Check the user id and e-mail.</source>
            <translation>Tasker отвечает, но не показывает вам ни одного проекта. Проверьте идентификатор и почту.</translation>
        </message>
        <message numerus="yes">
            <source>Tasker answers. %n project(s) of yours: </source>
            <translation>
                <numerusform>Tasker отвечает. %n ваш проект: </numerusform>
                <numerusform>Tasker отвечает. %n ваших проекта: </numerusform>
                <numerusform>Tasker отвечает. %n ваших проектов: </numerusform>
            </translation>
        </message>
        <message>
            <source>Your owner token</source>
            <translation>Ваш токен владельца</translation>
        </message>
        <message>
            <source>It is shown only now. Whoever has it can read everything here, deny, revoke and pause in your name for 12 hours; to allow or widen it needs your PIN as well. Never give it to an agent.</source>
            <translation>Он показывается только сейчас. Кто им владеет, 12 часов может от вашего имени читать здесь всё, отказывать, отзывать и приостанавливать; чтобы разрешать и расширять, нужен ещё и ваш PIN. Никогда не давайте его агенту.</translation>
        </message>
        <message>
            <source>Tasker</source>
            <translation>Tasker</translation>
        </message>
        <message>
            <source>&amp;Address</source>
            <translation>&amp;Адрес</translation>
        </message>
        <message>
            <source>&amp;User id</source>
            <translation>&amp;Идентификатор</translation>
        </message>
        <message>
            <source>Your id on the platform</source>
            <translation>Ваш идентификатор на платформе</translation>
        </message>
        <message>
            <source>&amp;E-mail</source>
            <translation>&amp;Почта</translation>
        </message>
        <message>
            <source>C&amp;redential</source>
            <translation>&amp;Ключ доступа</translation>
        </message>
        <message>
            <source>CA &amp;file</source>
            <translation>&amp;Файл УЦ</translation>
        </message>
        <message>
            <source>Only for an own certificate authority (PEM)</source>
            <translation>Только для собственного удостоверяющего центра (PEM)</translation>
        </message>
        <message>
            <source>Choose…</source>
            <translation>Выбрать…</translation>
        </message>
        <message>
            <source>Choose the CA file</source>
            <translation>Выбрать файл УЦ</translation>
        </message>
        <message>
            <source>&amp;Test connection</source>
            <translation>Прове&amp;рить подключение</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>&amp;Сохранить</translation>
        </message>
        <message>
            <source>CA file</source>
            <translation>Файл УЦ</translation>
        </message>
        <message>
            <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
            <translation>Сертификаты (*.pem *.crt *.cer);;Все файлы (*)</translation>
        </message>
        <message>
            <source>PIN</source>
            <translation>PIN</translation>
        </message>
        <message>
            <source>Forgotten…</source>
            <translation>Забыт…</translation>
        </message>
        <message>
            <source>My own tools</source>
            <translation>Мои инструменты</translation>
        </message>
        <message>
            <source>gatehousectl and your own scripts need an owner token. It lives for 12 hours and is shown once. Agents never need one.</source>
            <translation>Для gatehousectl и ваших сценариев нужен токен владельца. Он живёт 12 часов и показывается один раз. Агентам он не нужен никогда.</translation>
        </message>
        <message>
            <source>Make one for my tools…</source>
            <translation>Создать для моих инструментов…</translation>
        </message>
        <message>
            <source>Stored in the keychain</source>
            <translation>Хранится в связке ключей</translation>
        </message>
        <message>
            <source>Adapter credential</source>
            <translation>Ключ доступа адаптера</translation>
        </message>
        <message>
            <source>Asking Tasker…</source>
            <translation>Спрашиваем Tasker…</translation>
        </message>
        <message>
            <source>Change PIN…</source>
            <translation>Сменить PIN…</translation>
        </message>
        <message>
            <source>Set a PIN…</source>
            <translation>Задать PIN…</translation>
        </message>
        <message>
            <source>Reset the PIN?</source>
            <translation>Сбросить PIN?</translation>
        </message>
        <message>
            <source>So that nobody gains by this: all tokens are revoked, and all grants are turned to Ask. Your programs have to be paired again.</source>
            <translation>Чтобы никто на этом не выиграл, все токены будут отозваны, а все разрешения станут вопросами. Программы придётся подключить заново.</translation>
        </message>
        <message>
            <source>Reset the PIN</source>
            <translation>Сбросить PIN</translation>
        </message>
        <message>
            <source>reset</source>
            <translation>сброс</translation>
        </message>
        <message>
            <source>Make an owner token</source>
            <translation>Создать токен владельца</translation>
        </message>
        <message>
            <source>A name to know it by, for example the tool that will hold it.</source>
            <translation>Имя, по которому вы его узнаете, например инструмент, где он будет.</translation>
        </message>
        <message>
            <source>Make token</source>
            <translation>Создать токен</translation>
        </message>
        <message>
            <source>Journal</source>
            <translation>Журнал</translation>
        </message>
        <message>
            <source>Export to another folder…</source>
            <translation>Выгружать в другую папку…</translation>
        </message>
        <message>
            <source>Folder for exported rows</source>
            <translation>Папка для выгруженных строк</translation>
        </message>
        <message>
            <source>The adapter was found at %1.</source>
            <translation>Адаптер найден по адресу %1.</translation>
        </message>
        <message>
            <source>Saved. The credential is in the keychain.</source>
            <translation>Сохранено. Ключ доступа в связке ключей.</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Журнал работы</translation>
        </message>
        <message>
            <source>What Gatehouse did and what failed, for whoever helps you. It holds no secrets and no titles.</source>
            <translation>Что Gatehouse делал и что не удалось — для того, кто вам помогает. Секретов и заголовков в нём нет.</translation>
        </message>
        <message>
            <source>Open the folder</source>
            <translation>Открыть папку</translation>
        </message>
        <message>
            <source>Open the log's folder</source>
            <translation>Открыть папку журнала работы</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::DateDialog</name>
        <message>
            <source>Until when?</source>
            <translation>До какого дня?</translation>
        </message>
        <message>
            <source>Last day</source>
            <translation>Последний день</translation>
        </message>
        <message>
            <source>The grants of this project end when this day is over.</source>
            <translation>Разрешения на этот проект закончатся вместе с этим днём.</translation>
        </message>
        <message>
            <source>Set</source>
            <translation>Задать</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::Dialog</name>
        <message>
            <source>Cancel</source>
            <translation>Отмена</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::DiffView</name>
        <message numerus="yes">
            <source>⋯ %n line(s) as before</source>
            <translation>
                <numerusform>⋯ %n строка без изменений</numerusform>
                <numerusform>⋯ %n строки без изменений</numerusform>
                <numerusform>⋯ %n строк без изменений</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::GatewayModel</name>
        <message>
            <source>All is quiet, after %1. Questions withdrawn: %2. Connections closed: %3. Calls that had reached Tasker and ended: %4. Clients revoked: %5.</source>
            <translation>Всё тихо, через %1. Вопросов отозвано: %2. Соединений закрыто: %3. Вызовов, дошедших до Tasker и завершённых: %4. Клиентов отозвано: %5.</translation>
        </message>
        <message>
            <source>Gatehouse is starting</source>
            <translation>Gatehouse запускается</translation>
        </message>
        <message>
            <source>It opens its database and its doors. This takes a moment.</source>
            <translation>Открываются база данных и входы. Это займёт мгновение.</translation>
        </message>
        <message>
            <source>Gatehouse is locked</source>
            <translation>Gatehouse заблокирован</translation>
        </message>
        <message>
            <source>Calls cannot be recorded</source>
            <translation>Вызовы не удаётся записать</translation>
        </message>
        <message>
            <source>The database was moved or removed while Gatehouse runs, so no call is let through. Move it back; or stop Gatehouse, which puts back what was removed, and start it again.</source>
            <translation>Файл базы данных переместили или удалили во время работы Gatehouse, поэтому ни один вызов не проходит. Верните его на место; или остановите Gatehouse — удалённый файл при этом будет восстановлен — и запустите снова.</translation>
        </message>
        <message>
            <source>All agents are paused</source>
            <translation>Все агенты на паузе</translation>
        </message>
        <message>
            <source>Programs stay connected, but no call is let through until you press Resume.</source>
            <translation>Программы остаются на связи, но вызовы не пропускаются, пока вы не нажмёте «Возобновить».</translation>
        </message>
        <message>
            <source>Gatehouse is stopping</source>
            <translation>Gatehouse завершает работу</translation>
        </message>
        <message>
            <source>Not connected</source>
            <translation>Не подключено</translation>
        </message>
        <message>
            <source>No Tasker is connected yet</source>
            <translation>Tasker ещё не подключён</translation>
        </message>
        <message>
            <source>Enter its address and your credential, then agents can be given work.</source>
            <translation>Введите его адрес и свой ключ доступа, и агентам можно будет давать работу.</translation>
        </message>
        <message>
            <source>Tasker has a problem: %1</source>
            <translation>Сложности с Tasker: %1</translation>
        </message>
        <message>
            <source>Agents can work, and every call is recorded</source>
            <translation>Агенты могут работать, каждый вызов записывается</translation>
        </message>
        <message>
            <source>They reach Tasker only through Gatehouse, and only as far as you let them.</source>
            <translation>Они обращаются к Tasker только через Gatehouse и только в пределах ваших разрешений.</translation>
        </message>
        <message>
            <source>no Tasker connected</source>
            <translation>Tasker не подключён</translation>
        </message>
        <message>
            <source>Tasker connected</source>
            <translation>Tasker подключён</translation>
        </message>
        <message>
            <source>Not signed</source>
            <translation>Не подписывается</translation>
        </message>
        <message>
            <source>The key that signs the journal is gone</source>
            <translation>Ключ, которым подписан журнал, пропал</translation>
        </message>
        <message>
            <source>The database is older than your keychain remembers</source>
            <translation>База старше, чем помнит ваша связка ключей</translation>
        </message>
        <message>
            <source>Calls are still recorded, but the journal is not signed until you have said whether you put a copy back yourself.</source>
            <translation>Вызовы по-прежнему записываются, но журнал не подписывается, пока вы не скажете, сами ли вы вернули копию.</translation>
        </message>
        <message>
            <source>Not tried</source>
            <translation>Не проверено</translation>
        </message>
        <message>
            <source>Tasker has not answered yet</source>
            <translation>Tasker ещё не ответил</translation>
        </message>
        <message>
            <source>Its address and your credential are stored. Until it answers, no call can succeed.</source>
            <translation>Его адрес и ваш ключ доступа сохранены. Пока он не ответит, ни один вызов не удастся.</translation>
        </message>
        <message>
            <source>Your keychain asks you</source>
            <translation>Связка ключей спрашивает вас</translation>
        </message>
        <message>
            <source>Answer whether Gatehouse may have its secrets; then it goes on by itself.</source>
            <translation>Ответьте, можно ли Gatehouse получить свои секреты; дальше он продолжит сам.</translation>
        </message>
        <message>
            <source>The port is held by %1</source>
            <translation>Порт занят программой %1</translation>
        </message>
        <message>
            <source>Is the clock right?</source>
            <translation>Часы идут верно?</translation>
        </message>
        <message>
            <source>It says %1. When Gatehouse last knew, it was %2. Until you have answered, nothing ends and nothing is removed by the new time. If the clock is wrong, set it right and this goes away by itself.</source>
            <translation>Они показывают %1. Когда Gatehouse знал время в последний раз, было %2. Пока вы не ответите, по новому времени ничего не истекает и ничего не удаляется. Если часы врут, выставьте их, и вопрос исчезнет сам.</translation>
        </message>
        <message>
            <source>The time stands in the future</source>
            <translation>Время стоит в будущем</translation>
        </message>
        <message>
            <source>The clock once stood in the future</source>
            <translation>Часы когда-то стояли в будущем</translation>
        </message>
        <message>
            <source>Gatehouse counts from %1, and the clock says %2. Until you have answered, everything ends by the later time. If the clock is wrong now, set it right and this goes away by itself.</source>
            <translation>Gatehouse отсчитывает от %1, а часы показывают %2. Пока вы не ответите, всё истекает по более позднему времени. Если врут нынешние часы, выставьте их, и вопрос исчезнет сам.</translation>
        </message>
        <message>
            <source>From now on it is %1. Tokens and grants that end before then have ended, and rows of the journal that are old enough by then are exported and removed. This cannot be taken back.</source>
            <translation>С этого момента считается %1. Токены и права, срок которых кончается раньше, истекли, а строки журнала, которые к этому времени достаточно стары, выгружаются и удаляются. Отменить это нельзя.</translation>
        </message>
        <message>
            <source>From now on it is %1 again. What has ended stays ended: give new dates and new tokens where they are wanted. What still holds keeps the time that it had left. The journal keeps every row.</source>
            <translation>С этого момента снова считается %1. Что истекло, остаётся истёкшим: где нужно, дайте новые сроки и новые токены. Что ещё действует, сохраняет свой остаток времени. Журнал сохраняет каждую строку.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::GettingStartedModel</name>
        <message>
            <source>Its address and your credential are stored, and Tasker answers.</source>
            <translation>Его адрес и ваш ключ доступа сохранены, и Tasker отвечает.</translation>
        </message>
        <message>
            <source>Connect Tasker</source>
            <translation>Подключите Tasker</translation>
        </message>
        <message>
            <source>Its address and your credential; the credential goes to the keychain.</source>
            <translation>Его адрес и ваш ключ доступа; ключ хранится в связке ключей.</translation>
        </message>
        <message>
            <source>Connect</source>
            <translation>Подключить</translation>
        </message>
        <message>
            <source>Set a PIN</source>
            <translation>Задайте PIN</translation>
        </message>
        <message>
            <source>Whatever widens what agents may do asks for it.</source>
            <translation>Он нужен для всего, что расширяет права агентов.</translation>
        </message>
        <message>
            <source>Set PIN</source>
            <translation>Задать PIN</translation>
        </message>
        <message>
            <source>Create an agent</source>
            <translation>Создайте агента</translation>
        </message>
        <message>
            <source>The name under which Tasker shows what it does.</source>
            <translation>Имя, под которым Tasker показывает его действия.</translation>
        </message>
        <message>
            <source>Create</source>
            <translation>Создать</translation>
        </message>
        <message>
            <source>Give it a grant</source>
            <translation>Дайте ему разрешение</translation>
        </message>
        <message>
            <source>Choose a project and what the agent may do there.</source>
            <translation>Выберите проект и что агенту там можно.</translation>
        </message>
        <message>
            <source>Give</source>
            <translation>Дать</translation>
        </message>
        <message>
            <source>Pair a Codex</source>
            <translation>Подключите Codex</translation>
        </message>
        <message>
            <source>Connect the program that works as this agent.</source>
            <translation>Соедините программу, которая работает от имени агента.</translation>
        </message>
        <message>
            <source>Pair</source>
            <translation>Подключить</translation>
        </message>
        <message>
            <source>%1: done</source>
            <translation>%1: готово</translation>
        </message>
        <message>
            <source>%1: to do</source>
            <translation>%1: предстоит</translation>
        </message>
        <message>
            <source>Its address and your credential are stored, but Tasker has not answered yet.</source>
            <translation>Его адрес и ваш ключ доступа сохранены, но Tasker ещё не ответил.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::GrantEditor</name>
        <message>
            <source>Ask with PIN</source>
            <translation>Вопрос с PIN</translation>
        </message>
        <message>
            <source>As for all projects</source>
            <translation>Как для всех проектов</translation>
        </message>
        <message>
            <source>This agent has grants on all projects, also on those that are created later.</source>
            <translation>У этого агента есть разрешения на все проекты, в том числе на те, что появятся позже.</translation>
        </message>
        <message>
            <source>Find a project to add…</source>
            <translation>Найти проект…</translation>
        </message>
        <message>
            <source>Find a project to add</source>
            <translation>Найти проект, чтобы добавить</translation>
        </message>
        <message>
            <source>All projects…</source>
            <translation>Все проекты…</translation>
        </message>
        <message>
            <source>What it may do</source>
            <translation>Что ему можно</translation>
        </message>
        <message>
            <source>Grants: projects and what the agent may do there</source>
            <translation>Разрешения: проекты и что агенту там можно</translation>
        </message>
        <message>
            <source>No grants: this agent may do nothing.
Find a project above and give it some.</source>
            <translation>Разрешений нет: агенту ничего нельзя.
Найдите выше проект и дайте их.</translation>
        </message>
        <message>
            <source>Set row</source>
            <translation>Строка</translation>
        </message>
        <message>
            <source>Until</source>
            <translation>Срок</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Отменить</translation>
        </message>
        <message>
            <source>&amp;Save grants</source>
            <translation>&amp;Сохранить</translation>
        </message>
        <message>
            <source>Read only</source>
            <translation>Только чтение</translation>
        </message>
        <message>
            <source>Read, and ask before each change</source>
            <translation>Чтение, перед изменениями спрашивать</translation>
        </message>
        <message>
            <source>Allow everything</source>
            <translation>Разрешить всё</translation>
        </message>
        <message>
            <source>Nothing</source>
            <translation>Ничего</translation>
        </message>
        <message>
            <source>No end</source>
            <translation>Бессрочно</translation>
        </message>
        <message numerus="yes">
            <source>For %n day(s)</source>
            <translation>
                <numerusform>На %n день</numerusform>
                <numerusform>На %n дня</numerusform>
                <numerusform>На %n дней</numerusform>
            </translation>
        </message>
        <message>
            <source>Choose a day…</source>
            <translation>Выбрать день…</translation>
        </message>
        <message>
            <source>Projects found</source>
            <translation>Найденные проекты</translation>
        </message>
        <message>
            <source>No project of yours fits. Check the spelling, or your rights in Tasker.</source>
            <translation>Подходящих проектов нет. Проверьте написание или свои права в Tasker.</translation>
        </message>
        <message>
            <source>Widen grants on all projects?</source>
            <translation>Расширить разрешения на все проекты?</translation>
        </message>
        <message>
            <source>The agent would have them in every project that you can see, also in those created later. Grants on single projects are safer.</source>
            <translation>Агент получит их во всех видимых вам проектах, в том числе в будущих. Разрешения на отдельные проекты безопаснее.</translation>
        </message>
        <message>
            <source>Give on all projects</source>
            <translation>Дать на все проекты</translation>
        </message>
        <message numerus="yes">
            <source>%n change(s) not saved</source>
            <translation>
                <numerusform>%n изменение не сохранено</numerusform>
                <numerusform>%n изменения не сохранены</numerusform>
                <numerusform>%n изменений не сохранено</numerusform>
            </translation>
        </message>
        <message>
            <source>&amp;Undo row</source>
            <translation>&amp;Вернуть строку</translation>
        </message>
        <message>
            <source>Brings back what stood in this row before it was changed or, once that was saved, before the last save</source>
            <translation>Возвращает то, что было в этой строке до изменения, а если оно уже сохранено — до последнего сохранения</translation>
        </message>
        <message>
            <source>Save the grants of %1?</source>
            <translation>Сохранить разрешения агента %1?</translation>
        </message>
        <message numerus="yes">
            <source>%n change(s) not saved. Nothing is different for the agent before they are.</source>
            <translation>
                <numerusform>%n изменение не сохранено. Пока оно не сохранено, для агента ничего не меняется.</numerusform>
                <numerusform>%n изменения не сохранены. Пока они не сохранены, для агента ничего не меняется.</numerusform>
                <numerusform>%n изменений не сохранено. Пока они не сохранены, для агента ничего не меняется.</numerusform>
            </translation>
        </message>
        <message>
            <source>No grants: this agent may do nothing.
    Find a project above and give it some.</source>
            <translation>Разрешений нет: агенту ничего нельзя.
    Найдите выше проект и дайте их.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::GrantMatrixModel</name>
        <message>
            <source>All projects</source>
            <translation>Все проекты</translation>
        </message>
        <message>
            <source>%1 (given for a time by your answer)</source>
            <translation>%1 (на время, по вашему ответу)</translation>
        </message>
        <message>
            <source>Differs</source>
            <translation>По-разному</translation>
        </message>
        <message>
            <source>Project</source>
            <translation>Проект</translation>
        </message>
        <message>
            <source>Until</source>
            <translation>Срок</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::JournalModel</name>
        <message>
            <source>Row %1 was changed after it was written.</source>
            <translation>Строка %1 изменена после записи.</translation>
        </message>
        <message>
            <source>Row %1 stands in another's place.</source>
            <translation>Строка %1 стоит на чужом месте.</translation>
        </message>
        <message>
            <source>Rows are missing from row %1 on.</source>
            <translation>Начиная со строки %1 не хватает строк.</translation>
        </message>
        <message>
            <source>From row %1 on these are not the rows that were signed.</source>
            <translation>Начиная со строки %1 это не те строки, что были подписаны.</translation>
        </message>
        <message>
            <source>Signed rows from %1 on are gone from the end.</source>
            <translation>В конце пропали подписанные строки начиная с %1.</translation>
        </message>
        <message>
            <source>Your keychain remembers other rows from %1 on: an older copy of the database was put back.</source>
            <translation>Связка ключей помнит другие строки начиная с %1: базу заменили старой копией.</translation>
        </message>
        <message>
            <source>The beginning is gone, and nothing on record says why.</source>
            <translation>Начала журнала нет, и запись об этом отсутствует.</translation>
        </message>
        <message>
            <source>The signature at row %1 is not by your key.</source>
            <translation>Подпись у строки %1 сделана не вашим ключом.</translation>
        </message>
        <message>
            <source>Something is wrong at row %1.</source>
            <translation>Что-то не так у строки %1.</translation>
        </message>
        <message>
            <source>Keep a copy of the database file before you do anything else.</source>
            <translation>Прежде всего сохраните копию файла базы.</translation>
        </message>
        <message numerus="yes">
            <source>%n row(s)</source>
            <translation>
                <numerusform>%n строка</numerusform>
                <numerusform>%n строки</numerusform>
                <numerusform>%n строк</numerusform>
            </translation>
        </message>
        <message>
            <source>The journal has no rows yet.</source>
            <translation>В журнале пока нет строк.</translation>
        </message>
        <message>
            <source>The journal is whole: %1, each in its place.</source>
            <translation>Журнал цел: %1, каждая на своём месте.</translation>
        </message>
        <message>
            <source>The newest %1 will be signed within a minute.</source>
            <translation>Ещё не подписаны последние %1; это произойдёт в течение минуты.</translation>
        </message>
        <message>
            <source>You put a copy back at row %1; what is older is as it was found then.</source>
            <translation>У строки %1 вы вернули копию; то, что старше, осталось таким, каким было найдено тогда.</translation>
        </message>
        <message numerus="yes">
            <source>Rows stay for %n day(s). Older ones are exported to a folder of signed files first, and only then removed.</source>
            <translation>
                <numerusform>Строки хранятся %n день. Более старые сначала выгружаются в папку с подписанными файлами и только потом удаляются.</numerusform>
                <numerusform>Строки хранятся %n дня. Более старые сначала выгружаются в папку с подписанными файлами и только потом удаляются.</numerusform>
                <numerusform>Строки хранятся %n дней. Более старые сначала выгружаются в папку с подписанными файлами и только потом удаляются.</numerusform>
            </translation>
        </message>
        <message>
            <source>The key that signs the journal is not in your keychain any more. If you replaced or restored the keychain yourself, say so: a new key is made, and that stands in the journal from then on. If you did not, somebody may be hiding something: leave it, keep a copy of the database file, and check the journal.</source>
            <translation>Ключа, которым подписывается журнал, больше нет в вашей связке ключей. Если вы сами заменили или восстановили связку, подтвердите: будет создан новый ключ, и это останется в журнале. Если нет, кто-то может что-то скрывать: ничего не меняйте, сохраните копию файла базы и проверьте журнал.</translation>
        </message>
        <message>
            <source>Your keychain remembers later rows than this database has. If you put an older copy back yourself, say so: it stands in the journal from then on, and signing goes on. If you did not, somebody may be hiding something: leave it, keep a copy of the database file, and check the journal.</source>
            <translation>Связка ключей помнит более поздние строки, чем есть в этой базе. Если вы сами вернули старую копию, подтвердите: это останется в журнале, и подписание продолжится. Если нет, кто-то может что-то скрывать: ничего не меняйте, сохраните копию файла базы и проверьте журнал.</translation>
        </message>
        <message>
            <source>That folder cannot be written. Choose another one.</source>
            <translation>В эту папку нельзя писать. Выберите другую.</translation>
        </message>
        <message>
            <source>Your keychain remembers later rows than this database has. If you put an older copy back yourself, say so: it stands in the journal from then on, and signing goes on. If you did not, somebody may be hiding something: leave it, keep a copy of the database file, and put the newer one back.</source>
            <translation>Связка ключей помнит более поздние строки, чем есть в этой базе. Если вы сами вернули старую копию, подтвердите: это останется в журнале, и подписание продолжится. Если нет, кто-то может что-то скрывать: не подтверждайте, сохраните копию файла базы и верните более новую.</translation>
        </message>
        <message>
            <source>Old rows are being exported: %1 of %2.</source>
            <translation>Старые строки выгружаются: %1 из %2.</translation>
        </message>
        <message>
            <source>The exported rows are being read back: %1 of %2 are done.</source>
            <translation>Выгруженные строки перечитываются: готово %1 из %2.</translation>
        </message>
        <message>
            <source>Old rows are leaving the file: %1 of %2.</source>
            <translation>Старые строки уходят из файла: %1 из %2.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::MainWindow</name>
        <message>
            <source>Also revoke the clients of (each must be paired again):</source>
            <translation>Отозвать и клиентов (каждого придётся подключать заново):</translation>
        </message>
        <message>
            <source>Gatehouse</source>
            <translation>Gatehouse</translation>
        </message>
        <message>
            <source>Overview</source>
            <translation>Обзор</translation>
        </message>
        <message>
            <source>Agents</source>
            <translation>Агенты</translation>
        </message>
        <message>
            <source>Activity</source>
            <translation>Активность</translation>
        </message>
        <message>
            <source>Connection</source>
            <translation>Подключение</translation>
        </message>
        <message>
            <source>Version %1</source>
            <translation>Версия %1</translation>
        </message>
        <message>
            <source>Stop everything?</source>
            <translation>Остановить всё?</translation>
        </message>
        <message>
            <source>All agents are paused, open questions are withdrawn, and all connections are closed. Calls that have reached Tasker already cannot be taken back.</source>
            <translation>Все агенты будут приостановлены, открытые вопросы сняты, соединения закрыты. Вызовы, которые уже дошли до Tasker, отозвать нельзя.</translation>
        </message>
        <message>
            <source>Stop everything</source>
            <translation>Остановить всё</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::NoticeBar</name>
        <message>
            <source>Dismiss</source>
            <translation>Скрыть</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::OverviewPage</name>
        <message>
            <source>Try again</source>
            <translation>Попробовать снова</translation>
        </message>
        <message>
            <source>Open Connection</source>
            <translation>Открыть «Подключение»</translation>
        </message>
        <message>
            <source>Another port</source>
            <translation>Другой порт</translation>
        </message>
        <message>
            <source>Commands for your programs</source>
            <translation>Команды для ваших программ</translation>
        </message>
        <message>
            <source>Use this port instead</source>
            <translation>Использовать этот порт</translation>
        </message>
        <message>
            <source>Another port:</source>
            <translation>Другой порт:</translation>
        </message>
        <message>
            <source>Programs that Gatehouse set up through its bridge find it by themselves. Those that use the address must be told once, here for Codex:</source>
            <translation>Программы, подключённые через мост Gatehouse, найдут его сами. Тем, что используют адрес, нужно сообщить один раз, вот так для Codex:</translation>
        </message>
        <message>
            <source>Getting started</source>
            <translation>Первые шаги</translation>
        </message>
        <message>
            <source>Today</source>
            <translation>Сегодня</translation>
        </message>
        <message>
            <source>calls</source>
            <translation>вызовы</translation>
        </message>
        <message>
            <source>refused</source>
            <translation>отказы</translation>
        </message>
        <message>
            <source>asked</source>
            <translation>вопросы</translation>
        </message>
        <message>
            <source>Calls today: %1</source>
            <translation>Вызовов сегодня: %1</translation>
        </message>
        <message>
            <source>Refused today: %1</source>
            <translation>Отказов сегодня: %1</translation>
        </message>
        <message>
            <source>Asked today: %1</source>
            <translation>Вопросов сегодня: %1</translation>
        </message>
        <message>
            <source>Waiting for you</source>
            <translation>Ждут вас</translation>
        </message>
        <message>
            <source>Questions that wait for your answer</source>
            <translation>Вопросы, которые ждут вашего ответа</translation>
        </message>
        <message>
            <source>Nothing waits for your answer.</source>
            <translation>Ничто не ждёт вашего ответа.</translation>
        </message>
        <message>
            <source>Latest activity</source>
            <translation>Последние события</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>Показать всё</translation>
        </message>
        <message>
            <source>No calls yet. They show here the moment an agent makes one.</source>
            <translation>Вызовов пока нет. Они появятся здесь, как только агент их сделает.</translation>
        </message>
        <message>
            <source>I put it back myself…</source>
            <translation>Копию вернул я…</translation>
        </message>
        <message>
            <source>Did you put it back yourself?</source>
            <translation>Вы сами вернули копию?</translation>
        </message>
        <message>
            <source>Yes, sign the journal on</source>
            <translation>Да, подписывать дальше</translation>
        </message>
        <message>
            <source>Allowed without asking, for a time</source>
            <translation>Разрешено без вопроса, на время</translation>
        </message>
        <message>
            <source>End now</source>
            <translation>Закончить сейчас</translation>
        </message>
        <message>
            <source>End now: %1</source>
            <translation>Закончить сейчас: %1</translation>
        </message>
        <message>
            <source>The clock was wrong…</source>
            <translation>Часы врали…</translation>
        </message>
        <message>
            <source>The clock is right…</source>
            <translation>Часы идут верно…</translation>
        </message>
        <message>
            <source>Was the clock wrong?</source>
            <translation>Часы врали?</translation>
        </message>
        <message>
            <source>Is the clock right?</source>
            <translation>Часы идут верно?</translation>
        </message>
        <message>
            <source>Yes, it was wrong</source>
            <translation>Да, врали</translation>
        </message>
        <message>
            <source>Yes, it is right</source>
            <translation>Да, верно</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::PairingDialog</name>
        <message>
            <source>Pair a Codex with %1</source>
            <translation>Подключение Codex к агенту %1</translation>
        </message>
        <message>
            <source>New code</source>
            <translation>Новый код</translation>
        </message>
        <message>
            <source>Set up Codex for me…</source>
            <translation>Настроить Codex за меня…</translation>
        </message>
        <message>
            <source>Run this command</source>
            <translation>Выполнить эту команду</translation>
        </message>
        <message>
            <source>Back to the code</source>
            <translation>Назад к коду</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Закрыть</translation>
        </message>
        <message>
            <source>1.  In the terminal on the other side, start:</source>
            <translation>1.  В терминале на другой стороне запустите:</translation>
        </message>
        <message>
            <source>Command to pair</source>
            <translation>Команда для подключения</translation>
        </message>
        <message>
            <source>2.  When it asks, type this code:</source>
            <translation>2.  Когда она спросит, введите этот код:</translation>
        </message>
        <message>
            <source>Time left for the code</source>
            <translation>Сколько ещё действует код</translation>
        </message>
        <message>
            <source>Gatehouse will run exactly this command, which adds one entry to your Codex configuration, and will keep the client's token in your keychain:</source>
            <translation>Gatehouse выполнит именно эту команду: она добавит одну запись в настройки Codex, а токен клиента останется в вашей связке ключей:</translation>
        </message>
        <message>
            <source>Command that will run</source>
            <translation>Команда, которая будет выполнена</translation>
        </message>
        <message>
            <source>Codex sees the new tools when it is started the next time.</source>
            <translation>Codex увидит новые инструменты при следующем запуске.</translation>
        </message>
        <message>
            <source>Pairing code %1</source>
            <translation>Код подключения %1</translation>
        </message>
        <message>
            <source>Making a code…</source>
            <translation>Создаём код…</translation>
        </message>
        <message>
            <source>Then compare the check number here and there, and say yes or no.</source>
            <translation>Затем сравните контрольные числа здесь и там и ответьте «да» или «нет».</translation>
        </message>
        <message>
            <source>The code is not valid any more. Make a new one.</source>
            <translation>Код больше не действует. Создайте новый.</translation>
        </message>
        <message>
            <source>The command is running…</source>
            <translation>Команда выполняется…</translation>
        </message>
        <message>
            <source>Codex is set up. It said:

%1</source>
            <translation>Codex настроен. Его ответ:

%1</translation>
        </message>
        <message>
            <source>The command failed. Run it in a terminal to see more. It said:

%1</source>
            <translation>Команда не удалась. Выполните её в терминале, чтобы узнать больше. Её ответ:

%1</translation>
        </message>
        <message>
            <source>The client %1 that was set up before is revoked: its token was replaced.</source>
            <translation>Клиент %1, настроенный раньше, отозван: его токен заменён.</translation>
        </message>
        <message>
            <source>valid for %1, once</source>
            <translation>действует ещё %1, один раз</translation>
        </message>
        <message>
            <source>Codex is set up. It said:

    %1</source>
            <translation>Codex настроен. Его ответ:

    %1</translation>
        </message>
        <message>
            <source>The command failed. Run it in a terminal to see more. It said:

    %1</source>
            <translation>Команда не удалась. Выполните её в терминале, чтобы узнать больше. Её ответ:

    %1</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::PairingModel</name>
        <message>
            <source>There is no codex command on this machine. Install Codex, or pair it with the code.</source>
            <translation>На этой машине нет команды codex. Установите Codex или подключите его по коду.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::PinDialog</name>
        <message>
            <source>Enter your PIN</source>
            <translation>Введите PIN</translation>
        </message>
        <message>
            <source>Set a PIN</source>
            <translation>Задайте PIN</translation>
        </message>
        <message>
            <source>Change the PIN</source>
            <translation>Смена PIN</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Продолжить</translation>
        </message>
        <message>
            <source>Set PIN</source>
            <translation>Задать PIN</translation>
        </message>
        <message>
            <source>What you are about to do needs it. After that it is not asked again for five minutes.</source>
            <translation>Он нужен для того, что вы собираетесь сделать. Потом пять минут он не спрашивается.</translation>
        </message>
        <message>
            <source>Six digits or more. It protects whatever widens what agents may do, even from programs that run as you.</source>
            <translation>Шесть цифр или больше. Он защищает всё, что расширяет права агентов, даже от программ, запущенных от вашего имени.</translation>
        </message>
        <message>
            <source>PIN until now</source>
            <translation>Прежний PIN</translation>
        </message>
        <message>
            <source>PIN</source>
            <translation>PIN</translation>
        </message>
        <message>
            <source>New PIN</source>
            <translation>Новый PIN</translation>
        </message>
        <message>
            <source>New PIN again</source>
            <translation>Новый PIN ещё раз</translation>
        </message>
        <message>
            <source>The two entries differ.</source>
            <translation>Введённые PIN не совпадают.</translation>
        </message>
        <message>
            <source>You can try again.</source>
            <translation>Можно попробовать снова.</translation>
        </message>
        <message>
            <source>Too many wrong tries. The PIN is locked for %1.</source>
            <translation>Слишком много неверных попыток. PIN заблокирован ещё на %1.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ProtectionModel</name>
        <message>
            <source>No PIN is set. Until there is one, nothing that widens what agents may do can be done.</source>
            <translation>PIN не задан. Пока его нет, расширить права агентов нельзя.</translation>
        </message>
        <message>
            <source>The PIN is locked for %1 after too many wrong tries.</source>
            <translation>После неверных попыток PIN заблокирован ещё на %1.</translation>
        </message>
        <message>
            <source>The PIN is set and was entered within the last five minutes.</source>
            <translation>PIN задан и введён в последние пять минут.</translation>
        </message>
        <message>
            <source>The PIN is set. Whatever widens what agents may do asks for it.</source>
            <translation>PIN задан. Он нужен для всего, что расширяет права агентов.</translation>
        </message>
        <message>
            <source>A PIN has six digits or more, and digits only.</source>
            <translation>PIN состоит только из цифр, их шесть или больше.</translation>
        </message>
        <message>
            <source>All digits are the same. Choose a PIN that is harder to guess.</source>
            <translation>Все цифры одинаковы. Выберите PIN, который труднее угадать.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::QuestionListModel</name>
        <message>
            <source>%1 wants to connect as %2</source>
            <translation>%1 хочет подключиться как %2</translation>
        </message>
        <message>
            <source>check number %1</source>
            <translation>контрольное число %1</translation>
        </message>
        <message>
            <source>its program is not waiting just now</source>
            <translation>программа сейчас не ждёт</translation>
        </message>
        <message>
            <source>Its program is not waiting just now. Your answer is kept for its next try.</source>
            <translation>Программа сейчас не ждёт. Ваш ответ сохранится до её следующей попытки.</translation>
        </message>
        <message>
            <source>The question was closed before your answer came.</source>
            <translation>Вопрос закрылся раньше, чем пришёл ваш ответ.</translation>
        </message>
        <message>
            <source>All projects</source>
            <translation>Все проекты</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ReachChoice</name>
        <message>
            <source>Allow</source>
            <translation>Разрешить</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::StatusStrip</name>
        <message>
            <source>Stop everything</source>
            <translation>Остановить всё</translation>
        </message>
        <message>
            <source>Pause all</source>
            <translation>Приостановить всё</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Возобновить</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ThemeButton</name>
        <message>
            <source>Appearance</source>
            <translation>Оформление</translation>
        </message>
        <message>
            <source>Like the system</source>
            <translation>Как в системе</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Светлое</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Тёмное</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::TokenDialog</name>
        <message>
            <source>Token</source>
            <translation>Токен</translation>
        </message>
        <message>
            <source>I have copied it</source>
            <translation>Скопировано, закрыть</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::Tray</name>
        <message>
            <source>Open Gatehouse</source>
            <translation>Открыть Gatehouse</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Выйти</translation>
        </message>
        <message>
            <source>Gatehouse: %1</source>
            <translation>Gatehouse: %1</translation>
        </message>
        <message>
            <source>Pause all</source>
            <translation>Приостановить всё</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Возобновить</translation>
        </message>
        <message>
            <source>A question waits for your answer</source>
            <translation>Вопрос ждёт вашего ответа</translation>
        </message>
        <message numerus="yes">
            <source>%n question(s) wait for your answer</source>
            <translation>
                <numerusform>%n вопрос ждёт вашего ответа</numerusform>
                <numerusform>%n вопроса ждут вашего ответа</numerusform>
                <numerusform>%n вопросов ждут вашего ответа</numerusform>
            </translation>
        </message>
        <message>
            <source>Gatehouse</source>
            <translation>Gatehouse</translation>
        </message>
        <message>
            <source>A question waits for your answer.</source>
            <translation>Вопрос ждёт вашего ответа.</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::UnsavedDialog</name>
        <message>
            <source>Discard</source>
            <translation>Отменить</translation>
        </message>
        <message>
            <source>Stay</source>
            <translation>Остаться</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Сохранить</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::WindowModels</name>
        <message>
            <source>It stands in the journal, and signing goes on.</source>
            <translation>Это записано в журнал, подписание продолжается.</translation>
        </message>
    </context>
    <context>
        <name>Scripts</name>
        <message>
            <source>Latin</source>
            <translation>латиница</translation>
        </message>
        <message>
            <source>Cyrillic</source>
            <translation>кириллица</translation>
        </message>
        <message>
            <source>Greek</source>
            <translation>греческие</translation>
        </message>
        <message>
            <source>Armenian</source>
            <translation>армянские</translation>
        </message>
        <message>
            <source>Georgian</source>
            <translation>грузинские</translation>
        </message>
        <message>
            <source>Hebrew</source>
            <translation>еврейские</translation>
        </message>
        <message>
            <source>Arabic</source>
            <translation>арабские</translation>
        </message>
        <message>
            <source>Devanagari</source>
            <translation>деванагари</translation>
        </message>
        <message>
            <source>Thai</source>
            <translation>тайские</translation>
        </message>
        <message>
            <source>Hangul</source>
            <translation>хангыль</translation>
        </message>
        <message>
            <source>Han</source>
            <translation>иероглифы</translation>
        </message>
        <message>
            <source>Hiragana</source>
            <translation>хирагана</translation>
        </message>
        <message>
            <source>Katakana</source>
            <translation>катакана</translation>
        </message>
        <message>
            <source>another script</source>
            <translation>другая письменность</translation>
        </message>
    </context>
    <context>
        <name>YesText</name>
        <message>
            <source>%1 may %2 until %3 without asking</source>
            <comment>agent, 'change ENG-42', time</comment>
            <translation>%1 может %2 до %3 без вопроса</translation>
        </message>
        <message>
            <source>%1 may %2 in %3 until %4 without asking, in this turn only</source>
            <comment>agent, 'change issues', project, time</comment>
            <translation>%1 может %2 в %3 до %4 без вопроса, только в этом ходе</translation>
        </message>
        <message>
            <source>%1 may %2 in %3 until %4 without asking</source>
            <comment>agent, 'change issues', project, time</comment>
            <translation>%1 может %2 в %3 до %4 без вопроса</translation>
        </message>
        <message>
            <source>%1 allowed until %2</source>
            <comment>an issue, time</comment>
            <translation>%1 разрешено до %2</translation>
        </message>
        <message>
            <source>One turn allowed until %1</source>
            <translation>Один ход разрешён до %1</translation>
        </message>
        <message>
            <source>Allowed until %1</source>
            <translation>Разрешено до %1</translation>
        </message>
        <message>
            <source>Allowed by your yes of %1</source>
            <translation>Разрешено вашим «да» от %1</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::ReachChoices</name>
        <message>
            <source>How long a yes for a time lasts</source>
            <translation>Сколько действует разрешение на время</translation>
        </message>
        <message>
            <source>A yes for a time lasts</source>
            <translation>Разрешение на время действует</translation>
        </message>
        <message>
            <source>Only this once</source>
            <translation>Только этот раз</translation>
        </message>
    </context>
    <context>
        <name>gatehouse::ui::StandingYesModel</name>
        <message>
            <source>Given %1 to %2</source>
            <comment>when, to which client</comment>
            <translation>Дано %1 клиенту %2</translation>
        </message>
        <message>
            <source>%1 · not used yet</source>
            <translation>%1 · ещё не использовано</translation>
        </message>
        <message>
            <source>%1 · last used %2</source>
            <translation>%1 · последний раз %2</translation>
        </message>
    </context>
</TS>
